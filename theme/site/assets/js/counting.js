// Counts what happens on pages, for the desk's figures: numbers, never who, and nothing at all while staff practise.
// On a kiosk each number goes to the kiosk itself, which keeps it in memory until the visit is over. On the web numbers gather in the tab
// and go to the shop's desk when the page is left; without a desk (data-desk) this file is not loaded. No name, cookie or number of a
// visitor is made or sent, and no words: those of a search go only to the kiosk, which seals them.

import { connect, practising } from "./endings.js";

const page = document.documentElement;
const kiosk = page.dataset.surface === "kiosk";
const desk = page.dataset.desk;
const language = page.dataset.lang;
const article = document.querySelector("article[data-guide]");
const here = { language, page: article?.dataset.guide ?? "", product: article?.dataset.product ?? "", stage: article?.dataset.stage ?? "" };
const MEMORY = "helpstand-count";
const TYPING = 30_000; // what is typed on within this time is the same search
const SETTLED = 1_500;
const STAYED = 60_000; // who searches no more within this time has found it
const ASKED = "helpstand-asked"; // the day on which this browser was asked for a recommendation, and nothing else
const ASK_ONE_IN = 5;
const ASK_AGAIN = 92 * 86_400_000;

// In this tab only, on a kiosk for the visit only: what is needed to count a search, a visit or a solution once.
let memory = recall();

function recall() {
  try {
    return { lines: {}, answers: [], ...JSON.parse(sessionStorage.getItem(MEMORY)) };
  } catch {
    return { lines: {}, answers: [] };
  }
}

function keep() {
  try {
    sessionStorage.setItem(MEMORY, JSON.stringify(memory));
  } catch {
    // Forbidden memory: then each page counts for itself.
  }
}

// Out -------------------------------------------------------------------------------------------------------------------

function count(name, told = {}, { undo = false } = {}) {
  if (practising()) return;
  const line = { name, language, ...told };
  if (kiosk) {
    post(undo ? { ...line, undo } : line);
    return;
  }
  const key = JSON.stringify(line);
  memory.lines[key] = (memory.lines[key] ?? 0) + (undo ? -1 : 1);
  keep();
}

function answer(told, place = here) {
  if (practising()) return;
  if (kiosk) {
    post({ ...place, ...told });
    return;
  }
  // A changed mind before the page is left counts once.
  memory.answers = [...memory.answers.filter((one) => one.question !== told.question || one.page !== place.page), { ...place, ...told }];
  keep();
}

function post(body) {
  fetch("/api/count", { method: "POST", body: JSON.stringify(body), keepalive: true, headers: { "content-type": "application/json" } }).catch(() => {});
}

function flush() {
  if (kiosk || !desk) return;
  const lines = Object.entries(memory.lines).filter(([, n]) => n > 0).map(([key, n]) => ({ ...JSON.parse(key), n: Math.min(n, 100) }));
  const answers = memory.answers;
  if (!lines.length && !answers.length) return;
  memory.lines = {};
  memory.answers = [];
  keep();
  const body = JSON.stringify({ kind: "daily", lines: lines.slice(0, 100), answers: answers.slice(0, 20) });
  // Plain text needs no question beforehand; neither cookies nor the page's address go along. What does not arrive is not counted.
  const quietly = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", redirect: "error" };
  fetch(`${desk}/api/v1/daily`, { method: "POST", body, keepalive: true, ...quietly }).catch(() => {});
}

// Searches --------------------------------------------------------------------------------------------------------------

function searched({ query, results }) {
  const words = query.trim().toLowerCase().replace(/\s+/g, " ");
  const last = memory.search;
  const now = Date.now();
  const typedOn = last && !last.settled && now - last.at < TYPING && (words.startsWith(last.words) || last.words.startsWith(words));
  if (typedOn) memory.search = { ...last, words, results, at: now };
  else if (words !== last?.words) begin({ words, results, at: now });
  keep();
  setTimeout(settleOld, TYPING + 50);
}

function begin(search) {
  settle();
  const last = memory.search;
  if (last?.opened && !last.found && Date.now() - last.opened < STAYED && kiosk) count("searches-found", {}, { undo: true });
  else confirm();
  memory.search = search;
}

function settleOld() {
  if (memory.search && Date.now() - memory.search.at >= TYPING) settle();
}

function settle() {
  const search = memory.search;
  if (!search || search.settled) return;
  search.settled = true;
  count("searches");
  if (!search.results) count("searches-zero");
  if (kiosk && !practising()) post({ words: search.words.slice(0, 60), language, results: Math.min(search.results, 1000) });
  keep();
}

function opened() {
  const search = memory.search;
  settle();
  if (!search?.results || search.opened) return;
  search.opened = Date.now();
  // A kiosk can take it back until the visit is over; a tab may be closed at any moment, so the web waits.
  if (kiosk) count("searches-found");
  else setTimeout(confirm, STAYED + 50);
  keep();
}

function confirm() {
  const search = memory.search;
  if (kiosk || !search?.opened || search.found || Date.now() - search.opened < STAYED) return;
  search.found = true;
  count("searches-found");
}

// Outcomes --------------------------------------------------------------------------------------------------------------

function solved() {
  count("solved");
  if (!memory.solved) count("visits-solved");
  memory.solved = memory.solvedNow = true;
  keep();
  askHowItWas();
}

function handedOver({ step, page: from = "", product = "" }) {
  if (step === "opened") count("handoff-opened");
  if (step === "solved") {
    count("handoff-solved");
    solved();
  }
  if (step !== "sent") return;
  count("handoff-sent", { page: from, product, stage: memory.read?.page === from ? memory.read.stage : "" });
  if (memory.solvedNow) count("false-solution");
  memory.solvedNow = false;
  keep();
  askHowItWas();
}

let under = null; // the question of a troubleshooter at which somebody stands, once one was answered

function chose({ tree, node, digit, to }) {
  count("tree-choice", { page: tree, choice: `${node}/${digit}` });
  under = to ? { tree, node: to } : null;
}

function ended({ tree, node, ending }) {
  count("tree-exit", { page: tree, choice: `${node}/${ending}` });
  under = null;
  if (ending === "solved") solved();
}

function left() {
  if (under) count("tree-exit", { page: under.tree, choice: `${under.node}/left` });
  under = null;
}

// Questions -------------------------------------------------------------------------------------------------------------

async function isCounted() {
  if (!kiosk) return Boolean(desk);
  const told = await fetch("/api/count").then((answer) => answer.json()).catch(() => null);
  return told?.open === true;
}

for (const [place, vote] of [...document.querySelectorAll(".helpful details")].entries()) {
  vote.addEventListener("toggle", async () => {
    if (!vote.open) return;
    answer({ question: "helpful", value: place === 0 ? 1 : 0 });
    const why = vote.querySelector("[data-why]");
    if (why && (await isCounted())) why.hidden = false;
  });
}

for (const reason of document.querySelectorAll("[data-reason]")) {
  reason.addEventListener("click", () => {
    answer({ question: "helpful", value: 0, reason: reason.dataset.reason });
    const why = reason.closest("[data-why]");
    why.querySelector("[data-why-ways]").hidden = true;
    why.querySelector("[role=status]").textContent = why.dataset.thanks;
  });
}

// One question at the end: on a kiosk how easy it was, on the web whether somebody is content, or, seldom, whether they recommend the shop.
async function askHowItWas() {
  if (memory.asked || practising() || !(await isCounted())) return;
  const question = kiosk ? "ces" : mayAskForRecommendation() ? "nps" : "csat";
  const box = document.querySelector(`[data-effort=${question}]`);
  if (!box) return;
  memory.asked = true;
  keep();
  // A recommendation is about the shop, not about the page on which somebody happens to be asked.
  const place = question === "nps" ? { language, page: "" } : here;
  box.hidden = false;
  box.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-value]");
    if (!button) return;
    answer({ question, value: Number(button.dataset.value) }, place);
    for (const part of box.querySelectorAll("[data-effort-ways], .note")) part.hidden = true;
    box.querySelector("[role=status]").textContent = box.dataset.thanks;
  });
}

// One in five, and never twice within a quarter of a year. A browser that remembers nothing cannot know, and is not asked.
function mayAskForRecommendation() {
  if (Math.random() >= 1 / ASK_ONE_IN) return false;
  try {
    const last = Date.parse(localStorage.getItem(ASKED) ?? "");
    if (Date.now() - last < ASK_AGAIN) return false;
    localStorage.setItem(ASKED, new Date().toISOString().slice(0, 10));
    return true;
  } catch {
    return false;
  }
}

// Listening -------------------------------------------------------------------------------------------------------------

let seen = false;

function see() {
  if (article && !seen) count("page-views", here);
  seen = true;
}

function arrived() {
  if (!practising() && !memory.visited) {
    memory.visited = true;
    if (!kiosk) count("visits", { choice: "web" }); // a kiosk counts its visits itself
  }
  if (article && here.stage) memory.read = { page: here.page, stage: here.stage };
  seen = false;
  // The kiosk counts only for a visit, which the first beat of its first page begins.
  if (kiosk) setTimeout(see, SETTLED);
  else see();
  settleOld();
  confirm();
  if (memory.search?.opened) setTimeout(confirm, STAYED + 50);
  if (memory.search && !memory.search.settled) setTimeout(settleOld, TYPING + 50);
  keep();
}

let carried = false;
connect(ended);
document.addEventListener("helpstand:search", ({ detail }) => searched(detail));
document.addEventListener("helpstand:choice", ({ detail }) => chose(detail));
document.addEventListener("helpstand:handover", ({ detail }) => handedOver(detail));
document.addEventListener("submit", ({ target }) => { carried = target.matches("form.search"); });
document.addEventListener("click", ({ target }) => {
  if (!(target instanceof Element)) return;
  if (target.closest(".search-all")) carried = true; // the same search, on a page of its own
  else if (target.closest(".search-title, .search-show")) opened();
  else if (!target.closest("form.search, .search-page, .k-osk")) settle(); // who turns elsewhere has typed enough
}, { capture: true });
addEventListener("pagehide", () => {
  see();
  if (!carried) settle();
  left();
  flush();
});
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  memory = recall();
  carried = false;
  arrived();
});
document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
arrived();
