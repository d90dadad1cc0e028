// One question of a troubleshooter at a time. The state is in the address: `#repair?a=3.2` is the node `repair`, to which the third
// answer and then the second have led; `s=e1` says that the reader began at the node `e1` and not at the first one.

import { chose, ended, endPractice, keepWay, practising } from "./endings.js";
import { isWriting } from "./choices.js";
import { qrPicture } from "./qr.js";

const tree = document.querySelector("[data-tree]");
const part = (name) => tree.querySelector(`[data-tree-${name}]`);
const nodes = new Map([...tree.querySelectorAll("[data-node]")].map((section) => [section.dataset.node, section]));
const first = nodes.keys().next().value;
const kiosk = document.documentElement.dataset.surface === "kiosk";
let now = { start: first, path: [] };

// Reading ---------------------------------------------------------------------------------------------------------------

// The answers of a node: the entries of its lists that are nothing but a link.
function answers(section) {
  const links = [...section.querySelectorAll(":scope > ul > li a")];
  return links.filter((link) => link.closest("li").textContent.trim() === link.textContent.trim());
}

// Returns the node to which a link of this page leads.
function target(link) {
  if (link.origin !== location.origin || link.pathname !== location.pathname || !link.hash) return null;
  return nodes.get(decodeURIComponent(link.hash.slice(1))) ?? null;
}

function heading(section) {
  return section.querySelector("h2").textContent.trim();
}

// Returns every step of a way as {section, question, link}, and where it leads; null where there is no such way.
function walk({ start, path }) {
  let section = nodes.get(start) ?? null;
  const steps = [];
  for (const digit of path) {
    const link = section && answers(section)[digit - 1];
    const next = link && target(link);
    if (!next) return null;
    steps.push({ section, link });
    section = next;
  }
  return section && { steps, section };
}

function stateOf(hash) {
  const [name, query] = decodeURIComponent(hash.slice(1)).split("?");
  if (!nodes.has(name)) return name ? null : { start: first, path: [] };
  const told = new URLSearchParams(query ?? "");
  const path = (told.get("a") ?? "").split(".").filter(Boolean).map(Number);
  const state = { start: nodes.has(told.get("s")) ? told.get("s") : first, path };
  // A way that no longer leads there, because the tree was changed since: the place counts.
  return path.length && walk(state)?.section.dataset.node === name ? state : { start: name, path: [] };
}

function hashOf(state) {
  const { dataset } = walk(state).section;
  if (!state.path.length) return state.start === first ? "" : `#${state.start}`;
  const from = state.start === first ? "" : `s=${state.start}&`;
  return `#${dataset.node}?${from}a=${state.path.join(".")}`;
}

// Showing ---------------------------------------------------------------------------------------------------------------

function show(state) {
  const found = walk(state);
  if (!found) return;
  now = state;
  const { section, steps } = found;
  for (const other of nodes.values()) delete other.dataset.now;
  section.dataset.now = "";
  tree.dataset.on = "";
  const ending = section.dataset.ending;
  document.body.classList.toggle("tree-asking", !ending);
  document.body.classList.toggle("tree-under-way", steps.length > 0);
  part("top").hidden = false;
  part("step").textContent = ending ? part("step").dataset.ended : position(section, steps.length);
  part("back").hidden = !steps.length;
  part("again").hidden = !steps.length && state.start === first;
  warn(section, steps.length);
  list(steps, ending);
  code(state, ending);
  followLanguages(hashOf(state));
}

function position(section, asked) {
  const total = asked + Math.max(1, Number(section.dataset.ahead));
  return part("step").dataset.text.replace("{number}", asked + 1).replace("{total}", total);
}

// Whoever begins in the middle has not read the warnings of the way there.
function warn(section, asked) {
  const box = part("warned");
  box.replaceChildren();
  if (!asked) {
    for (const name of (section.dataset.warned ?? "").split(" ").filter(Boolean)) {
      for (const warning of nodes.get(name).querySelectorAll(".admonition:is(.danger, .warning)")) {
        const copy = warning.cloneNode(true);
        if (![...box.children].some((other) => other.isEqualNode(copy))) box.append(copy);
      }
    }
  }
  box.hidden = !box.children.length;
}

function list(steps, ending) {
  part("answers").replaceChildren(
    ...steps.map(({ section, link }) => {
      const [entry, question, answer] = ["li", "span", "strong"].map((name) => document.createElement(name));
      question.textContent = heading(section);
      answer.textContent = link.textContent.trim();
      entry.append(question, " ", answer);
      return entry;
    }),
  );
  part("way").hidden = !steps.length || !ending;
}

function code(state, ending) {
  const take = part("take");
  const address = tree.dataset.web && tree.dataset.web + hashOf(state);
  const picture = address && qrPicture(address);
  take.hidden = !picture;
  part("code").replaceChildren(...(picture ? [picture] : []));
  take.open = Boolean(picture && ending);
}

// A change of language keeps the question.
function followLanguages(hash) {
  for (const link of document.querySelectorAll("a[hreflang]")) {
    if (link.pathname.endsWith(location.pathname.split("/").slice(2).join("/"))) link.hash = hash;
  }
}

// Going -----------------------------------------------------------------------------------------------------------------

function go(state, { back = false } = {}) {
  const depth = history.state?.treeDepth ?? 0;
  const address = location.pathname + location.search + hashOf(state);
  if (back) history.replaceState({ treeDepth: 0 }, "", address);
  else history.pushState({ treeDepth: depth + 1 }, "", address);
  show(state);
  say();
}

// Puts the focus on the question, which is thereby read aloud, and its top on the screen.
function say() {
  const title = walk(now).section.querySelector("h2");
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
  tree.scrollIntoView({ block: "start" });
}

function choose(link) {
  const { section, steps } = walk(now);
  const digit = answers(section).indexOf(link) + 1;
  const next = target(link);
  chose({ tree: tree.dataset.tree, node: section.dataset.node, digit, to: next?.dataset.node });
  if (next) {
    const state = { ...now, path: [...now.path, digit] };
    go(state);
    if (next.dataset.ending) tell(state, next);
    return;
  }
  remember([...steps, { section, link }], [...now.path, digit]);
  // Another troubleshooter is no ending: it tells its own. What an ending offers was told when it was reached.
  if (!section.dataset.ending && !link.closest("[data-calls]")) {
    ended({ ...event({ ...now, path: [...now.path, digit] }), node: section.dataset.node, ending: "page", page: link.pathname });
  }
}

function event({ start, path }) {
  return { tree: tree.dataset.tree, start, path: path.join(".") };
}

function tell(state, section) {
  ended({ ...event(state), node: section.dataset.node, ending: section.dataset.ending });
  remember(walk(state).steps, state.path);
}

function remember(steps, path) {
  const told = steps.map(({ section, link }) => ({ question: heading(section), answer: link.textContent.trim() }));
  keepWay({ ...event({ ...now, path }), answers: told });
}

function back() {
  if (history.state?.treeDepth) history.back();
  else go({ ...now, path: now.path.slice(0, -1) }, { back: true });
}

// Listening -------------------------------------------------------------------------------------------------------------

tree.addEventListener("click", (happening) => {
  const link = happening.target.closest("[data-now] a[href]");
  if (!link || happening.ctrlKey || happening.metaKey || happening.shiftKey || happening.button) return;
  if (!answers(walk(now).section).includes(link)) return;
  if (target(link)) happening.preventDefault();
  choose(link);
});
part("back").addEventListener("click", back);
part("again").addEventListener("click", () => go({ start: first, path: [] }));
part("person").addEventListener("click", () => remember(walk(now).steps, now.path));
// However somebody leaves, by the bar or a key of the kiosk too, what was tried goes along.
addEventListener("pagehide", () => remember(walk(now).steps, now.path));
part("print").hidden = kiosk;
part("print").addEventListener("click", () => print());
part("practice-end").addEventListener("click", () => {
  endPractice();
  part("practice").hidden = true;
});

// The keys of a telephone on the web: 0 a person, * once more, # home. They count while the focus is in the tree, so that nobody's own
// shortcuts are taken away. The kiosk's shell has them on every page; the digits 1 to 9 are in choices.js.
addEventListener("keydown", (happening) => {
  if (happening.ctrlKey || happening.altKey || happening.metaKey || isWriting(happening.target)) return;
  if (kiosk || document.querySelector("dialog[open]") || !tree.contains(document.activeElement)) return;
  const does = { 0: () => part("person").click(), "*": say, "#": () => location.assign(tree.dataset.home) }[happening.key];
  if (!does) return;
  happening.preventDefault();
  does();
});

addEventListener("popstate", () => {
  const state = stateOf(location.hash);
  if (!state) return;
  show(state);
  say();
});

part("practice").hidden = !practising();
show(stateOf(location.hash) ?? now);
if (!kiosk) tree.focus({ preventScroll: true });
// The browser goes to the question; what stands above it, first of all its warnings, must be seen too.
if (location.hash && stateOf(location.hash)) addEventListener("load", () => setTimeout(() => tree.scrollIntoView({ block: "start" })));
