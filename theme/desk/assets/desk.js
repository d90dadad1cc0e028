// An open page asks for one word, and renews itself when that has changed; a draft outlives a reload and a lost session.
const EVERY = 4_000;
const CLOCKS = 60_000; // "2 h left" grows old by itself
const LIVE = { "x-desk-live": "1" };
let renewed = Date.now();

async function ask(address, accept) {
  const answer = await fetch(address, { headers: { ...LIVE, accept }, redirect: "error" }).catch(() => null);
  return answer?.ok ? answer : null;
}

async function look() {
  const asking = document.querySelector("[data-ask]");
  if (!asking || document.hidden) return;
  if (Date.now() - renewed > CLOCKS) return renew();
  if (!asking.dataset.ask) return;
  const answer = await ask(asking.dataset.ask, "application/json");
  if (answer && (await answer.json()).at !== asking.dataset.at) await renew();
}

async function renew() {
  const parts = document.querySelectorAll("[data-live]");
  const answer = await ask(location.href, "text/html");
  if (!answer) return;
  renewed = Date.now();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const news = fresh.querySelectorAll("[data-live]");
  if (news.length !== parts.length) return;
  // Whoever stands on a line by the keyboard must not lose the place; that part is asked for again.
  const busy = [...parts].some((part) => part.contains(document.activeElement));
  parts.forEach((part, number) => {
    if (part.contains(document.activeElement)) return;
    const { at } = news[number].dataset;
    if (at !== undefined && !busy) part.dataset.at = at;
    if (part.innerHTML !== news[number].innerHTML) part.replaceChildren(...news[number].childNodes);
  });
  document.title = fresh.title;
}

for (const field of document.querySelectorAll("textarea[data-keep]")) {
  const key = `draft ${field.dataset.keep}`;
  if (field.value) sessionStorage.setItem(key, field.value);
  else field.value = sessionStorage.getItem(key) ?? "";
  field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
  field.form?.addEventListener("submit", () => sessionStorage.removeItem(key));
}

for (const form of document.querySelectorAll("[data-put-in]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = document.getElementById(form.dataset.putIn);
    const { text } = event.submitter.dataset;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input"));
    field.focus();
  });
}

// What the buttons say follows the way of answering.
for (const how of document.querySelectorAll("select[data-how]")) {
  how.addEventListener("change", () => {
    for (const button of how.form.querySelectorAll("[data-mail]")) button.textContent = how.value === "mail" ? button.dataset.mail : button.dataset.else;
  });
}

// "Cases" leads back to the list as it was filtered.
if (location.pathname === "/") sessionStorage.setItem("queue", location.search);
for (const link of document.querySelectorAll("[data-queue]")) link.search = sessionStorage.getItem("queue") ?? "";

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
