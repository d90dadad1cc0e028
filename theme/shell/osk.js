// The keyboard on the screen: for a field that was touched, in the page's language, and never over that field.

import { writing } from "./keys.js"

const page = document.documentElement
const LAYOUTS = {
  ar: "./simple-keyboard/layouts/arabic.js",
  de: "./simple-keyboard/layouts/german.js",
  en: "./simple-keyboard/layouts/english.js",
  es: "./simple-keyboard/layouts/spanish.js",
  fr: "./simple-keyboard/layouts/french.js",
  it: "./simple-keyboard/layouts/italian.js",
  nl: "./layouts/dutch.js",
  pt: "./layouts/portuguese.js",
}
// Letters that the keys of a desk have behind dead keys or under Shift.
const ACCENTS = {
  es: ["á é í ó ú ü ñ ¿ ¡", "Á É Í Ó Ú Ü Ñ ¿ ¡"],
  fr: ["é è ê ë à â ç î ï ô œ ù û", "É È Ê Ë À Â Ç Î Ï Ô Œ Ù Û"],
  it: ["à è é ì ò ù", "À È É Ì Ò Ù"],
  nl: ["á é è ë í ï ó ö ú ü", "Á É È Ë Í Ï Ó Ö Ú Ü"],
  pt: ["á â ã à é ê í ó ô õ ú ü", "Á Â Ã À É Ê Í Ó Ô Õ Ú Ü"],
}
// Keys of a desk that nobody looks for in a shop; and accents that stand alone.
const LEFT_OUT = /^(\{tab\}|\{lock\}|\.com|[`´^~|\\¬°²¨<>[\]{}§µ£$*+=]|\p{M})$/u

let words = {}
let keyboard = null
let box = null
let field = null
let touchedAt = -Infinity
let shifted = false

/** Begins to watch fields; `said` has the words on the keys. */
export function watch(said) {
  words = said
  addEventListener("pointerdown", touched, { capture: true })
  addEventListener("focusin", ({ target }) => {
    if (writing(target) && performance.now() - touchedAt < 1000) {
      open(target)
    }
  })
  addEventListener("focusout", ({ target, relatedTarget }) => {
    if (target === field && !box?.contains(relatedTarget)) {
      leave()
    }
  })
}

/** Goes when the touch is over: the page must not move under a finger that is on its way to a link. */
function leave() {
  const left = field
  const end = () => setTimeout(() => field === left && document.activeElement !== left && close(), 60)
  if (performance.now() - touchedAt < 600) {
    addEventListener("pointerup", end, { once: true, capture: true })
    setTimeout(end, 1500) // A touch that became a scroll ends without pointerup.
  } else {
    end()
  }
}

function touched({ target }) {
  touchedAt = performance.now()
  const wanted = target.closest?.("input, textarea") ?? target.closest?.("label")?.control
  if (wanted && wanted === document.activeElement && writing(wanted)) {
    open(wanted)
  }
}

/** Goes away: the field was left, or somebody types on keys that can be felt. */
export function close() {
  field = null
  if (box) {
    box.hidden = true
  }
  delete page.dataset.osk
}

async function open(wanted) {
  field = wanted
  const layout = await layoutOf(page.lang)
  const { default: Keyboard } = await import("./simple-keyboard/simple-keyboard.js")
  if (field !== wanted) {
    return
  }
  place(wanted)
  keyboard ??= new Keyboard(box, {
    layout,
    layoutName: "default",
    preventMouseDownDefault: true, // The cursor stays in the field.
    disableCaretPositioning: true,
    physicalKeyboardHighlight: false,
    autoUseTouchEvents: false,
    useMouseEvents: false,
    display: { "{bksp}": "⌫", "{shift}": "⇧", "{space}": " ", "{enter}": words.search, "{done}": words.done },
    onKeyPress: press,
  })
  box.hidden = false
  page.dataset.osk = "on"
  page.style.setProperty("--k-osk", `${box.offsetHeight}px`)
  uncover(wanted)
}

function place(wanted) {
  box ??= Object.assign(document.createElement("div"), { className: "k-osk", hidden: true, dir: "ltr" })
  box.dataset.searchKeep = "" // Touching it is no leaving of the search.
  box.setAttribute("role", "group")
  box.setAttribute("aria-label", words.label)
  // What a dialog covers cannot be touched: there the keyboard is part of the dialog.
  const parent = wanted.closest("dialog") ?? document.body
  if (box.parentElement !== parent) {
    parent.append(box)
  }
}

/** Scrolls until the field stands free, with room for what it finds below it. */
function uncover(wanted) {
  requestAnimationFrame(() => {
    const line = wanted.closest("form") ?? wanted
    line.scrollIntoView({ block: "start" })
    const free = box.getBoundingClientRect().top
    if (wanted.getBoundingClientRect().bottom > free) {
      wanted.scrollIntoView({ block: "center" })
    }
  })
}

function press(button) {
  if (!field) {
    return
  }
  if (button === "{shift}") {
    shift(!shifted)
  } else if (button === "{done}") {
    field.blur()
  } else if (button === "{enter}") {
    const left = field
    left.blur()
    left.form?.requestSubmit()
  } else if (button === "{bksp}") {
    erase()
  } else {
    insert(button === "{space}" ? " " : button)
    shift(false)
  }
}

function shift(wanted) {
  shifted = wanted
  keyboard.setOptions({ layoutName: wanted ? "shift" : "default" })
}

function insert(text) {
  if (field.maxLength > 0 && field.value.length >= field.maxLength) {
    return
  }
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end")
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }))
}

function erase() {
  const { selectionStart: start, selectionEnd: end, value } = field
  if (start === end && start > 0) {
    const width = [...value.slice(0, start)].at(-1).length
    field.setRangeText("", start - width, start, "end")
  } else {
    field.setRangeText("", start, end, "end")
  }
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "deleteContentBackward" }))
}

/** The rows of a language, without the keys of a desk, with its accents and a key that puts the keyboard away. */
export async function layoutOf(lang) {
  const code = lang.split("-")[0]
  const { default: found } = await import(LAYOUTS[code] ?? LAYOUTS.en)
  return {
    default: rows(found.layout.default, ACCENTS[code]?.[0]),
    shift: rows(found.layout.shift, ACCENTS[code]?.[1]),
  }
}

function rows(given, accents) {
  const kept = given.slice(0, 4).map((row) => row.split(" ").filter((key) => !LEFT_OUT.test(key)).join(" "))
  return [...(accents ? [accents] : []), ...kept, "@ - {space} {done}"]
}
