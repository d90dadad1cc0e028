// The screen that waits: any touch or key begins the visit, in the language that was touched or in the shop's own.

import { after, post } from "./beat.js"
import { listen } from "./keys.js"
import { remember } from "./memory.js"
import { scanned } from "./scan.js"

const options = JSON.parse(document.body.dataset.kioskOptions)
let started = false

try {
  sessionStorage.clear() // The next visitor begins with the usual text size and colours.
} catch {
  // Nothing could be kept, so nothing is left.
}

function start(address) {
  if (started) {
    return
  }
  started = true
  post("beat", { touched: true }).catch(() => {})
  // Replaced, so that "Back" never leads out of a visit.
  location.replace(address)
}

function chosen(event) {
  const link = event.target.closest?.("a[href]")
  return link ? link.getAttribute("href") : document.body.dataset.kioskHome
}

addEventListener("click", (event) => {
  // The corner buttons have noted what they mean by now; then they begin a visit as any touch does.
  event.preventDefault()
  start(chosen(event))
})
// A scanned code begins the visit on its product; a key that is held down begins it aloud.
listen({
  prefix: options.scanner_prefix,
  suffix: options.scanner_suffix,
  scanned: (code) => scanned(code, { lang: document.documentElement.lang, opened: start, unknown: () => start(chosen({ target: document.body })) }),
  held(key) {
    if (/^[0-9*#]$/.test(key)) {
      remember("keys", true)
      listenFromNow()
      start(document.body.dataset.kioskHome)
    }
    return true
  },
})
addEventListener("keydown", (event) => {
  if (event.key === "Tab" || event.key === "Shift") {
    return // Moving between the languages is not yet a choice.
  }
  event.preventDefault()
  if (!event.isTrusted && /^[0-9*#]$/.test(event.key)) {
    remember("keys", true)
  }
  const language = event.isTrusted ? null : document.querySelector(`.k-start[data-digit="${event.key}"]`)
  start(language ? language.getAttribute("href") : chosen(event))
})

function listenFromNow() {
  if (options.speaks.length) {
    remember("speech", true)
  }
}

for (const [name, act] of [["listen", listenFromNow], ["reach", () => remember("reach", true)]]) {
  document.querySelector(`[data-attract="${name}"]`)?.addEventListener("click", act)
}
addEventListener("contextmenu", (event) => event.preventDefault())
addEventListener("dragstart", (event) => event.preventDefault())

// Outside the hours that the shop has set the screen is dark; a touch lights it as it does any other time.
const dark = document.querySelector("[data-attract-dark]")

async function light() {
  try {
    const answer = await fetch("/api/screen", { signal: AbortSignal.timeout(3000) })
    dark.hidden = !answer.ok || (await answer.json()).lit
  } catch {
    dark.hidden = true // A dark screen by mistake would look broken.
  }
  setTimeout(light, 20_000)
}

light()

// Five touches on the shop's name lead staff to their menu, which asks for the PIN.
const TAPS = 5
let taps = []
let waiting = 0

document.querySelector("[data-attract-staff]")?.addEventListener("click", (event) => {
  event.preventDefault()
  event.stopPropagation()
  taps = [...taps, performance.now()].filter((at) => performance.now() - at < 4000)
  clearTimeout(waiting)
  if (taps.length >= TAPS) {
    location.replace("/kiosk/staff")
  } else {
    waiting = setTimeout(() => start(document.body.dataset.kioskHome), 900) // A shopper touched it, once.
  }
})

// Other pictures now and then: they invite, and no line burns itself into the screen.
const PICTURES = 3
const pictures = [...document.querySelectorAll(".k-attract__pictures img")]
let first = 0

function turn() {
  first = (first + PICTURES) % pictures.length
  const shown = new Set(Array.from({ length: PICTURES }, (_, place) => (first + place) % pictures.length))
  for (const [place, picture] of pictures.entries()) {
    picture.hidden = !shown.has(place)
  }
}

if (pictures.length > PICTURES) {
  setInterval(turn, 12_000)
}

async function beat() {
  try {
    const visit = await post("beat", { touched: false })
    if (visit.state === "active" || visit.state === "warning") {
      start(document.body.dataset.kioskHome) // Reached by "Back" in the middle of a visit.
    }
  } catch (error) {
    if (error.status === 401) {
      return
    }
  }
  if (!started) {
    after(1000, beat)
  }
}

beat()
