// Search as you type: results under every `form.search`, and as a whole page where there is `[data-search-page]`.
// On a kiosk the kiosk's own server answers; on the web the browser does, with data that are loaded when a field is first used.
// Results are plain links in a list and a status line that is read out; every text comes from the form's attributes
// data-text-searching, -results ({count}), -one, -all, -meant ({words}), -none ({query}), -nearest and -error.

const WAIT = 120;
const TIME_LIMIT = 10000;
const IN_PANEL = 6;

const page = document.documentElement;
const root = new URL(`${page.dataset.root ?? "."}/`, document.baseURI);
const lang = page.dataset.lang || page.lang;

// ---- where answers come from ----------------------------------------------------------------------------------------

async function askKiosk(query, product, signal) {
  const url = new URL("api/search", root);
  url.searchParams.set("q", query);
  url.searchParams.set("lang", lang);
  if (product) url.searchParams.set("product", product);
  const response = await fetch(url, { signal, headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`search: ${response.status}`);
  return response.json();
}

let opening = null;

function openExport() {
  opening ||= import("./search.js").then(({ Search }) => Search.open(new URL(`${lang}/search/`, root).href));
  opening.catch(() => { opening = null; }); // what failed once is tried again with the next word
  return opening;
}

async function ask(query, product, signal) {
  if (page.dataset.surface === "kiosk") return askKiosk(query, product, signal);
  const search = await openExport();
  return search.search(query, { product });
}

function withTimeLimit(query, product) {
  const stop = new AbortController();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => { stop.abort(); reject(new Error("search: too late")); }, TIME_LIMIT);
  });
  return Promise.race([ask(query, product, stop.signal), late]).finally(() => clearTimeout(timer));
}

// ---- what is shown --------------------------------------------------------------------------------------------------

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function link(title, url, className) {
  const made = element("a", className, title);
  made.href = new URL(url, root).href;
  made.dir = "auto";
  return made;
}

function passageLine(marks) {
  const line = element("p", "search-passage", ...marks.map(({ text, mark }) => (mark ? element("mark", "", text) : text)));
  line.dir = "auto";
  return line;
}

function resultItem(result) {
  const item = element("li", "search-result", link(result.title, result.url, "search-title"));
  const where = [result.product_title, result.heading].filter(Boolean).join(" · ");
  if (where) {
    const line = element("p", "search-where", where);
    line.dir = "auto";
    item.append(line);
  }
  if (result.passage.length) item.append(passageLine(result.passage));
  return item;
}

class Panel {
  /** The results of one form: a line that is read out, and the links. */
  constructor(form, place, limit) {
    this.form = form;
    this.limit = limit;
    this.status = element("p", "search-status");
    this.status.setAttribute("role", "status");
    this.body = element("div", "search-body");
    place.append(this.status, this.body);
    this.place = place;
  }

  text(name, values = {}) {
    const pattern = this.form.getAttribute(`data-text-${name}`) || "";
    return pattern.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
  }

  clear() {
    this.status.textContent = "";
    this.body.replaceChildren();
    this.place.classList.remove("search-open");
  }

  open(status, ...children) {
    const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
    this.status.textContent = status;
    this.body.replaceChildren(...children);
    this.place.classList.add("search-open");
    if (focused) this.refocus(focused.href);
  }

  // Whoever went into the list before the last answer came stays at that link, or goes back to the field: never out of the search.
  refocus(href) {
    const same = this.links().find((link) => link.href === href);
    (same || this.form.querySelector("input[name=q]")).focus({ preventScroll: true });
  }

  loading() {
    if (!this.place.classList.contains("search-open")) this.open(this.text("searching"));
  }

  failed() {
    this.open(this.text("error"));
  }

  show(answer, query) {
    this.body.dataset.query = query;
    const { results } = answer;
    if (!results.length) {
      this.nothing(answer);
      return;
    }
    const list = element("ol", "search-results", ...results.slice(0, this.limit).map(resultItem));
    const children = [list];
    if (answer.did_you_mean) {
      const line = element("p", "search-corrected", this.text("meant", { words: answer.did_you_mean }));
      line.dir = "auto";
      children.unshift(line);
    }
    if (results.length > this.limit) {
      const all = element("a", "search-all", this.text("all"));
      all.href = pageURL(this.form, answer.query);
      children.push(all);
    }
    this.open(results.length === 1 ? this.text("one") : this.text("results", { count: results.length }), ...children);
  }

  nothing(answer) {
    const links = answer.zero_result_help ? answer.zero_result_help.links : [];
    const children = links.map(({ title, url }) => element("li", "", link(title, url, "search-title")));
    const help = children.length ? [element("p", "search-help", this.text("nearest")), element("ul", "search-results", ...children)] : [];
    this.open(this.text("none", { query: answer.query }), ...help);
  }

  links() {
    return [...this.body.querySelectorAll("a")];
  }
}

function pageURL(form, query) {
  const url = new URL(form.action);
  url.search = new URLSearchParams({ q: query }).toString();
  return url.href;
}

// ---- one form -------------------------------------------------------------------------------------------------------

function attach(form, section) {
  const field = form.querySelector("input[name=q]");
  if (!field) return;
  const place = element("div", section ? "search-page" : "search-panel");
  (section || form).append(place);
  const panel = new Panel(form, place, section ? Infinity : IN_PANEL);
  let timer = 0;
  let latest = 0;

  async function run() {
    clearTimeout(timer);
    const query = field.value;
    latest += 1;
    const mine = latest;
    if (section) history.replaceState(history.state, "", pageURL(form, query));
    if (!query.trim()) {
      panel.clear();
      return;
    }
    try {
      panel.loading();
      const answer = await withTimeLimit(query, form.dataset.product || "");
      if (mine === latest) panel.show(answer, query); // else somebody has typed on
    } catch (error) {
      console.warn(error);
      if (mine === latest) panel.failed();
    }
  }

  function later() {
    latest += 1; // the answer to what stood there before must not appear any more
    clearTimeout(timer);
    timer = setTimeout(run, WAIT);
  }

  function close() {
    clearTimeout(timer);
    latest += 1;
    panel.clear();
  }

  field.autocomplete = "off";
  field.addEventListener("focus", () => {
    if (page.dataset.surface !== "kiosk") openExport().catch(() => {}); // said when there is something to search for
    if (!section && field.value.trim() && !place.classList.contains("search-open")) later();
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
  const keys = (event) => {
    const links = panel.links();
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && links.length && at + 1 < links.length) links[at + 1].focus();
    else if (event.key === "ArrowUp" && at >= 0) (links[at - 1] || field).focus();
    else if (event.key === "Escape" && place.classList.contains("search-open") && !section) {
      close();
      field.focus({ preventScroll: true });
      close(); // focus alone would search again
    } else return;
    event.preventDefault();
  };
  form.addEventListener("keydown", keys);
  if (section) {
    place.addEventListener("keydown", keys);
    const asked = new URLSearchParams(location.search).get("q");
    if (asked) {
      field.value = asked;
      run();
    }
  } else {
    document.addEventListener("pointerdown", ({ target }) => {
      if (target instanceof Element && !form.contains(target) && !target.closest("[data-search-keep]")) close();
    });
  }
}

const section = document.querySelector("[data-search-page]");
const forms = [...document.querySelectorAll("form.search")];
const main = section ? section.querySelector("form.search") || forms[0] : null;
for (const form of forms) attach(form, form === main ? section : null);
