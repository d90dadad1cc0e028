// Where answers come from: the kiosk's own server, or in the browser the data that the build exported. Both give the same JSON.

import { isKiosk, lang, root } from "./search-dom.js";

const TIME_LIMIT = 10000;
const STARTS = [5, 4]; // letters of the longest word, where no page has any of the words

async function askKiosk(query, filters, signal) {
  const url = new URL("api/search", root);
  url.search = new URLSearchParams({ q: query, lang, ...filters }).toString();
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

/** Load what the first answer will need; a failure is told when there is something to search for. */
export function prepare() {
  if (!isKiosk) openExport().catch(() => {});
}

async function askExport(query, filters) {
  const engine = openExport();
  try {
    return await (await engine).search(query, filters);
  } catch {
    // The site may have been replaced since its data were opened: their files have other names now.
    if (opening === engine) opening = null;
    return (await openExport()).search(query, filters);
  }
}

function askOnce(query, filters, signal) {
  return isKiosk ? askKiosk(query, filters, signal) : askExport(query, filters);
}

/** Answer a query within the time limit; `filters` may hold `product` and `stage`. */
export function ask(query, filters) {
  const chosen = Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
  const stop = new AbortController();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => { stop.abort(); reject(new Error("search: too late")); }, TIME_LIMIT);
  });
  return Promise.race([askOnce(query, chosen, stop.signal), late]).finally(() => clearTimeout(timer));
}

/** Find what comes closest to a query without results: the same without filters, else words that begin like its longest one. */
export async function nearest(query, filters) {
  const longest = (query.match(/[\p{L}\p{N}\p{M}]+/gu) || []).sort((a, b) => b.length - a.length)[0] || "";
  const starts = STARTS.filter((length) => length < longest.length).map((length) => longest.slice(0, length));
  const attempts = filters.product || filters.stage ? [query, ...starts] : starts;
  for (const attempt of attempts) {
    const { results } = await ask(attempt, {});
    if (results.length) return results;
  }
  return [];
}
