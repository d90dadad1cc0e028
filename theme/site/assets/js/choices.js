// On the kiosk each choice has a digit, 1 to 9, for a pad of keys: shown on it, and pressed while no field is being written in.

const ALWAYS = ".choice";
// Results and ways on; not the links in an answer that is open among them.
const RESULTS = ":is(.search-panel.search-open, .search-page) a:not(.search-answer a)";

function visible(link) {
  return link.getClientRects().length > 0;
}

function choices() {
  const dialog = document.querySelector("dialog[open]");
  if (dialog) return [...dialog.querySelectorAll("a[href], button")].filter(visible);
  const found = [...document.querySelectorAll(RESULTS)].filter(visible);
  return found.length ? found : [...document.querySelectorAll(ALWAYS)].filter(visible);
}

function number() {
  for (const old of document.querySelectorAll("[data-digit]")) {
    delete old.dataset.digit;
    old.removeAttribute("aria-keyshortcuts");
  }
  choices().slice(0, 9).forEach((link, index) => {
    link.dataset.digit = String(index + 1);
    link.setAttribute("aria-keyshortcuts", String(index + 1));
  });
}

function writing(target) {
  return target.matches?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || writing(event.target) || !/^[1-9]$/.test(event.key)) return;
  number();
  const choice = document.querySelector(`[data-digit="${event.key}"]`);
  if (choice) {
    event.preventDefault();
    choice.focus();
    choice.click();
  }
});

number();
let waiting = 0;
new MutationObserver(() => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(number);
}).observe(document.body, { subtree: true, childList: true, attributeFilter: ["open"] });
