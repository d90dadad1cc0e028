// On the kiosk each choice has a digit, 1 to 9, for a pad of keys: shown on it, and pressed while no field is being written in. On
// the web the answers of a troubleshooter have theirs, as long as the focus is among them.

const ALWAYS = ".choice";
const tree = document.querySelector("[data-tree]");
const kiosk = document.documentElement.dataset.surface === "kiosk";

function visible(link) {
  return link.getClientRects().length > 0;
}

function choices() {
  const dialog = document.querySelector("dialog[open]");
  if (dialog) return [...dialog.querySelectorAll("a[href], button")].filter(visible);
  const answers = [...(tree?.querySelectorAll("[data-now] > ul > li a") ?? [])].filter(visible);
  if (!kiosk) return answers;
  const found = [...document.querySelectorAll(".search-panel.search-open a, .search-page a")].filter(visible);
  if (found.length) return found;
  return answers.length ? answers : [...document.querySelectorAll(ALWAYS)].filter(visible);
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

export function isWriting(target) {
  return target.matches?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || isWriting(event.target) || !/^[1-9]$/.test(event.key)) return;
  if (!kiosk && !tree?.contains(document.activeElement)) return;
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
}).observe(document.body, { subtree: true, childList: true, attributeFilter: ["open", "data-now"] });
