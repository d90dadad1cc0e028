// Search without a server: the same analysis and ranking as the Python package, over the files that it exported.
// Every number and word list comes with the data. Every sum runs in the same order as there, so that the scores are equal.

const FORMAT = 4; // of search_index/schema.py and analysis.py: other data would be read wrongly
const ANALYSIS = 3;
const RUN = /[\p{L}\p{N}\p{Mn}\p{Cf}]+/gu;
// Chinese and Japanese have no spaces: their runs are cut into pairs of letters, each with the next.
const SPACELESS = /[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\u{20000}-\u{2fa1f}]/u;
const PIECES = /[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\u{20000}-\u{2fa1f}]+|[^\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\u{20000}-\u{2fa1f}]+/gu;
const WORD = /[\p{L}\p{N}]+/gu;
const INVISIBLE = /[\p{Mn}\p{Cf}]+/gu;
const RESPELT = /[ß\u0640\u0660-\u0669\u06f0-\u06f9]/gu;
const ASCII = /^[\x00-\x7f]*$/;
const DIGIT = /[0-9]/;
const LETTERS_ONLY = /^\p{L}{1,4}$/u;
const ALPHABETIC = /^\p{L}+$/u;
const DIGITS_ONLY = /^[0-9]+$/;
const AT_START = "^";
const JOINERS = "-_./+";
const SENTENCE_END = /[.!?؟…]["'”’»)\]]*[ \n]|。|[^:：]\n/;
const SHORT_FORM = /^(?:\p{L}|[0-9]{1,2})\. /u;
const NO_OPENING = /^[\p{Ll}\p{Nd}]/u;
const CLAUSE = /[,;:،؛–—]/;
const MAX_CACHE = 20000;

// ---- analysis -------------------------------------------------------------------------------------------------------

export function fold(text) {
  if (ASCII.test(text)) return text.toLowerCase();
  return text.normalize("NFKD").toLowerCase().normalize("NFKD").replace(INVISIBLE, "").replace(RESPELT, respelt);
}

// The Arabic stroke that only makes a word longer goes; Arabic and Persian digits become 0-9.
function respelt(letter) {
  if (letter === "ß") return "ss";
  return letter === "\u0640" ? "" : String(letter.charCodeAt(0) & 15);
}

// Python counts whole characters where JavaScript counts halves of rare ones.
function letters(word) {
  return /[\ud800-\udfff]/.test(word) ? Array.from(word) : word;
}

function cut(word, length) {
  const all = letters(word);
  return all.length <= length ? word : Array.from(all).slice(0, length).join("");
}

// Says whether a text has nothing but spaces, as either runtime knows them.
function isBlank(text) {
  return !/[^\s\x85]/.test(text);
}

export function clean(text) {
  let result = "";
  for (const c of text) {
    const code = c.codePointAt(0);
    if (code >= 0xd800 && code <= 0xdfff) continue;
    result += code < 32 || code === 127 ? " " : c;
  }
  return result;
}

const foldings = new Map();

function foldedWords(run, longest) {
  let words = foldings.get(run);
  if (!words) {
    words = (fold(run).match(WORD) || []).map((word) => cut(word, longest));
    if (foldings.size > MAX_CACHE) foldings.clear();
    foldings.set(run, words);
  }
  return words;
}

function runs(text, limits) {
  const found = [];
  for (const match of text.matchAll(RUN)) {
    const pieces = SPACELESS.test(match[0]) ? spacelessPieces(match[0]) : [[0, match[0]]];
    for (const [at, piece] of pieces) {
      const start = match.index + at;
      found.push({ start, end: start + piece.length, words: foldedWords(piece, limits.word_letters) });
    }
  }
  return found;
}

// [place, text] of the words of a run: pairs of letters where no spaces are written.
function spacelessPieces(run) {
  const found = [];
  for (const match of run.matchAll(PIECES)) {
    const all = Array.from(match[0]);
    if (all.length < 2 || !SPACELESS.test(match[0])) {
      found.push([match.index, match[0]]);
      continue;
    }
    let at = match.index;
    for (let index = 0; index + 1 < all.length; index += 1) {
      found.push([at, all[index] + all[index + 1]]);
      at += all[index].length;
    }
  }
  return found;
}

function chainEnd(text, found, first) {
  let last = first + 1;
  while (last < found.length && found[last].start === found[last - 1].end + 1 && JOINERS.includes(text[found[last - 1].end])) last += 1;
  return last;
}

function glued(text, found, index, stop, limits) {
  if (index === 0 || found[index].start !== found[index - 1].end + 1 || text[found[index].start - 1] !== " ") return "";
  const before = found[index - 1];
  const digits = found[index];
  if (before.words.length !== 1 || digits.words.length !== 1) return "";
  const word = before.words[0];
  if (!LETTERS_ONLY.test(word) || !DIGITS_ONLY.test(digits.words[0])) return "";
  if (stop && stop.has(word) && text.slice(before.start, before.end) === word) return "";
  return cut(word + digits.words[0], limits.word_letters);
}

export function tokens(text, stop, limits) {
  const found = runs(text, limits);
  const result = [];
  let index = 0;
  while (index < found.length) {
    const last = chainEnd(text, found, index);
    const chain = found.slice(index, last);
    const numbered = chain.length > 1 && chain.some((run) => run.words.some((word) => DIGIT.test(word)));
    const hyphenated = chain.length <= limits.hyphen_parts && chain.slice(0, -1).every((run) => text[run.end] === "-");
    for (const run of found.slice(index, last)) {
      for (const word of run.words) result.push({ word, start: run.start, end: run.end, part: numbered, whole: false });
    }
    const start = found[index].start;
    const end = found[last - 1].end;
    if (chain.length > 1) {
      const whole = chain.map((run) => run.words.join("")).join("");
      if ((numbered ? chain.length <= limits.chain_parts : hyphenated) && letters(whole).length <= limits.word_letters) {
        result.push({ word: whole, start, end, part: false, whole: true });
      }
    } else {
      const whole = glued(text, found, index, stop, limits);
      if (whole) result.push({ word: whole, start: found[index - 1].start, end, part: false, whole: true });
    }
    index = last;
  }
  return result;
}

function isNumber(word) {
  return DIGIT.test(word) && (letters(word).length > 2 || !/^\p{Nd}+$/u.test(word));
}

// ---- words ----------------------------------------------------------------------------------------------------------

// Thrown where a word would have to be looked up in files that are not here yet: they are loaded, and it is asked again.
class NotLoaded extends Error {
  constructor(shards) {
    super("not loaded yet");
    this.shards = shards;
  }
}

// A file of the export: words from its first to the next file's first.
class WordShard {
  constructor({ words, frequencies, stems, roots, no_roots: noRoots, compounds, forms }) {
    this.words = words;
    this.stemOf = new Map(words.map((word, n) => [word, stems[n] === 0 ? word : stems[n]]));
    this.frequencies = new Map(words.map((word, n) => [word, frequencies[n]]));
    this.stems = new Set([...roots, ...words.filter((word, n) => stems[n] === 0)]);
    for (const word of noRoots) this.stems.delete(word);
    this.compounds = compounds;
    this.forms = forms;
    this.buckets = null;
  }

  bucket(place, letter, length) {
    if (!this.buckets) {
      this.buckets = new Map();
      for (const word of this.words) {
        const all = letters(word);
        for (const where of [0, 1]) {
          if (where >= all.length) continue;
          const key = `${where}${all[where]}${all.length}`;
          if (!this.buckets.has(key)) this.buckets.set(key, []);
          this.buckets.get(key).push(word);
        }
      }
    }
    return this.buckets.get(`${place}${letter}${length}`) || [];
  }
}

class Words {
  constructor(manifest, shards) {
    this.limits = manifest.settings;
    this.shards = shards;
    this.loaded = new Map();
    this.stop = new Set(manifest.stop);
    this.endings = manifest.endings;
    this.common = new Set(manifest.common);
    this.joints = manifest.joints;
    this.same = new Map();
    this.noteSynonyms(manifest.synonyms);
    this.said = new Map(Object.entries(manifest.said));
    this.saidStems = new Set([...this.same.keys()].flatMap((term) => term.split(" ")));
    this.respell = manifest.respell;
  }

  // The shards from that of one key to that of another. Throws NotLoaded.
  between(first, last) {
    const found = [];
    const missing = [];
    for (let number = this.shards.indexOf(first); number <= this.shards.indexOf(last) && number < this.shards.length; number += 1) {
      if (this.loaded.has(number)) found.push(this.loaded.get(number));
      else missing.push(number);
    }
    if (missing.length) throw new NotLoaded(missing);
    return found;
  }

  at(key) {
    return this.between(key, key)[0];
  }

  async load(numbers) {
    await Promise.all(numbers.map(async (number) => {
      if (!this.loaded.has(number)) this.loaded.set(number, new WordShard(await this.shards.file(number)));
    }));
  }

  /** Call `look` until all the words that it looks up are here. */
  async whenLoaded(keys, look) {
    await this.load([...new Set(keys.map((key) => this.shards.indexOf(key)))].filter((number) => number < this.shards.length));
    for (;;) {
      try {
        return look();
      } catch (error) {
        if (!(error instanceof NotLoaded)) throw error;
        await this.load(error.shards);
      }
    }
  }

  isKnown(word) {
    return this.stemOf(word) !== undefined;
  }

  stemOf(word) {
    return this.at(word)?.stemOf.get(word);
  }

  isStem(stem) {
    return Boolean(this.at(stem)?.stems.has(stem));
  }

  spelling(word) {
    const { forms } = this.at(word);
    return Object.hasOwn(forms, word) ? forms[word] : word;
  }

  // Term, its stems with spaces between -> the stems that may stand for it, with their weights.
  noteSynonyms(groups) {
    for (const group of groups) {
      for (const term of group) {
        const name = term.join(" ");
        if (!this.same.has(name)) this.same.set(name, new Map());
        for (const other of group) {
          if (other.join(" ") === name) continue;
          const weight = other.length === 1 ? this.limits.synonym_weight : this.limits.synonym_part_weight;
          for (const stem of other) raise(this.same.get(name), stem, weight);
        }
      }
    }
  }

  isPart(word) {
    return !this.stop.has(word) && this.isKnown(word);
  }

  // The two known words that make up a word, the longest second one first.
  split(word) {
    const least = this.limits.part_letters;
    if (!ALPHABETIC.test(word)) return null;
    for (let at = least; at <= word.length - least; at += 1) {
      if (!this.isPart(word.slice(at))) continue;
      for (const joint of this.joints.length ? this.joints : [""]) {
        const head = word.slice(0, Math.max(0, at - joint.length));
        if (head.length >= least && word.slice(0, at).endsWith(joint) && this.isPart(head)) return [head, word.slice(at)];
      }
    }
    return null;
  }

  // The stems of the words that end in a word of this stem: "patrone" gives those of "druckerpatrone".
  compounds(stem) {
    if (!this.joints.length) return [];
    const { compounds } = this.at(stem);
    return Object.hasOwn(compounds, stem) ? compounds[stem] : [];
  }

  // The known parts of an unknown word, each with its weight.
  parts(word) {
    const { part_letters: least, part_weight: weight, lone_part_weight: lone } = this.limits;
    const whole = this.split(word);
    if (whole) return whole.map((part) => [part, weight]);
    if (!this.joints.length) return [];
    const known = (part) => this.isPart(part) && !DIGIT.test(part);
    for (let at = least - 1; at <= word.length - least; at += 1) if (known(word.slice(at))) return [[word.slice(at), lone]];
    for (let at = word.length - 2; at > least; at -= 1) if (known(word.slice(0, at))) return [[word.slice(0, at), lone]];
    return [];
  }

  // The stems that begin as this one does, and mostly mean something near: "sell" and "seller".
  family(stem) {
    const { family_letters: least, family_share: share, expansions } = this.limits;
    const { length } = letters(stem);
    if (!ALPHABETIC.test(stem) || length < least) return [];
    const start = cut(stem, Math.max(least, Math.ceil(share * length)));
    const alike = this.between(start, `${start}\uffff`).flatMap((shard) => [...shard.stems].filter((root) => root.startsWith(start)));
    return alike.filter((root) => root !== stem && ALPHABETIC.test(root) && akin(stem, root, this.limits)).sort(byUnits).slice(0, expansions);
  }

  startingWith(prefix) {
    return this.between(prefix, `${prefix}\uffff`).flatMap((shard) => shard.words.filter((word) => word.startsWith(prefix)));
  }

  // The words of a length that have this letter in first (0) or second (1) place.
  bucket(place, letter, length) {
    const shards = place ? this.between("", "\uffff") : this.between(letter, `${letter}\uffff`);
    return shards.flatMap((shard) => shard.bucket(place, letter, length));
  }

  frequency(word) {
    return this.at(word).frequencies.get(word);
  }

  // The most frequent first, then the order of the list.
  frequent(words) {
    const counted = words.map((word) => [word, this.frequency(word)]);
    counted.sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1));
    return counted.slice(0, this.limits.expansions).map(([word]) => word);
  }

  // The stem that a word belongs to, of those that `isStem` knows; or null.
  kin(word, isStem) {
    for (const form of this.spellings(word)) {
      if (isStem(form)) return form;
      const found = this.stripped(form, isStem);
      if (found) return found;
    }
    return null;
  }

  spellings(word) {
    const forms = [word];
    let other = word;
    for (const [typed, folded] of this.respell) {
      const start = typed.slice(1);
      if (!typed.startsWith(AT_START)) other = other.replaceAll(typed, folded);
      else if (word.startsWith(start) && letters(word).length - start.length >= this.limits.least_stem) forms.push(folded + word.slice(start.length));
    }
    return other === word ? forms : [...forms, other];
  }

  stripped(word, isStem) {
    const whole = letters(word).length;
    let forms = [word];
    for (let round = 0; round < this.limits.strip_rounds; round += 1) {
      const shorter = [];
      for (const form of forms) {
        for (const [ending, instead] of this.endings) {
          if (!form.endsWith(ending)) continue;
          const left = form.slice(0, form.length - ending.length) + instead;
          const length = letters(left).length;
          if (length < this.limits.least_stem || 2 * length < whole) continue;
          if (isStem(left)) return left;
          if (left.at(-1) === left.at(-2) && isStem(left.slice(0, -1))) return left.slice(0, -1);
          shorter.push(left);
        }
      }
      forms = shorter;
    }
    return null;
  }
}

function byUnits(one, other) {
  return one < other ? -1 : Number(one > other);
}

// Whether two stems begin enough alike to be of one family.
function akin(one, other, limits) {
  const [a, b] = [letters(one), letters(other)];
  const [least, most] = [Math.min(a.length, b.length), Math.max(a.length, b.length)];
  let same = 0;
  while (same < least && a[same] === b[same]) same += 1;
  return same >= (same === least ? limits.family_letters : limits.family_apart) && same >= limits.family_share * most;
}

export function oneSlip(one, other) {
  let typed = letters(one);
  let meant = letters(other);
  if (typed.length > meant.length) [typed, meant] = [meant, typed];
  const same = (a, b) => a.length === b.length && (typeof a === typeof b ? String(a) === String(b) : Array.from(a).join() === Array.from(b).join());
  let at = 0;
  while (at < typed.length && typed[at] === meant[at]) at += 1;
  if (typed.length < meant.length) return same(typed.slice(at), meant.slice(at + 1));
  if (same(typed.slice(at + 1), meant.slice(at + 1))) return one !== other;
  return typed[at] === meant[at + 1] && typed[at + 1] === meant[at] && same(typed.slice(at + 2), meant.slice(at + 2));
}

// Whether two slips, or fewer, lead from one word to the other; a swap of neighbours is one.
export function twoSlips(one, other) {
  const typed = letters(one);
  const meant = letters(other);
  const kinds = new Set(typed);
  const others = new Set(meant);
  if ([...kinds].filter((letter) => !others.has(letter)).length + [...others].filter((letter) => !kinds.has(letter)).length > 4) return false;
  let before = [];
  let row = Array.from({ length: meant.length + 1 }, (_, n) => n);
  for (let i = 0; i < typed.length; i += 1) {
    const following = [i + 1];
    for (let j = 0; j < meant.length; j += 1) {
      let slips = Math.min(row[j + 1] + 1, following[j] + 1, row[j] + (typed[i] === meant[j] ? 0 : 1));
      if (i && j && typed[i] === meant[j - 1] && typed[i - 1] === meant[j]) slips = Math.min(slips, before[j - 1] + 1);
      following.push(slips);
    }
    [before, row] = [row, following];
  }
  return row.at(-1) <= 2;
}

// ---- query ----------------------------------------------------------------------------------------------------------

function understand(text, words) {
  const limits = words.limits;
  const cleaned = cut(clean(text), limits.query_characters);
  const found = tokens(cleaned, null, limits);
  let kept = found.filter((token) => !words.stop.has(token.word));
  if (!kept.length) kept = found;
  kept = kept.slice(0, limits.query_words);
  return words.whenLoaded(kept.map((token) => token.word), () => meaning(cleaned, kept, words));
}

function meaning(text, kept, words) {
  const limits = words.limits;
  const query = { text, groups: [], numbers: [], onlyNumbers: false };
  let unknown = 0;
  const meant = synonyms(kept, words);
  for (const [place, token] of kept.entries()) {
    const known = words.isKnown(token.word);
    if (!known) {
      unknown += 1;
      if (unknown > limits.unknown_words) continue;
    }
    if (meant.has(place) && !known) {
      const { word, start, end } = token;
      addGroup(query.groups, { word, stems: meant.get(place), start, end, corrected: "", common: false });
      continue;
    }
    for (const group of makeGroups(token, words, known, token.end === query.text.length)) {
      for (const [stem, weight] of meant.get(place) || []) if (!group.stems.has(stem)) group.stems.set(stem, weight);
      addGroup(query.groups, group);
    }
  }
  noteNumbers(query, kept, words);
  return query;
}

// For places among the words of a query, the stems that writers say mean the same; the longest term counts.
function synonyms(kept, words) {
  const found = new Map();
  if (!words.same.size) return found;
  const stems = kept.map(({ word }) => (
    words.stemOf(word) ?? words.said.get(word) ?? words.kin(word, (stem) => words.saidStems.has(stem)) ?? word
  ));
  for (let at = 0; at < stems.length;) {
    let length = Math.min(words.limits.synonym_words, stems.length - at);
    while (length && !words.same.has(stems.slice(at, at + length).join(" "))) length -= 1;
    if (length) {
      const held = [...words.same.get(stems.slice(at, at + length).join(" "))].filter(([stem]) => words.isStem(stem));
      if (held.length) found.set(at, new Map(held));
    }
    at += length || 1;
  }
  return found;
}

function raise(stems, stem, weight) {
  stems.set(stem, Math.max(weight, stems.get(stem) || 0));
}

function addGroup(groups, fresh) {
  const first = fresh.stems.keys().next().value;
  for (const group of groups) {
    if (group.stems.keys().next().value === first) {
      for (const [stem, weight] of fresh.stems) raise(group.stems, stem, weight);
      group.common &&= fresh.common;
      return;
    }
  }
  groups.push(fresh);
}

// The group of a word; those of its parts where the word itself leads nowhere; or none.
function makeGroups(token, words, known, isOpen) {
  const group = makeGroup(token, words, known, isOpen);
  if (group.stems.size) return [group];
  if (token.whole || DIGIT.test(token.word) || group.common) return [];
  const { start, end } = token;
  return words.parts(token.word).map(([word, weight]) => (
    { word, stems: new Map([[words.stemOf(word), weight]]), start, end, corrected: "", common: false }
  ));
}

function makeGroup(token, words, known, isOpen) {
  const { word } = token;
  const limits = words.limits;
  const group = { word, stems: new Map(), start: token.start, end: token.end, corrected: "", common: words.common.has(word) };
  const digits = DIGIT.test(word);
  const length = letters(word).length;
  if (known) {
    group.stems.set(words.stemOf(word), 1);
  } else if (!digits) {
    const relative = words.kin(word, (stem) => words.isStem(stem));
    if (relative !== null) group.stems.set(relative, 1);
  }
  const also = (stem, weight) => group.stems.has(stem) || group.stems.set(stem, weight);
  for (const own of [...group.stems.keys()]) {
    for (const stem of words.compounds(own).slice(0, limits.expansions)) also(stem, limits.compound_weight);
    for (const stem of words.family(own)) also(stem, limits.family_weight);
  }
  if (group.common) for (const [stem, weight] of group.stems) group.stems.set(stem, weight * limits.common);
  if (isOpen && !words.stop.has(word) && length >= limits.prefix_letters) {
    const longer = words.startingWith(word).filter((one) => one !== word && !words.stop.has(one));
    const weight = known ? limits.prefix_known : limits.prefix_unknown;
    for (const one of words.frequent(longer)) raise(group.stems, words.stemOf(one), weight);
  }
  const mistyped = !group.stems.size && !token.whole && !group.common;
  if (mistyped && length >= limits.typo_letters && !digits) correct(group, words);
  return group;
}

function correct(group, words) {
  const { typo_weight: weight, typo_two_weight: lower, typo_two_letters: least } = words.limits;
  const near = corrections(group.word, words);
  if (near.length) takeCorrections(group, near, weight, words);
  else if (letters(group.word).length >= least && !words.split(group.word)) {
    takeCorrections(group, distantCorrections(group.word, words), lower, words);
  }
}

// Known words that are one slip of the finger away.
function corrections(typed, words) {
  const all = letters(typed);
  const places = all.length >= words.limits.typo_any_first ? [1, 0] : [0];
  const near = [-1, 0, 1].flatMap((more) => places.flatMap((place) => words.bucket(place, all[place], all.length + more)));
  return [...new Set(near)].filter((word) => mayBeMeant(word, words) && oneSlip(typed, word));
}

// Known words that are two slips away; the first letter is taken to be right.
function distantCorrections(typed, words) {
  const all = letters(typed);
  const near = [-2, -1, 0, 1, 2].flatMap((more) => words.bucket(0, all[0], all.length + more));
  return near.filter((word) => mayBeMeant(word, words) && twoSlips(typed, word));
}

function mayBeMeant(word, words) {
  return !words.stop.has(word) && !DIGIT.test(word);
}

function takeCorrections(group, near, weight, words) {
  const candidates = words.frequent(near);
  if (!candidates.length) return;
  const most = words.frequency(candidates[0]);
  group.corrected = candidates[0];
  for (const word of candidates) raise(group.stems, words.stemOf(word), weight * (0.5 + (0.5 * words.frequency(word)) / most));
}

function noteNumbers(query, kept, words) {
  const inside = kept.filter((token) => token.whole && DIGIT.test(token.word) && words.isKnown(token.word));
  let rest = 0;
  for (const token of kept) {
    const covered = !token.whole && inside.some((whole) => whole.start <= token.start && token.end <= whole.end);
    if (isNumber(token.word) && !token.part && !covered) query.numbers.push(token.word);
    else if (!covered && !token.part && !token.whole) rest += 1;
  }
  query.onlyNumbers = query.numbers.length > 0 && rest === 0;
}

function correctedText(query, words) {
  let text = "";
  let at = 0;
  for (const group of [...query.groups].sort((a, b) => a.start - b.start)) {
    if (group.corrected && group.start >= at) {
      text += query.text.slice(at, group.start) + words.spelling(group.corrected);
      at = group.end;
    }
  }
  return (text + query.text.slice(at)).trim();
}

// ---- ranking --------------------------------------------------------------------------------------------------------

export function rounded(value, digits = 9) {
  const scale = 10 ** digits;
  return Math.floor(value * scale + 0.5) / scale;
}

// How much a site's titles are sentences, from 0 to 1: by their mean length, of pages that have words of their own.
function sentenceShare(s, lengths) {
  const text = s.fields.findIndex(([name]) => name === "text");
  const own = lengths.filter((all) => all[text]);
  const average = own.length ? own.reduce((sum, all) => sum + all[0], 0) / own.length : 0;
  return Math.min(1, Math.max(0, (average - s.sentence_from) / (s.sentence_to - s.sentence_from)));
}

class Ranker {
  constructor(manifest, documents) {
    this.s = manifest.settings;
    this.count = manifest.count;
    this.documents = documents;
    this.averages = manifest.totals.map((total) => (total ? total / this.count : 1));
    const sentences = sentenceShare(this.s, documents.lengths);
    this.titleTerm = this.s.title_term + (this.s.sentence_title_term - this.s.title_term) * sentences;
    this.phrase = this.s.phrase + (this.s.sentence_phrase - this.s.phrase) * sentences;
    this.coverage = this.s.coverage + (this.s.sentence_coverage - this.s.coverage) * sentences;
    this.b = this.s.fields.map(([name, , b]) => (name === "text" ? b + (this.s.sentence_b - b) * sentences : b));
    this.impacts = new Map();
    this.exact = new Map();
    this.titled = new Map();
  }

  // `row` is what the export holds of a part number or code: documents by model, by code and by title.
  takeNumber(name, [models = [], codes = [], titles = []]) {
    this.exact.set(name, [...models.map((number) => [number, 1]), ...codes.map((number) => [number, this.s.code_weight])]);
    this.titled.set(name, titles);
  }

  idf(count) {
    return rounded(Math.log(1 + (this.count - count + 0.5) / (count + 0.5)), 6);
  }

  saturated(times) {
    return (times * (this.s.k1 + 1)) / (times + this.s.k1);
  }

  // `row` is what the export holds of a stem: per field [document steps, times], then places, aliases and words.
  take(stem, row) {
    const { s, documents } = this;
    const counts = new Map();
    const places = new Map();
    const phrases = new Map();
    const note = (map, postings, steps) => postings.forEach(([document], n) => {
      let place = 0;
      map.set(document, ((steps || [])[n] || []).map((step) => (place += step)));
    });
    let titles = [];
    s.fields.forEach(([name, weight], index) => {
      const b = this.b[index];
      const column = row[index];
      if (!column) return;
      let number = 0;
      const postings = column[0].map((step, n) => [(number += step), column[1][n]]);
      if (name === "title") titles = postings;
      if (name === "text") note(places, postings, row[s.fields.length]);
      if (name === "aliases") note(phrases, postings, row[s.fields.length + 1]);
      for (const [document, times] of postings) {
        const norm = 1 - b + (b * documents.lengths[document][index]) / this.averages[index];
        counts.set(document, (counts.get(document) || 0) + (weight * times) / norm);
      }
    });
    const common = this.idf(counts.size);
    const inTitles = this.idf(titles.length);
    const body = new Map();
    for (const [document, times] of counts) body.set(document, common * this.saturated(times));
    const title = new Map();
    for (const [document, times] of titles) {
      const norm = s.title_k1 * (1 - s.title_b + (s.title_b * documents.lengths[document][0]) / this.averages[0]);
      title.set(document, (inTitles * times * (s.title_k1 + 1)) / (times + norm));
    }
    const spelt = row[s.fields.length + 2] || [0];
    this.impacts.set(stem, { idf: common, body, title, places, phrases, words: spelt.map((word) => word || stem) });
  }

  // The best pages of a product and stage; what could be chosen is counted over the best of all.
  find(query, product, stage, limit) {
    const exact = this.exactNumbers(query);
    let hits = this.sums(query.groups, exact);
    const known = new Set(hits.map((hit) => hit.number));
    for (const [number, value] of exact) if (!known.has(number)) hits.push({ number, exact: value, score: 0, share: 0 });
    const order = (a, b) => b.exact - a.exact || b.score - a.score || a.number - b.number;
    const most = Math.max(limit, this.s.passage_documents);
    const { product: products, stage: stages } = this.documents;
    const found = { products: new Map(), stages: new Map() };
    const count = (map, name) => map.set(name, (map.get(name) || 0) + 1);
    for (const { number } of hits.sort(order).slice(0, most)) {
      for (const name of namesIn(products[number])) count(found.products, name);
      if (stages[number]) count(found.stages, stages[number]);
    }
    if (product) hits = hits.filter((hit) => namesIn(products[hit.number]).includes(product));
    if (stage) hits = hits.filter((hit) => stages[hit.number] === stage);
    const best = hits.slice(0, most);
    for (const hit of best) {
      const extra = this.s.passage * this.bestWindow(hit.number, query.groups) + this.phrase * this.bestPhrase(hit.number, query.groups);
      hit.score = rounded(hit.score + extra);
    }
    return { ...found, hits: best.sort(order).slice(0, limit) };
  }

  sums(groups, exact) {
    const base = new Map();
    const covered = new Map();
    const titled = new Map();
    const titleCovered = new Map();
    const titleWords = new Map();
    const add = (map, key, value) => map.set(key, (map.get(key) || 0) + value);
    let whole = 0;
    for (const group of groups) {
      const impacts = [...group.stems].map(([stem, weight]) => [weight, this.impacts.get(stem)]);
      let importance = 0;
      for (const [weight, impact] of impacts) if (impact.body.size) importance = Math.max(importance, weight * impact.idf);
      whole += importance;
      for (const [number, value] of bestOf(impacts, "body")) {
        add(base, number, value);
        add(covered, number, importance);
      }
      for (const [number, value] of bestOf(impacts, "title")) {
        add(titled, number, value);
        add(titleCovered, number, importance);
        add(titleWords, number, group.common ? 0 : 1);
      }
    }
    const result = [];
    for (const [number, value] of base) {
      const share = whole ? covered.get(number) / whole : 0;
      let score = value * (1 + this.coverage * share * share * share);
      if (titled.has(number)) {
        const lone = titleWords.get(number) < 2 ? this.s.title_lone : 1;
        const inTitle = whole ? titleCovered.get(number) / whole : 0;
        const fits = this.s.title_share + (1 - this.s.title_share) * inTitle;
        score += this.titleTerm * titled.get(number) * lone * fits;
      }
      result.push({ number, exact: exact.get(number) || 0, score, share });
    }
    return result;
  }

  exactNumbers(query) {
    const exact = new Map();
    const add = (number, value) => exact.set(number, (exact.get(number) || 0) + value);
    for (const name of query.numbers) for (const [number, weight] of this.exact.get(name) || []) add(number, 2 * weight);
    if (!query.onlyNumbers) return exact;
    const declared = new Set(exact.keys());
    for (const name of query.numbers) {
      for (const number of this.titled.get(name) || []) if (!declared.has(number)) add(number, 2);
    }
    for (const number of exact.keys()) if (this.documents.type[number] === "product") add(number, 1);
    return exact;
  }

  windowSums(number, groups, windowsOf) {
    const sums = new Map();
    for (const group of groups) {
      const best = new Map();
      for (const [stem, weight] of group.stems) {
        const impact = this.impacts.get(stem);
        const times = new Map();
        for (const place of impact.places.get(number) || []) {
          const [first, last] = windowsOf(place);
          for (let window = first; window <= last; window += 1) times.set(window, (times.get(window) || 0) + 1);
        }
        for (const [window, count] of times) {
          best.set(window, Math.max(best.get(window) || 0, weight * impact.idf * this.saturated(count)));
        }
      }
      for (const [window, value] of best) sums.set(window, (sums.get(window) || 0) + value);
    }
    return sums;
  }

  bestWindow(number, groups) {
    const { window, step } = this.s;
    const lengths = this.documents.lengths[number];
    const last = Math.max(1, Math.ceil((lengths[lengths.length - 1] - (window - step)) / step)) - 1;
    const windowsOf = (place) => [Math.max(0, Math.ceil((place - window + 1) / step)), Math.min(Math.floor(place / step), last)];
    return Math.max(0, ...this.windowSums(number, groups, windowsOf).values());
  }

  // How much of the question stands in one alias, less where the alias asks for more than that.
  bestPhrase(number, groups) {
    const sums = new Map();
    const words = new Map();
    for (const group of groups) {
      const best = new Map();
      for (const [stem, weight] of group.stems) {
        const impact = this.impacts.get(stem);
        for (const phrase of impact.phrases.get(number) || []) best.set(phrase, Math.max(best.get(phrase) || 0, weight * impact.idf));
      }
      for (const [phrase, value] of best) {
        sums.set(phrase, (sums.get(phrase) || 0) + value);
        words.set(phrase, (words.get(phrase) || 0) + 1);
      }
    }
    const lengths = this.documents.phrase_lengths[number];
    return Math.max(0, ...[...sums].map(([phrase, value]) => value * Math.sqrt(Math.min(1, words.get(phrase) / lengths[phrase]))));
  }

  bestSection(number, groups, starts) {
    const within = (place) => {
      const section = sectionOf(starts, place);
      return [section, section];
    };
    let chosen = 0;
    let most = 0;
    for (const [section, value] of [...this.windowSums(number, groups, within)].sort((a, b) => a[0] - b[0])) {
      if (value > most) [chosen, most] = [section, value];
    }
    return chosen;
  }

  // Whether a section has words of the query that are worth more than those of the title and all before the first heading.
  outdoesTop(number, groups, section, { starts, sections }) {
    let here = 0;
    let above = 0;
    for (const group of groups) {
      let bestHere = 0;
      let bestAbove = 0;
      for (const [stem, weight] of group.stems) {
        const impact = this.impacts.get(stem);
        const holding = (impact.places.get(number) || []).map((place) => sectionOf(starts, place));
        if (holding.includes(section)) bestHere = Math.max(bestHere, weight * impact.idf);
        const inTop = impact.title.has(number) || holding.some((index) => !sections[index][1]);
        if (inTop) bestAbove = Math.max(bestAbove, weight * impact.idf);
      }
      here += bestHere;
      above += bestAbove;
    }
    return here > above;
  }
}

function sectionOf(starts, place) {
  let section = starts.length - 1;
  while (section > 0 && starts[section] > place) section -= 1;
  return section;
}

function namesIn(text) {
  return text.split(/\s+/).filter(Boolean);
}

function bestOf(impacts, kind) {
  const result = new Map();
  for (const [weight, impact] of impacts) {
    for (const [number, value] of impact[kind]) {
      if (weight * value > (result.get(number) || 0)) result.set(number, weight * value);
    }
  }
  return result;
}

// ---- passages -------------------------------------------------------------------------------------------------------

// `stems` has the stem of every word that can be marked, `worth` what each stem is worth.
function passage(text, worth, stems, { stop, limits }) {
  const starts = runs(text, limits).map((run) => run.start);
  if (!starts.length) return text ? [{ text, mark: false }] : [];
  const matched = tokens(text, stop, limits).filter((token) => stems.has(token.word));
  const ends = sentenceEnds(text, starts);
  const hits = matched.map((token) => ({ start: token.start, stem: stems.get(token.word) }));
  const [first, last] = span(text, starts, [...ends.keys()], hits, worth, limits);
  const begin = ends.has(first) ? ends.get(first) : starts[first];
  const end = ends.has(last) ? ends.get(last) : starts[last];
  const marks = marked(text, begin, text.slice(0, end).trimEnd().length, matched);
  if (!ends.has(first)) marks.unshift({ text: "…", mark: false });
  if (!ends.has(last)) marks.push({ text: "…", mark: false });
  return joined(marks);
}

// The runs that begin a sentence or line, and where in the text, in order; the run after the last is one of them.
function sentenceEnds(text, starts) {
  const ends = new Map([[0, 0]]);
  for (let index = 1; index < starts.length; index += 1) {
    const between = text.slice(starts[index - 1], starts[index]);
    const found = SENTENCE_END.exec(between);
    if (!found) continue;
    const opens = !NO_OPENING.test(text.slice(starts[index], starts[index] + 2)) && !SHORT_FORM.test(between);
    if (between.includes("\n") || opens) ends.set(index, starts[index - 1] + found.index + found[0].length);
  }
  return ends.set(starts.length, text.length);
}

function span(text, starts, ends, matched, worth, limits) {
  const indexOf = new Map(starts.map((start, index) => [start, index]));
  const hits = matched.map(({ start, stem }) => [indexOf.get(start), stem]);
  let most = 0;
  let best = sentences(text, starts, ends, 0, limits);
  for (const [hit] of hits) {
    const [first, last] = sentences(text, starts, ends, hit, limits);
    const stems = new Set(hits.filter(([index]) => first <= index && index < last).map(([, stem]) => stem));
    let value = 0;
    for (const stem of stems) value += worth.get(stem);
    if (value > most) [most, best] = [value, [first, last]];
  }
  return best;
}

// The sentence of a run with those after it, as many as fit; or the piece around it of one that is too long.
function sentences(text, starts, ends, hit, { snippet_words: most, snippet_lead: lead }) {
  let first = ends.findLast((end) => end <= hit);
  const last = ends.find((end) => end > hit);
  if (last - first > most && hit - first >= lead) first = hit - Math.floor(lead / 2);
  const limit = first + most;
  if (last <= limit) return [first, ends.findLast((end) => end <= limit)];
  for (let index = limit; index > Math.max(hit, limit - lead); index -= 1) {
    if (CLAUSE.test(text.slice(starts[index - 1], starts[index]))) return [first, index];
  }
  return [first, limit];
}

function marked(text, begin, end, matched) {
  const marks = [];
  let at = begin;
  for (const token of [...matched].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const start = Math.max(token.start, at);
    if (token.start < begin || token.end > end || start >= token.end) continue;
    marks.push({ text: text.slice(at, start), mark: false }, { text: text.slice(start, token.end), mark: true });
    at = token.end;
  }
  marks.push({ text: text.slice(at, end), mark: false });
  return marks;
}

function joined(marks) {
  const result = [];
  for (const { text, mark } of marks) {
    const before = result[result.length - 1];
    if (!text) continue;
    if (before && before.mark === mark) before.text += text;
    else result.push({ text, mark });
  }
  return result;
}

// ---- the whole ------------------------------------------------------------------------------------------------------

async function fetchJSON(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

// The files of one kind, each from its first key to the next file's first; what failed once is loaded again.
class Shards {
  constructor(base, kind, { first, hashes }) {
    const length = hashes.length / first.length;
    this.first = first;
    this.urls = first.map((_, n) => `${base}${kind}-${n}-${hashes.slice(n * length, (n + 1) * length)}.json`);
    this.files = new Map();
  }

  get length() {
    return this.first.length;
  }

  // The number of the last file that begins with this key or before it, else of the first.
  indexOf(key) {
    let low = 0;
    let high = this.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.first[middle] <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  file(number) {
    if (!this.files.has(number)) {
      const loading = fetchJSON(this.urls[number]);
      // What failed once may work the next time: never keep a failure.
      loading.catch(() => this.files.delete(number));
      this.files.set(number, loading);
    }
    return this.files.get(number);
  }

  // What the file of a key holds of it, or nothing.
  async row(key) {
    const shard = this.length ? await this.file(this.indexOf(key)) : {};
    return Object.hasOwn(shard, key) ? shard[key] : [];
  }
}

export class Search {
  /** Load what every search needs; `folder` is the URL of a language's search folder. */
  static async open(folder) {
    const base = folder.endsWith("/") ? folder : `${folder}/`;
    const manifest = await fetchJSON(`${base}manifest.json`, { cache: "no-cache" });
    if (manifest.format !== FORMAT || manifest.analysis !== ANALYSIS) throw new Error(`${base}: data of another version`);
    return new Search(base, manifest, await new Shards(base, "documents", manifest.documents).file(0));
  }

  constructor(base, manifest, documents) {
    const shards = (kind) => new Shards(base, kind, manifest[kind]);
    this.manifest = manifest;
    this.documents = documents;
    this.words = new Words(manifest, shards("words"));
    this.ranker = new Ranker(manifest, documents);
    this.postings = shards("postings");
    this.numbers = shards("numbers");
    this.passages = shards("passages");
  }

  /** Answer plain words with the JSON of the kiosk's `GET /api/search`. */
  async search(text, { product = null, stage = null, limit = 10 } = {}) {
    const query = await understand(text, this.words);
    await Promise.all([
      ...query.groups.flatMap((group) => [...group.stems.keys()]).map((stem) => this.loadPostings(stem)),
      ...query.numbers.map((name) => this.loadNumber(name)),
    ]);
    const found = this.ranker.find(query, product, stage, Math.max(0, Math.min(limit, this.manifest.settings.results)));
    const { hits } = found;
    const results = await Promise.all(hits.map((hit) => this.result(query, hit)));
    return {
      query: query.text,
      lang: this.manifest.lang,
      results,
      clear: this.isClear(hits),
      facets: { products: choices(found.products, new Map(Object.entries(this.manifest.products))), stages: choices(found.stages, new Map()) },
      did_you_mean: this.didYouMean(query, hits),
      zero_result_help: hits.length || isBlank(query.text) ? null : { links: this.waysOn() },
    };
  }

  async loadPostings(stem) {
    if (!this.ranker.impacts.has(stem)) this.ranker.take(stem, await this.postings.row(stem));
  }

  async loadNumber(name) {
    if (!this.ranker.exact.has(name)) this.ranker.takeNumber(name, await this.numbers.row(name));
  }

  async page(number) {
    const shard = this.passages.indexOf(number);
    const [id, url, title, products, steps, sections] = (await this.passages.file(shard))[number - this.passages.first[shard]];
    let start = 0;
    return { id, url, title, products, sections, starts: steps.map((step) => (start += step)) };
  }

  async result(query, hit) {
    const { documents, ranker } = this;
    const number = hit.number;
    const page = await this.page(number);
    const worth = new Map();
    for (const group of query.groups) {
      for (const [stem, weight] of group.stems) raise(worth, stem, weight * ranker.impacts.get(stem).idf);
    }
    const stems = new Map();
    for (const stem of worth.keys()) for (const word of ranker.impacts.get(stem).words) stems.set(word, stem);
    const best = ranker.bestSection(number, query.groups, page.starts);
    const [heading, anchor, text] = page.sections[best] || ["", "", ""];
    // A troubleshooter opens at the question that answers: its page shows that one, with the warnings of the way there.
    const within = anchor && ranker.outdoesTop(number, query.groups, best, page);
    return {
      id: page.id,
      url: page.url + (within ? `#${anchor}` : ""),
      title: page.title,
      product: documents.product[number],
      product_title: page.products,
      stage: documents.stage[number],
      type: documents.type[number],
      heading,
      passage: passage(text, worth, stems, this.words),
      score: hit.score,
    };
  }

  // Whether one page answers, and no other as well: by its number, or by far more of the words.
  isClear(hits) {
    const { clear_share: share, clear_lead: lead } = this.manifest.settings;
    if (hits.length < 2) return hits.length > 0 && (hits[0].exact > 0 || hits[0].share >= share);
    const [first, second] = hits;
    return first.exact > second.exact || (first.share >= share && first.score >= lead * second.score);
  }

  didYouMean(query, hits) {
    if (!hits.length) return null;
    const found = (stem) => this.ranker.impacts.get(stem).body.has(hits[0].number);
    const corrected = query.groups.some((group) => group.corrected && [...group.stems.keys()].some(found));
    return corrected ? correctedText(query, this.words) : null;
  }

  waysOn() {
    const { links, settings } = this.manifest;
    const products = links.slice(0, -1).slice(0, settings.help_links - 1);
    return [...products, ...links.slice(-1)].map(([title, url, picture]) => ({ title, url, picture }));
  }
}

function choices(counts, titles) {
  const listed = [...counts].sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1));
  return listed.map(([id, count]) => ({ id, title: titles.get(id) || id, count }));
}
