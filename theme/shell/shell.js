// The kiosk's layer on every page: the beat of the visit, the warning before time runs out, and outside addresses shown as text and QR.

import * as access from "./access.js"
import { after, post } from "./beat.js"

const bar = document.querySelector("[data-kiosk]")
const dialog = (name) => document.querySelector(`[data-kiosk-dialog="${name}"]`)
const part = (name) => document.querySelector(`[data-kiosk-${name}]`)

const START = "/"
// The kiosk itself marks the page that it opened without anybody's touch.
let touched = location.hash !== "#start"
let misses = 0
let ended = false

if (!touched) {
  history.replaceState(null, "", location.pathname + location.search)
}

// Touches -------------------------------------------------------------------------------------------------------------

for (const kind of ["pointerdown", "keydown", "wheel", "touchmove"]) {
  addEventListener(kind, noteTouch, { capture: true, passive: true })
}

function noteTouch(event) {
  // "More time" is counted by its own button.
  if (!dialog("warning").contains(event.target)) {
    touched = true
  }
}

function playing() {
  return [...document.querySelectorAll("audio, video")].some((media) => !media.paused && !media.loop)
}

// The beat ------------------------------------------------------------------------------------------------------------

async function beat() {
  const was = touched || playing()
  touched = false
  try {
    const visit = await post("beat", { touched: was, speaking: access.speech.isSpeaking(), lang: document.documentElement.lang })
    misses = 0
    show(visit)
  } catch (error) {
    touched ||= was
    if (error.status === 401) {
      return // Opened without the kiosk's key: a page to read, with no visit to keep.
    }
    misses += 1
    open("error", misses >= 4)
  }
  after(1000, beat)
}

function show(visit) {
  open("error", false)
  open("warning", visit.state === "warning")
  if (visit.state === "warning") {
    count(visit)
  } else if (visit.state === "wipe") {
    leave()
  } else if (visit.state === "attract" && (ended || !atRest())) {
    location.replace(`${START}#start`)
  }
}

function atRest() {
  return bar.dataset.kioskAttract === "off" && location.pathname === bar.dataset.kioskHome
}

// "1 second", "20 Sekunden": each language has its own plurals.
const inSeconds = new Intl.NumberFormat(document.documentElement.lang || "en", { style: "unit", unit: "second", unitDisplay: "long" })

function count(visit) {
  const words = inSeconds.formatToParts(visit.seconds_left)
  part("seconds").textContent = words.find(({ type }) => type === "integer")?.value ?? ""
  part("unit").textContent = words.find(({ type }) => type === "unit")?.value ?? ""
  part("more").hidden = visit.more_left === 0
  // Spoken now and then, not every second.
  if (visit.seconds_left % 10 === 0) {
    part("announce").textContent = inSeconds.format(visit.seconds_left)
  }
}

function leave() {
  if (ended) {
    return
  }
  ended = true
  forget()
  open("warning", false)
  open("cover", true)
  // The kiosk's window throws this page away. In other windows the next beat says when to leave; this is for when none comes.
  setTimeout(() => location.replace(`${START}#start`), 8000)
}

function forget() {
  try {
    sessionStorage.clear() // Text size and colours were this visitor's.
  } catch {
    // Nothing could be kept, so nothing is left.
  }
}

async function more() {
  try {
    show(await post("more"))
  } catch {
    touched = true
  }
}

async function end() {
  leave()
  await post("end").catch(() => {})
}

// Dialogs -------------------------------------------------------------------------------------------------------------

function open(name, wanted) {
  const box = dialog(name)
  if (wanted && !box.open) {
    box.showModal()
  } else if (!wanted && box.open) {
    box.close()
  }
}

for (const name of ["warning", "cover", "error"]) {
  dialog(name).addEventListener("cancel", (event) => event.preventDefault())
}
dialog("warning").addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    more()
  }
})
for (const button of document.querySelectorAll("[data-kiosk-open]")) {
  button.addEventListener("click", () => open(button.dataset.kioskOpen, true))
}
for (const button of document.querySelectorAll("[data-kiosk-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close())
}
// The page knows its own translations; where it says nothing, the language's first page opens.
for (const link of document.querySelectorAll('[data-kiosk-dialog="language"] a')) {
  const same = document.querySelector(`.languages a[hreflang="${CSS.escape(link.hreflang)}"]`)
  if (same) {
    link.href = same.href
  }
}
part("more").addEventListener("click", more)
part("end").addEventListener("click", end)
part("back").addEventListener("click", () => history.back())

// Outside addresses ---------------------------------------------------------------------------------------------------

addEventListener("click", followLink, { capture: true })
addEventListener("auxclick", (event) => event.preventDefault(), { capture: true })
addEventListener("contextmenu", (event) => event.preventDefault(), { capture: true })
addEventListener("dragstart", (event) => event.preventDefault(), { capture: true })

function followLink(event) {
  const link = event.target.closest?.("a[href], area[href]")
  if (!link) {
    return
  }
  const address = new URL(link.getAttribute("href"), location.href)
  if (address.origin === location.origin && address.protocol === location.protocol) {
    const name = address.pathname.split("/").pop()
    if (name.includes(".") && !name.endsWith(".html")) {
      event.preventDefault() // A picture or a sound alone would be a screen without a way back.
    }
    // One window only: no new ones, no downloads, no half-finished middle clicks.
    link.removeAttribute("target")
    link.removeAttribute("download")
    return
  }
  event.preventDefault()
  showOutside(address)
}

function showOutside(address) {
  const known = ["http:", "https:", "mailto:", "tel:"].includes(address.protocol)
  if (!known) {
    return
  }
  if (/^tel:\d{2,6}$/.test(address.href)) {
    return // An emergency number is called with a phone; a code to scan would only cost time.
  }
  const text = address.href
  const plain = /^(mailto|tel):/.test(text) ? decodeURIComponent(address.pathname) : text
  part("address").textContent = plain
  const picture = part("qr")
  picture.hidden = text.length > 300
  picture.src = picture.hidden ? "data:," : `/api/qr.svg?text=${encodeURIComponent(text)}`
  open("outside", true)
}

access.begin({ touched: () => { touched = true } })
beat()
