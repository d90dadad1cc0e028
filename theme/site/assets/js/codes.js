// The field for what a display shows: the exact code opens its page, and the digits alone do where they mean one page, because a
// keypad has no letters. Several rows stay to choose from; an unknown code says so.

const form = document.querySelector("[data-codes]");
const links = [...document.querySelectorAll("a[data-code]")];
const none = form.querySelector("[data-codes-none]");

const plain = (text) => text.normalize("NFKC").toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
const digits = (text) => plain(text).replace(/[^\p{N}]/gu, "").replace(/^0+(?=.)/, "");

function found(typed) {
  const exact = links.filter((link) => plain(link.dataset.code) === plain(typed));
  if (exact.length || !/^\p{N}+$/u.test(plain(typed))) return exact;
  return links.filter((link) => digits(link.dataset.code) === digits(typed));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const matches = found(form.elements.q.value);
  const pages = new Set(matches.map((link) => link.href));
  for (const link of links) link.closest("tr").toggleAttribute("data-found", matches.includes(link));
  none.textContent = pages.size ? "" : none.dataset.codesNone;
  if (pages.size === 1) location.assign(matches[0].href);
  else matches[0]?.focus();
});
