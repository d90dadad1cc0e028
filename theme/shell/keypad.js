// A pad of twelve keys in two modes. Choosing: 1-9 choose, 0 a person, * again, # the first screen. Writing: see multitap.js.

import { keyOf, lettersOf, MultiTap, REST } from "./multitap.js"
import { writing } from "./keys.js"

const page = document.documentElement

let tap = null
let field = null
let offers = []
let offered = -1
let resting = 0
let byHand = false
let told = {}
let was = null // where the cursor stood before this key acted

/** Whether digits are being written, not chosen with. */
export function entering() {
  return field !== null
}

/** Begins; `told` has what happens: started, echo, offer, erased, ended, person, again, home, wrong. */
export function begin(wanted) {
  told = wanted
  addEventListener("keydown", () => { was = field }, { capture: true })
  addEventListener("keydown", key)
  addEventListener("focusin", ({ target }) => {
    if (page.dataset.keys === "on" && !byHand && writing(target) && field !== target) {
      start(target)
    }
  })
  addEventListener("focusout", ({ target }) => {
    if (target === field) {
      finish()
    }
  })
}

function key(event) {
  if (event.isTrusted) {
    return // Not of the pad: see keys.js.
  }
  if (field && was === field) {
    event.preventDefault()
    write(event.key)
  } else if (event.defaultPrevented) {
    told.used()
  } else if (event.key === "0") {
    told.person()
  } else if (event.key === "*") {
    told.again()
  } else if (event.key === "#") {
    told.home()
  } else if (/^[1-9]$/.test(event.key)) {
    told.wrong(event.key)
  }
  if (/^[0-9*#]$/.test(event.key) && !event.defaultPrevented) {
    told.used() // After the key has acted as it was shown: from now on everything that can be pressed gets a digit.
  }
}

function start(target) {
  field = target
  tap = new MultiTap(page.lang, field.value)
  offers = []
  offered = -1
  told.started(field)
}

function finish() {
  clearTimeout(resting)
  const left = field
  field = null
  told.ended(left)
}

function write(key) {
  if (key === "#") {
    field.blur()
  } else if (key === "*") {
    const gone = tap.erase()
    offers = []
    show()
    told.erased(gone, field)
  } else if (key === "1" && offers.length) {
    take()
  } else if (/^[0-9]$/.test(key)) {
    if (offered >= 0) {
      tap.text += " " // A word was taken: what comes now begins the next one.
    }
    offered = -1
    const letter = tap.press(key, performance.now())
    show()
    told.echo(letter, field)
    rest()
  } else if (key.length === 1) {
    byHand = true // Somebody has a whole keyboard: it writes by itself from now on.
    tap.text += key
    show()
    finish()
  }
}

function take() {
  offered = (offered + 1) % offers.length
  tap.take(offers[offered])
  show()
  told.taken(offers[offered])
}

function show() {
  field.value = tap.text
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }))
  told.offers?.([])
}

/** After the rest that ends a letter: which words may it become? */
function rest() {
  clearTimeout(resting)
  offers = []
  const word = tap.word
  resting = setTimeout(async () => {
    if (!field || word.length < 2 || field.type === "password") {
      return
    }
    const typed = [...word].map((letter) => (/\d/.test(letter) ? lettersOf(page.lang, letter) : letter).replace(/\s/g, ""))
    const answer = await fetch(`/api/words?${new URLSearchParams({ lang: page.lang, typed: typed.join(" ") })}`)
    const { words } = answer.ok ? await answer.json() : { words: [] }
    if (field && tap.word === word) {
      offers = words
      told.offers?.(words)
      if (words.length) {
        told.offer(words[0])
      }
    }
  }, REST)
}

export { keyOf }
