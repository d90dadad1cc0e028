// Calls a colleague from the kiosk: one press, then "called at 14:02", or where to go instead.
const EVERY = 700;
const TRIES = 45; // half a minute: the agent has given up by then

const place = document.querySelector("[data-call]");
const status = place?.querySelector("[role=status]");
const button = place?.querySelector("button");
if (place && document.documentElement.dataset.surface === "kiosk") start();

async function start() {
  if ((await ask("/api/call"))?.open !== true) return;
  place.hidden = false;
  button.addEventListener("click", () => call());
}

/** Calls somebody, and says how that went; quietly nothing where nobody can be called. */
export async function call(need = "none") {
  if (!place || place.hidden || button.disabled) return;
  button.disabled = true;
  say(place.dataset.calling);
  let told = await ask("/api/call", { need });
  for (let tries = 0; told?.state === "asked" && tries < TRIES; tries += 1) {
    await new Promise((done) => setTimeout(done, EVERY));
    told = (await ask(`/api/call/${told.id}`)) ?? told;
  }
  if (told?.state === "called") say(place.dataset.called.replace("{time}", clock(told)));
  else say(place.dataset.failed);
  place.dataset.state = told?.state === "called" ? "called" : "failed";
  button.disabled = false;
}

function clock(told) {
  const lang = document.documentElement.lang.replace(/^en$/, "en-GB"); // 14:02, as everywhere on the site
  const shown = { hour: "2-digit", minute: "2-digit", numberingSystem: "latn", timeZone: told.zone || undefined };
  return new Intl.DateTimeFormat(lang, shown).format(new Date(told.called_at));
}

function say(words) {
  status.textContent = words;
}

async function ask(address, body) {
  const told = body && { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const answer = await fetch(address, told).catch(() => null);
  return answer?.ok ? answer.json().catch(() => null) : null;
}
