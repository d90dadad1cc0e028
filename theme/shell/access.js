// Ways to use the kiosk that need no touch, no sight or no reach: scanner, keys, speech, size and height of the page. One place wires them.

import { listen } from "./keys.js"
import * as keypad from "./keypad.js"
import { fitLargest } from "./large.js"
import * as osk from "./osk.js"
import { remember, remembered } from "./memory.js"
import { fill, nameOf, Screen, screenOf } from "./reader.js"
import { scanned } from "./scan.js"
import * as speech from "./speech.js"
import { print, remind, take } from "./take.js"

// The site's own; without it there are no digits, but the visit, its warning and its end must go on.
const choices = await import("/assets/js/choices.js").catch(() => ({ choices: () => [], number() {}, more: () => false }))

const page = document.documentElement
const bar = document.querySelector("[data-kiosk]")
export const options = JSON.parse(bar.dataset.kioskOptions)
const words = options.says
const SPEEDS = [110, 150, 190, 240]
const VOLUMES = [0.35, 0.6, 1]

const dialog = (name) => document.querySelector(`[data-kiosk-dialog="${name}"]`)
const spoken = options.speaks.includes(page.lang)
const on = () => remembered("speech", false)

let screen = null // what was read last
let reached = 0 // how far it was read
let known = new Set() // what has been said of this screen
let quiet = false // while somebody writes, changes of the page are not read

// What is said --------------------------------------------------------------------------------------------------------

function own(name, values = {}) {
  return { text: fill(words[name], values), lang: page.lang }
}

function mark(piece) {
  document.querySelector("[data-k-said]")?.removeAttribute("data-k-said")
  piece?.element?.setAttribute("data-k-said", "")
  piece?.element?.scrollIntoView?.({ block: "nearest" })
}

async function say(pieces, { from = 0 } = {}) {
  if (!on()) {
    return
  }
  reached = from
  try {
    reached = from + (await speech.say(pieces.slice(from), mark))
  } catch {
    // No sound on this machine: the screen says everything too.
  }
}

function withKeys() {
  return page.dataset.keys === "on"
}

function look() {
  choices.number() // Digits are said as they are shown now, not as they were before the last change.
  const found = new Screen(screenOf(), words, withKeys())
  if (withKeys() && choices.more()) {
    found.pieces.push(own("more"))
  }
  return found
}

function read(before = []) {
  screen = look()
  known = new Set(screen.pieces.map(({ text }) => text))
  screen.before = before.length // said once, not again
  screen.pieces.unshift(...before)
  return say(screen.pieces)
}

/** After a change: what is new is read, all of it where something else came to the top. */
function changed() {
  if (!on() || quiet) {
    return
  }
  const now = look()
  if (screen && now.root !== screen.root) {
    if (screen.root.localName === "dialog" && now.root.localName === "main") {
      screen = now
      known = new Set(now.pieces.map(({ text }) => text))
      return
    }
    read()
    return
  }
  const fresh = now.pieces.filter(({ text, choice }) => !known.has(text) && (!choice || now.pieces.length < 40))
  known = new Set(now.pieces.map(({ text }) => text))
  if (fresh.length) {
    screen = now
    screen.pieces = fresh
    say(fresh)
  }
}

// Switching it on and off ---------------------------------------------------------------------------------------------

export function toggleSpeech(byKey = false) {
  if (byKey) {
    useKeys()
  }
  const wanted = !on()
  if (!wanted) {
    remember("speech", true)
    say([own("off")]).finally(() => speech.hush())
    remember("speech", false)
  } else {
    remember("speech", true)
  }
  show()
  if (wanted) {
    read(spoken ? [own("on"), ...(withKeys() ? [own("help")] : [])] : [notOffered()])
  }
}

function notOffered() {
  return { text: options.says_default?.not_offered ?? words.not_offered, lang: options.default }
}

function show() {
  page.dataset.speech = on() ? "on" : "off"
  page.dataset.reach = remembered("reach", false) ? "low" : ""
  speech.tune({ speed: SPEEDS[remembered("speed", 1)], volume: Math.round(options.volume * VOLUMES[remembered("volume", 1)]) })
  for (const button of document.querySelectorAll("[data-kiosk-listen]")) {
    button.setAttribute("aria-pressed", String(on()))
  }
  document.querySelector("[data-kiosk-reach]")?.setAttribute("aria-pressed", String(remembered("reach", false)))
}

function useKeys() {
  if (!withKeys()) {
    remember("keys", true)
    page.dataset.keys = "on"
    dispatchEvent(new Event("kiosk-keys"))
  }
}

function level(name, count, label) {
  const next = (remembered(name, 1) + 1) % count
  remember(name, next)
  show()
  say([own("level", { name: label, n: next + 1, count })])
}

// Keys ----------------------------------------------------------------------------------------------------------------

function mode(writing, offers = []) {
  page.dataset.keyMode = writing ? "writing" : "choosing"
  const shown = document.querySelector("[data-kiosk-offer]")
  if (shown) {
    shown.textContent = offers[0] ? `1: ${offers[0]}` : ""
  }
}

function held(key) {
  if (key === "*") {
    useKeys()
    const box = dialog("options")
    if (box.open) {
      box.close()
    } else {
      box.showModal()
    }
  } else if (key === "#") {
    document.querySelector("[data-kiosk-end]").click()
  } else if (key === "0") {
    person()
  } else if (/^[1-9]$/.test(key)) {
    toggleSpeech(true)
  } else {
    return false
  }
  return true
}

function person() {
  for (const box of document.querySelectorAll("dialog[open]:not([data-kiosk-dialog=cover])")) {
    box.close()
  }
  document.querySelector(".k-bar__button--person").click()
}

function letterName(letter, field) {
  if (field.type === "password") {
    return { text: "*", lang: page.lang }
  }
  return letter === " " ? own("space") : { text: letter, lang: page.lang }
}

function waitForResults() {
  const status = () => document.querySelector(".search-panel.search-open .search-results, .search-page .search-results, .search-help")
  return new Promise((resolve) => {
    const end = performance.now() + 2500
    const again = () => (status() || performance.now() > end ? resolve() : setTimeout(again, 60))
    setTimeout(again, 250)
  })
}

/** Says again what was being said; from the beginning where all of it was, or on a second press. */
function again() {
  const twice = performance.now() - askedAgain < 2000
  askedAgain = performance.now()
  if (!screen) {
    read()
    return
  }
  const from = twice || reached >= screen.pieces.length ? (screen.before ?? 0) : reached
  say(screen.pieces, { from })
}

let askedAgain = -Infinity

const heard = {
  used: useKeys,
  started(field) {
    quiet = true
    mode(true)
    const text = field.value && field.type !== "password" ? [own("written", { text: field.value })] : []
    say([own("writing", { field: nameOf(field) }), ...text])
  },
  echo: (letter, field) => say([letterName(letter, field)]),
  offer: (word) => say([own("offer", { word })]),
  offers: (found) => mode(keypad.entering(), found),
  taken: (word) => say([{ text: word, lang: page.lang }]),
  erased: (letter, field) => say([own("deleted", { letter: letter ? letterName(letter, field).text : words.empty })]),
  async ended(field) {
    mode(false)
    const text = field.type === "password" ? "" : field.value
    const searching = field.form?.matches(".search") && text.trim()
    const said = own("menu", { text: text || words.empty })
    if (searching) {
      await waitForResults()
    }
    quiet = false
    if (!keypad.entering()) {
      read([said])
    }
  },
  person,
  again,
  home: () => location.assign(bar.dataset.kioskHome),
  wrong: (digit) => say([own("wrong", { digit })]),
}

// Scanner -------------------------------------------------------------------------------------------------------------

function openCode(code) {
  scanned(code, {
    lang: page.lang,
    opened: (url) => location.assign(url),
    unknown: () => {
      if (!dialog("unknown").open) {
        dialog("unknown").showModal()
      }
    },
  })
}

// Options -------------------------------------------------------------------------------------------------------------

const acts = {
  back: () => history.back(),
  search() {
    dialog("options").close()
    const field = [...document.querySelectorAll("form.search input[type=search]")].find((one) => one.getClientRects().length)
    field ? field.focus() : location.assign(`${options.home}search.html`)
  },
  language() {
    dialog("options").close()
    dialog("language")?.showModal()
  },
  speed: (button) => level("speed", SPEEDS.length, button.innerText),
  volume: (button) => level("volume", VOLUMES.length, button.innerText),
  take() {
    dialog("options").close()
    take()
  },
  remind,
  print,
  finish: () => document.querySelector("[data-kiosk-end]").click(),
  reach() {
    remember("reach", !remembered("reach", false))
    show()
  },
}

for (const button of document.querySelectorAll("[data-kiosk-act]")) {
  button.addEventListener("click", () => acts[button.dataset.kioskAct]?.(button))
}
for (const button of document.querySelectorAll("[data-kiosk-listen]")) {
  button.addEventListener("click", () => toggleSpeech())
}

// Begin ---------------------------------------------------------------------------------------------------------------

let settling = 0
let shownBefore = ""

export function begin({ touched }) {
  if (options.keypad || remembered("keys", false)) {
    page.dataset.keys = "on"
  }
  fitLargest(options)
  mode(false)
  show()
  listen({
    prefix: options.scanner_prefix,
    suffix: options.scanner_suffix,
    scanned: (code) => {
      touched()
      openCode(code)
    },
    held,
    wholly: keypad.entering,
    pressed: () => {
      touched()
      speech.hush()
      osk.close() // Somebody has keys that can be felt.
    },
  })
  addEventListener("pointerdown", () => speech.hush(), { capture: true })
  addEventListener("pagehide", () => speech.hush(true))
  keypad.begin(heard)
  if (options.keyboard) {
    osk.watch({ search: bar.dataset.kioskOskSearch, done: bar.dataset.kioskOskDone, label: bar.dataset.kioskOskLabel })
  }
  addEventListener("choices-turned", () => {
    known = new Set()
    const now = look()
    screen = now
    screen.pieces = [...now.pieces.filter(({ choice }) => choice), ...(choices.more() ? [own("more")] : [])]
    say(screen.pieces)
  })
  new MutationObserver(() => {
    clearTimeout(settling)
    settling = setTimeout(changed, 300)
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: ["open", "hidden"] })
  const said = document.querySelector("[data-display-said]")
  new MutationObserver(() => {
    if (said.textContent && said.textContent !== shownBefore) {
      say([{ text: said.textContent, lang: page.lang }])
    }
    shownBefore = said.textContent
  }).observe(said, { childList: true })
  if (on()) {
    const first = remembered("greeted", false) ? [] : [own("on"), own("help")]
    remember("greeted", true)
    read(spoken ? first : [notOffered()])
  }
}

export { speech }
