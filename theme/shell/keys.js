// Every key comes here first. A scanner types like a keyboard, only faster than any hand: what it types is held back and
// never acts as single keys. What a hand typed is handed on when the key is let go, so that a key held down can mean more.

const GAP = 30 // milliseconds: no hand is faster from key to key
const WAIT = 140 // more than the gap, for a page that is busy; nobody notices, because a hand's key acts when it is let go
const LEAST = 6 // characters of the shortest code; fewer are somebody drumming on the keys
const HOLD = 1000
// Qt tells now and then between two repeats of a key that is held that it was let go, when its events reach it one by one.
const LONG = 200 // a scanner's key is never down for so long, and no machine repeats a key sooner
const BOUNCE = 25 // and no hand presses the same key again so soon

const NUMBER_PAD = { NumpadDivide: "#", NumpadMultiply: "*" }

let burst = []
let waiting = 0
let prefix = ""
let suffix = "Enter"
let taken = () => {}
let held = () => false
let pressed = () => {}
let takesAll = () => false
const down = new Map()

export function writing(target) {
  return Boolean(target?.matches?.("input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, [contenteditable]"))
}

/** Begins to listen. `scanned(code)`, `held(key)` (true: it was used), `pressed(event)` (before all else), `wholly()` (fields write nothing by themselves). */
export function listen(wanted) {
  ;({ prefix = "", suffix = "Enter", scanned: taken, held = held, pressed = pressed, wholly: takesAll = takesAll } = wanted)
  addEventListener("keydown", keydown, { capture: true })
  addEventListener("keyup", keyup, { capture: true })
  addEventListener("blur", forget)
}

function stop(event) {
  event.preventDefault()
  event.stopImmediatePropagation()
}

function keydown(event) {
  if (!event.isTrusted || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) {
    return
  }
  if (["Shift", "CapsLock", "NumLock", "AltGraph"].includes(event.key)) {
    return // Part of the next character, also of a scanner's.
  }
  const repeat = isRepeat(event)
  if (!repeat) {
    pressed(event)
  }
  const native = writing(event.target) && !takesAll()
  if (event.key.length !== 1 || event.key === " ") {
    other(event)
  } else if (repeat) {
    if (!native) {
      stop(event)
    }
  } else {
    character(event, native)
  }
}

/** Whether a key that is still held says so again; WebKitGTK does not mark that. */
function isRepeat(event) {
  const one = down.get(event.code)
  const again = event.repeat || (one !== undefined && event.timeStamp - one.seen < HOLD)
  if (one) {
    one.seen = event.timeStamp
    clearTimeout(one.bounce)
  }
  return again
}

function fast(event) {
  return burst.length > 0 && event.timeStamp - burst.at(-1).at < GAP
}

function character(event, native) {
  if (!fast(event)) {
    settle()
  }
  if (!native) {
    stop(event)
  }
  const field = native ? event.target : null
  const key = NUMBER_PAD[event.code] ?? event.key
  const before = field && "value" in field ? field.value : null
  const one = { key, raw: event.key, code: event.code, at: event.timeStamp, seen: event.timeStamp, target: event.target, field, before, up: false, done: native, timer: 0, bounce: 0 }
  burst.push(one)
  down.set(event.code, one)
  clearTimeout(waiting)
  waiting = setTimeout(settle, patience(event))
}

/** How long to wait for the next character: keys that reach a busy page late come late one after the other. */
function patience(event) {
  const late = performance.now() - event.timeStamp
  return WAIT + Math.min(900, Math.max(0, 6 * late))
}

function other(event) {
  const ends = event.key === suffix && fast(event) && burst.length >= LEAST
  if (ends) {
    stop(event)
  }
  settle({ ended: ends })
}

/** Decides what the characters were: one code of a scanner, or single keys of a hand. */
function settle({ ended = false } = {}) {
  clearTimeout(waiting)
  const typed = burst
  burst = []
  const text = typed.map(({ raw }) => raw).join("")
  if (typed.length >= LEAST && text.startsWith(prefix) && (ended || looksLikeCode(text.slice(prefix.length)))) {
    for (const one of typed) {
      one.done = true
    }
    clean(typed[0])
    taken(text.slice(prefix.length).trim())
    return
  }
  for (const one of typed) {
    if (!one.done) {
      act(one)
    }
  }
}

function looksLikeCode(text) {
  return /^(\d{8}|\d{12,14}|https?:\/\/\S+)$/i.test(text)
}

/** Takes a code out of the field in which the cursor stood. */
function clean({ field, before }) {
  if (field && before !== null && field.value !== before) {
    field.value = before
    field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "deleteContentBackward" }))
  }
}

function act(one) {
  if (one.up) {
    hand(one)
    return
  }
  one.timer = setTimeout(() => {
    if (!one.done && held(one.key)) {
      one.done = true
    }
  }, Math.max(0, HOLD - (performance.now() - one.at))) // counted from when it went down, however late that was told
}

function keyup(event) {
  if (!event.isTrusted) {
    return
  }
  const one = down.get(event.code)
  if (!one || one.field) {
    down.delete(event.code)
    return
  }
  stop(event)
  clearTimeout(one.bounce)
  if (event.timeStamp - one.at < LONG) {
    letGo(one)
  } else {
    one.bounce = setTimeout(letGo, BOUNCE, one)
  }
}

function letGo(one) {
  down.delete(one.code)
  one.up = true
  clearTimeout(one.timer)
  if (!one.done && !burst.includes(one)) {
    hand(one)
  }
}

/** Lets a key act that a hand pressed and let go. */
function hand(one) {
  one.done = true
  const target = one.target.isConnected ? one.target : document.body
  target.dispatchEvent(new KeyboardEvent("keydown", { key: one.key, code: one.code, bubbles: true, cancelable: true }))
}

function forget() {
  for (const one of down.values()) {
    clearTimeout(one.timer)
    clearTimeout(one.bounce)
  }
  down.clear()
}
