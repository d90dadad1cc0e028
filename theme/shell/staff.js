// The staff menu: nothing of it is there before the kiosk has said that the PIN is right.

import { after, post as beatPost } from "./beat.js"

const part = (name) => document.querySelector(`[data-staff="${name}"]`)
const form = part("pin")
const field = document.querySelector("#pin")
const names = JSON.parse(part("facts").dataset.names)
const LEAVE = 120_000

let pass = ""
let leaving = 0

async function ask(what, body) {
  const answer = await fetch(`/api/staff/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  })
  return { ok: answer.ok, ...(await answer.json()) }
}

function waitToLeave() {
  clearTimeout(leaving)
  leaving = setTimeout(leave, LEAVE)
}

function leave() {
  location.replace("/#start")
}

form.addEventListener("submit", async (event) => {
  event.preventDefault()
  const pin = field.value
  field.value = ""
  const given = await ask("enter", { pin }).catch(() => ({}))
  if (!given.pass) {
    const minutes = Math.ceil((given.locked_seconds ?? 0) / 60)
    part("said").textContent = minutes ? form.dataset.locked.replace("{minutes}", minutes) : form.dataset.wrong
    return
  }
  pass = given.pass
  form.hidden = true
  part("menu").hidden = false
  look({})
})

async function look(body) {
  const told = await ask("look", { pass, ...body }).catch(() => ({}))
  if (!told.ok || body.do === "leave") {
    leave()
    return
  }
  const facts = { ...told.facts, loudness: `${told.loudness} %` }
  part("facts").replaceChildren(...Object.entries(facts).flatMap(([name, value]) => {
    const [term, text] = [document.createElement("dt"), document.createElement("dd")]
    term.textContent = names[name] ?? name
    text.textContent = value
    return [term, text]
  }))
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.setAttribute("aria-pressed", String(button.dataset.lang === told.language))
  }
}

for (const key of document.querySelectorAll("[data-key]")) {
  key.addEventListener("click", () => {
    field.value = key.dataset.key === "back" ? field.value.slice(0, -1) : (field.value + key.dataset.key).slice(0, 12)
  })
}
for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => look({ do: button.dataset.do, lang: button.dataset.lang }))
}
for (const kind of ["pointerdown", "keydown"]) {
  addEventListener(kind, waitToLeave, { capture: true })
}
addEventListener("contextmenu", (event) => event.preventDefault())

async function beat() {
  await beatPost("beat", { touched: false }).catch(() => {})
  after(1000, beat)
}

field.focus()
waitToLeave()
beat()
