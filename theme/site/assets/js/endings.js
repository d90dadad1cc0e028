// Where the end of a way through a troubleshooter is told: one receiver, one event. Until somebody connects one, nothing is told.
//
// The event is {tree, start, path, node, ending}: the guide's ID, the node where the reader began, the digits chosen from there
// ("3.2"), the node where the way ended, and what kind of ending it is. All of it is the same in every language. A way that ends on
// another page has the ending "page", and its address in `page`.

const PRACTICE = "helpstand-practice";
const WAY = "helpstand-way";

let receiver = () => {};

// Hands every coming event to a function.
export function connect(other) {
  receiver = other;
}

// Stands in for a receiver: the events come into the list that is returned.
export function recorder() {
  const events = [];
  connect((event) => events.push(event));
  return events;
}

// Tells of an ending, unless staff are practising.
export function ended(event) {
  if (!practising()) receiver(Object.freeze(event));
}

// Tells of an answer on the way: {tree, node, digit}, and `to`, the node that follows; none where the way leads to another page.
export function chose(choice) {
  if (!practising()) document.dispatchEvent(new CustomEvent("helpstand:choice", { detail: Object.freeze(choice) }));
}

// What a person who takes over should know: the last way, as {tree, start, path, answers: [{question, answer}]}. It lasts as long as
// the tab, on a kiosk as long as the visit, and leaves the device only if the reader hands it over.
export function keepWay(way) {
  remember(WAY, JSON.stringify(way));
}

export function lastWay() {
  try {
    return JSON.parse(recall(WAY));
  } catch {
    return null;
  }
}

// Practice begins at an address with ?practice in it, and lasts until it is ended, at most as long as the tab or visit.
export function practising() {
  return recall(PRACTICE) === "yes";
}

export function endPractice() {
  remember(PRACTICE, "no");
  history.replaceState(history.state, "", location.pathname + location.hash);
}

function recall(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null; // Forbidden memory: nothing was kept.
  }
}

function remember(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // Nothing is kept, and nobody misses more than their answers on the next page.
  }
}

if (new URLSearchParams(location.search).has("practice")) remember(PRACTICE, "yes");
