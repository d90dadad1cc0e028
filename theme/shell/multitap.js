// Writing with twelve keys: a key writes its digit, pressed again its letters one after the other; after a rest it writes anew.

export const REST = 1100 // milliseconds

const LATIN = {
  0: "0 ", 1: "1-.?@/", 2: "2abc", 3: "3def", 4: "4ghi", 5: "5jkl", 6: "6mno", 7: "7pqrs", 8: "8tuv", 9: "9wxyz",
}
const OWN = {
  de: { 2: "ä", 6: "ö", 7: "ß", 8: "ü" },
  es: { 2: "á", 3: "é", 4: "í", 6: "ñó", 8: "úü" },
  fr: { 2: "àâç", 3: "éèêë", 4: "îï", 6: "ôœ", 8: "ùûü" },
  it: { 2: "à", 3: "èé", 4: "ì", 6: "ò", 8: "ù" },
  pt: { 2: "áâãàç", 3: "éê", 4: "í", 6: "óôõ", 8: "úü" },
  nl: { 3: "éë", 4: "ï" },
}
// As on telephones with Arabic keys (ETSI ES 202 130).
const ARABIC = {
  0: "0 ", 1: "1-.؟@/", 2: "2بتةث", 3: "3اأإآءئؤ", 4: "4سشصض", 5: "5دذرز", 6: "6جحخ", 7: "7نهويى", 8: "8فقكلم", 9: "9طظعغ",
}

export function lettersOf(lang, key) {
  const base = lang.split("-")[0]
  return base === "ar" ? ARABIC[key] : LATIN[key] + (OWN[base]?.[key] ?? "")
}

/** Which key writes a letter, or the digit itself; nothing for a character without a key. */
export function keyOf(lang, letter) {
  const plain = letter.toLowerCase()
  return "0123456789".split("").find((key) => lettersOf(lang, key).includes(plain))
}

/** One text that is being written; `press` gives the text after a key, at a time in milliseconds. */
export class MultiTap {
  constructor(lang, text = "") {
    this.lang = lang
    this.text = text
    this.last = null
  }

  press(key, at) {
    const letters = [...lettersOf(this.lang, key)]
    const again = this.last && this.last.key === key && at - this.last.at < REST
    const turn = again ? (this.last.turn + 1) % letters.length : 0
    this.text = (again ? [...this.text].slice(0, -1).join("") : this.text) + letters[turn]
    this.last = { key, at, turn }
    return letters[turn]
  }

  erase() {
    const gone = [...this.text].at(-1) ?? ""
    this.text = [...this.text].slice(0, -1).join("")
    this.last = null
    return gone
  }

  /** Puts a whole word in the place of the one that is being written. */
  take(word) {
    this.text = this.text.replace(/\S*$/, "") + word
    this.last = null
  }

  get word() {
    return /\S*$/.exec(this.text)[0]
  }
}
