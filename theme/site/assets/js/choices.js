// On the kiosk each choice has a digit, 1 to 9, for a pad of keys: shown on it, and pressed while no field is being written in.
// Once somebody uses keys (data-keys on the page), everything that can be pressed has a turn: nine and more are leafed through with 9.
// On the web the answers of a troubleshooter have digits, as long as the focus is among them.

const ALWAYS = ".choice";
const WITH_KEYS = ".choice, main :is(a[href], summary, .field, button, input, textarea, select)";
const NEVER = ".crumbs *, .in-languages *, .search button, .search input, [data-zoom-open], .skip, [type=hidden], :disabled";
// Results and ways on; not the links in an answer that is open among them. With keys also what opens answers and narrows the search.
const RESULTS = ":is(.search-panel.search-open, .search-page) a:not(.search-answer a)";
const RESULTS_WITH_KEYS = ":is(.search-panel.search-open, .search-page) :is(a, button)";
const PAGE = 8;
const tree = document.querySelector("[data-tree]");
const kiosk = document.documentElement.dataset.surface === "kiosk";

let first = 0;
let last = [];

function visible(one) {
  return one.getClientRects().length > 0 && (one.checkVisibility?.({ visibilityProperty: true }) ?? true);
}

function withKeys() {
  return document.documentElement.dataset.keys === "on";
}

/** Everything that may be chosen now, in the order of the page. */
export function choices() {
  const dialogs = [...document.querySelectorAll("dialog[open]")];
  if (dialogs.length) return [...dialogs.at(-1).querySelectorAll("a[href], button, input, select, textarea")].filter(visible);
  const answers = [...(tree?.querySelectorAll("[data-now] > ul > li a") ?? [])].filter(visible);
  // Nine answers take all digits: what the screen says before the first key must be what the key does.
  if (!kiosk || (answers.length && (!withKeys() || answers.length > PAGE))) return answers;
  const found = [...document.querySelectorAll(withKeys() ? RESULTS_WITH_KEYS : RESULTS)].filter(visible);
  if (found.length) return found;
  const all = [...document.querySelectorAll(withKeys() ? WITH_KEYS : ALWAYS)];
  const fits = (one) => visible(one) && !one.matches(NEVER) && !one.parentElement.closest("a[href], summary");
  return [...answers, ...all.filter((one) => fits(one) && !answers.includes(one))];
}

/** Whether 9 leads to more choices. */
export function more() {
  return withKeys() && last.length > PAGE + 1;
}

export function number() {
  for (const old of document.querySelectorAll("[data-digit]")) {
    delete old.dataset.digit;
    old.removeAttribute("aria-keyshortcuts");
  }
  const all = choices();
  if (all.length !== last.length || all.some((one, place) => one !== last[place])) first = 0;
  last = all;
  all.slice(first, first + (more() ? PAGE : 9)).forEach((one, index) => {
    one.dataset.digit = String(index + 1);
    one.setAttribute("aria-keyshortcuts", String(index + 1));
  });
  document.documentElement.toggleAttribute("data-more-choices", more());
}

/** Gives the digits to the next choices, and after the last ones to the first again. */
function turn() {
  first = first + PAGE < last.length ? first + PAGE : 0;
  number();
  dispatchEvent(new Event("choices-turned"));
}

export function isWriting(target) {
  return target.matches?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
}

function choose(one) {
  const field = one.matches(".field") ? one.querySelector("input") : one;
  field.focus();
  if (!isWriting(field)) field.click();
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || isWriting(event.target) || !/^[1-9]$/.test(event.key)) return;
  if (!kiosk && !tree?.contains(document.activeElement)) return;
  number();
  const choice = document.querySelector(`[data-digit="${event.key}"]`);
  if (choice) {
    event.preventDefault();
    choose(choice);
  } else if (event.key === "9" && more()) {
    event.preventDefault();
    turn();
  }
});

number();
let waiting = 0;
new MutationObserver(() => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(number);
}).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ["open", "data-keys", "data-now", "hidden"] });
