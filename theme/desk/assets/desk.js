// The queue renews itself while it is looked at; a draft outlives a reload and a lost session.
const EVERY = 20_000;

async function renew() {
  const parts = document.querySelectorAll("[data-live]");
  if (!parts.length || document.hidden) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const news = fresh.querySelectorAll("[data-live]");
  if (news.length !== parts.length) return;
  parts.forEach((part, number) => {
    // Whoever stands on a line by the keyboard must not lose the place.
    if (part.innerHTML !== news[number].innerHTML && !part.contains(document.activeElement)) part.replaceChildren(...news[number].childNodes);
  });
  document.title = fresh.title;
}

for (const field of document.querySelectorAll("textarea[data-keep]")) {
  const key = `draft ${field.dataset.keep}`;
  if (!field.value) field.value = sessionStorage.getItem(key) ?? "";
  field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
  field.form.addEventListener("submit", () => sessionStorage.removeItem(key));
}

setInterval(renew, EVERY);
document.addEventListener("visibilitychange", renew);
