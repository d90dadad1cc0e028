// The staff menu: nothing of it is there before the kiosk has said that the PIN is right.

import { after, post as beatPost } from "./beat.js"

const part = (name) => document.querySelector(`[data-staff="${name}"]`)
const form = part("pin")
const field = document.querySelector("#pin")
const names = JSON.parse(part("facts").dataset.names)
const LEAVE = 120_000

const alarms = JSON.parse(part("alarms").dataset.names)
const { lang } = document.documentElement

let pass = ""
let ids = new Set()
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
  show("menu")
  look({})
  list()
})

async function look(body) {
  const told = await ask("look", { pass, ...body }).catch(() => ({}))
  if (!told.ok || body.do === "leave") {
    leave()
    return
  }
  part("facts").replaceChildren(...rows({ ...told.facts, loudness: `${told.loudness} %` }))
  part("alarms").replaceChildren(...told.alarms.map((name) => made("li", alarms[name] ?? name)))
  part("slips").replaceChildren(...rows(Object.fromEntries(told.slips)))
  part("waiting").hidden = !told.slips.length
  for (const button of document.querySelectorAll("button[data-lang]")) {
    button.setAttribute("aria-pressed", String(button.dataset.lang === told.language))
  }
}

function made(name, text) {
  return Object.assign(document.createElement(name), { textContent: text })
}

function rows(facts) {
  return Object.entries(facts).flatMap(([name, value]) => {
    const row = [made("dt", names[name] ?? name), made("dd", "")]
    row[1].append(Object.assign(made("bdi", value), { dir: "ltr" })) // figures and dates, in every language
    return row
  })
}

async function list() {
  const { pages = [] } = await ask("pages", { pass, lang }).catch(() => ({}))
  part("pages").hidden = !pages.length
  part("list").replaceChildren(...pages.map(({ id, title }) => {
    const tile = Object.assign(made("button", title), { type: "button", className: "k-tile", dir: "auto" })
    tile.addEventListener("click", () => open(id))
    return tile
  }))
  ids = new Set(pages.map(({ id }) => id))
}

/** Show a page for staff in this one: it has no address of its own, so that nobody comes back to it. */
async function open(id) {
  const { ok, article, base } = await ask("pages", { pass, lang, page: id }).catch(() => ({}))
  if (!ok) {
    leave()
    return
  }
  const sheet = new DOMParser().parseFromString(article, "text/html").body.firstElementChild
  sheet.querySelectorAll("script, form").forEach((one) => one.remove())
  for (const name of ["href", "src", "poster"]) {
    for (const one of sheet.querySelectorAll(`[${name}]:not([${name}^="#"])`)) {
      one.setAttribute(name, new URL(one.getAttribute(name), new URL(base, location.origin)).href)
    }
  }
  sheet.querySelectorAll("[srcset]").forEach((one) => one.removeAttribute("srcset"))
  part("sheet").replaceChildren(sheet)
  show("page")
}

function show(name) {
  part("menu").hidden = name !== "menu"
  part("page").hidden = name !== "page"
  scrollTo(0, 0) // the window's own: what overflows the body scrolls there
}

part("back").addEventListener("click", () => show("menu"))
part("sheet").addEventListener("click", (event) => {
  const path = event.target.closest?.("a[href]")?.pathname ?? ""
  const id = decodeURIComponent(path).replace(`/${lang}/`, "").replace(/\.html$/, "")
  if (ids.has(id)) {
    event.preventDefault()
    open(id)
  }
})
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
