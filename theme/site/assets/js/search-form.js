// One search form: asks while somebody types, shows the newest answer, and can be used by touch, keyboard and voice output.
// Every text comes from the form's attributes data-text-…

import { element, isKiosk, textsOf, words } from "./search-dom.js";
import { counted, filterNames, filterRows } from "./search-filters.js";
import { Results } from "./search-results.js";
import { ask, nearest, prepare } from "./search-source.js";

const WAIT = 120;
const AGAIN = 3000;
const MOST_AGAIN = 100;
const IN_PANEL = 6;
const STOPS = ".search-title, .search-all, .search-way";

/** The place below a form: a line that is read out, filters, and what was found. */
class Panel {
  constructor(form, section, choose) {
    this.say = textsOf(form);
    this.field = form.querySelector("input[name=q]");
    this.form = form;
    this.choose = choose;
    this.limit = section ? Infinity : IN_PANEL;
    this.withFilters = Boolean(section);
    this.results = new Results(this.say, { inPlace: Boolean(section) || isKiosk, byProduct: Boolean(section), person: form.dataset.person });
    this.status = element("p", { className: "search-status", role: "status" });
    this.filters = element("div", { className: "search-filters" });
    this.body = element("div", { className: "search-body" });
    this.place = element("div", { className: section ? "search-page" : "search-panel" }, this.filters, this.status, this.body);
    (section || form).append(this.place);
  }

  get isOpen() {
    return this.place.classList.contains("search-open");
  }

  clear() {
    this.status.textContent = "";
    this.body.replaceChildren();
    this.filters.replaceChildren();
    this.place.classList.remove("search-open");
  }

  open(status, children, filters = []) {
    const focused = this.place.contains(document.activeElement) ? document.activeElement : null;
    this.status.textContent = status;
    this.showFilters(filters);
    this.body.replaceChildren(...children);
    this.place.classList.add("search-open");
    if (focused) this.refocus(focused.dataset.key || focused.href);
  }

  // A row that somebody has pushed sideways stays where it is.
  showFilters(rows) {
    const pushed = [...this.filters.children].map((row) => row.lastChild.scrollLeft);
    this.filters.replaceChildren(...rows);
    rows.forEach((row, index) => { row.lastChild.scrollLeft = pushed[index] || 0; });
  }

  // Whoever went into the list before the last answer came stays at that place, or goes back to the field: never out of the search.
  refocus(key) {
    const same = key && [...this.place.querySelectorAll("a, button")].find((one) => one.dataset.key === key || one.href === key);
    (same || this.field).focus({ preventScroll: true });
  }

  loading() {
    if (!this.isOpen) this.open(this.say("searching"), []);
  }

  // Said once: while it is asked again and again, a voice must not repeat it.
  failed(answer) {
    const links = answer?.zero_result_help?.links ?? [];
    if (!this.isOpen || this.status.textContent !== this.say("error")) this.open(this.say("error"), answer ? this.results.waysOn(links, []) : []);
  }

  show(query, answer, filters, near) {
    this.body.dataset.query = query;
    const rows = this.withFilters ? filterRows(answer, filters, this.say, this.choose) : [];
    if (!answer.results.length) {
      const links = answer.zero_result_help ? answer.zero_result_help.links : [];
      this.open(this.say("none", { query: answer.query }), this.results.waysOn(links, near), rows);
      return;
    }
    const { shown, first } = this.results.list(answer.results.slice(0, this.limit));
    if (answer.did_you_mean) shown.unshift(words("p", "search-corrected", this.say("meant", { words: answer.did_you_mean })));
    const count = answer.results.length;
    if (count > this.limit) shown.push(element("a", { className: "search-all", href: pageURL(this.form, answer.query, filters) }, this.say("all")));
    const names = filterNames(answer, filters, this.say);
    const best = count > 1 && !names.length && counted(answer) > count;
    const told = count === 1 ? this.say("one") : this.say(best ? "best" : "results", { count });
    const status = [told, ...names].join(" · ");
    this.open(status, shown, rows);
    if (answer.clear && first) this.openFirst(first, status);
  }

  async openFirst(first, status) {
    const isThere = await first.show(true);
    if (isThere && this.status.textContent === status) this.status.textContent = `${status} · ${this.say("opened")}`;
  }

  stops() {
    return [...this.body.querySelectorAll(STOPS)];
  }
}

function pageURL(form, query, filters) {
  const url = new URL(form.action);
  const chosen = Object.entries(filters).filter(([, value]) => value);
  url.search = new URLSearchParams([["q", query], ...chosen]).toString();
  return url.href;
}

/** Let a form search while somebody types; `section` is where the results of the search page go. */
export function attach(form, section) {
  const field = form.querySelector("input[name=q]");
  if (!field) return;
  const asked = new URLSearchParams(section ? location.search : "");
  const filters = { product: asked.get("product") || form.dataset.product || "", stage: asked.get("stage") || "" };
  const panel = new Panel(form, section, choose);
  let timer = 0;
  let latest = 0;
  let again = 0;

  async function run() {
    clearTimeout(timer);
    const query = field.value;
    latest += 1;
    const mine = latest;
    if (section) history.replaceState(history.state, "", pageURL(form, query, filters));
    if (!query.trim()) {
      panel.clear();
      return;
    }
    const chosen = { ...filters };
    try {
      panel.loading();
      const answer = await ask(query, chosen);
      if (answer.unavailable) {
        if (mine === latest) unavailable(answer);
        return;
      }
      again = 0;
      const near = answer.results.length || mine !== latest ? [] : await nearest(query, chosen).catch(() => []);
      if (mine !== latest) return; // somebody has typed on
      panel.show(query, answer, chosen, near);
      document.dispatchEvent(new CustomEvent("helpstand:search", { detail: { query, results: answer.results.length } }));
    } catch (error) {
      console.warn(error);
      if (mine === latest) panel.failed();
    }
  }

  // The kiosk is building its index anew, or is busy: the same question finds its answer as soon as there is one.
  function unavailable(answer) {
    panel.failed(answer);
    again += 1;
    if (again < MOST_AGAIN) timer = setTimeout(run, AGAIN);
  }

  function later() {
    latest += 1; // the answer to what stood there before must not appear any more
    clearTimeout(timer);
    timer = setTimeout(run, WAIT);
  }

  function choose(kind, id) {
    filters[kind] = id;
    run();
  }

  function close() {
    clearTimeout(timer);
    latest += 1;
    panel.clear();
  }

  function keys(event) {
    const stops = panel.stops();
    const at = stops.indexOf(document.activeElement);
    const inField = document.activeElement === field;
    if (event.key === "ArrowDown" && (at >= 0 || inField) && at + 1 < stops.length) stops[at + 1].focus();
    else if (event.key === "ArrowUp" && at >= 0) (stops[at - 1] || field).focus();
    else if (event.key === "Escape" && panel.isOpen && !section) {
      close();
      field.focus({ preventScroll: true });
      close(); // focus alone would search again
    } else return;
    event.preventDefault();
  }

  field.addEventListener("focus", () => {
    prepare();
    if (!section && field.value.trim() && !panel.isOpen) later();
  });
  field.addEventListener("input", (event) => { if (!event.isComposing) later(); });
  field.addEventListener("compositionend", later);
  form.addEventListener("submit", (event) => {
    if (section) {
      event.preventDefault();
      run();
    } else if (!field.value.trim()) {
      event.preventDefault();
    }
  });
  form.addEventListener("keydown", keys);
  if (section) {
    panel.place.addEventListener("keydown", keys);
    if (asked.get("q") && !field.value) field.value = asked.get("q");
  } else {
    document.addEventListener("pointerdown", ({ target }) => {
      if (target instanceof Element && !form.contains(target) && !target.closest("[data-search-keep]")) close();
    });
  }
  if (document.activeElement === field) prepare();
  if (field.value.trim()) run(); // typed before this was loaded, or asked for by the address
}
