// "Take it with you": the address of exactly what the screen shows, as a code, as a reminder, on paper.

const page = document.documentElement
const box = document.querySelector('[data-kiosk-dialog="take"]')
const part = (name) => box.querySelector(`[data-kiosk-take-${name}]`)
const act = (name) => box.querySelector(`[data-kiosk-act="${name}"]`)

/** The address on the web of what is shown, words searched for and answers given included; nothing where the site has no address. */
export function addressNow() {
  const canonical = document.querySelector('link[rel="canonical"]')?.href
  if (!canonical) {
    return ""
  }
  const field = document.querySelector(".search-panel.search-open")?.closest("form")?.querySelector("input[type=search]")
  if (field?.value.trim()) {
    const found = new URL("search.html", new URL(`/${page.lang}/`, location.origin))
    const root = canonical.slice(0, canonical.lastIndexOf(`/${page.lang}/`))
    return `${root}${found.pathname}?${new URLSearchParams({ q: field.value.trim() })}`
  }
  return canonical + location.search + location.hash
}

export function take() {
  const address = addressNow()
  show(address ? `/api/qr.svg?${new URLSearchParams({ text: address })}` : "", address || part("none").textContent)
  part("text").textContent = part("text").dataset.words ?? part("text").textContent
  part("text").dataset.words = part("text").textContent
  part("text").hidden = !address
  act("remind").hidden = !document.querySelector("article[data-every]")
  box.showModal()
}

function show(code, line) {
  const picture = part("code")
  picture.hidden = !code || code.length > 1000
  picture.src = picture.hidden ? "data:," : code
  part("address").textContent = line
}

export function remind() {
  show(`/api/reminder.svg?${new URLSearchParams({ page: location.pathname })}`, "")
  part("text").textContent = act("remind").dataset.kioskRemindText
}

// The page's own button beside "How often" leads here too.
const asked = document.querySelector("[data-remind]")
if (asked) {
  asked.hidden = false
  asked.querySelector("button").addEventListener("click", () => {
    take()
    remind()
  })
}

export async function print() {
  const words = act("print").dataset
  const answer = await fetch("/api/print", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ page: location.pathname, state: location.search + location.hash }),
    signal: AbortSignal.timeout(15_000),
  }).catch(() => null)
  part("text").hidden = false
  part("text").textContent = answer?.ok ? words.kioskPrinted : words.kioskUnprinted
  if (answer?.ok) {
    const { lines } = await answer.json()
    part("address").textContent = lines.join(". ") // What is on the paper is also said.
  }
}
