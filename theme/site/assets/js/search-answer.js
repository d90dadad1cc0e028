// The answer itself, opened below a result: its page is fetched, and the section that answers is cut out of it.

import { address, element } from "./search-dom.js";
import { cutAnswer } from "./search-cut.js";

const TIME_LIMIT = 10000;
const MOST_PAGES = 20;
const WITH_ANSWER = { howto: "steps", error: "steps", guide: "answer", faq: "answer", reference: "answer", troubleshooter: "answer" };

const pages = new Map();

async function fetchPage(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIME_LIMIT), headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html"); // nothing in it runs or is loaded
}

function load(url) {
  if (!pages.has(url)) {
    const loading = fetchPage(url);
    loading.catch(() => pages.delete(url)); // what failed once is tried again
    if (pages.size >= MOST_PAGES) pages.delete(pages.keys().next().value);
    pages.set(url, loading);
  }
  return pages.get(url);
}

let count = 0;

/** Return the button and the place of a result's answer, and what opens it; null for a page that has no answer to show. */
export function answerOf(result, say, level) {
  const kind = WITH_ANSWER[result.type || "guide"];
  if (!kind) return null;
  const url = new URL(address(result.url));
  count += 1;
  const place = element("div", { className: "search-answer", id: `search-answer-${count}`, hidden: true });
  const button = element("button", { type: "button", className: "search-show" }, say(kind));
  button.dataset.key = `show ${url.href}`;
  button.setAttribute("aria-controls", place.id);

  async function fill() {
    const whole = element("p", { className: "search-whole" }, element("a", { href: url.href }, say("guide")));
    place.setAttribute("aria-busy", "true");
    try {
      const id = decodeURIComponent(url.hash.slice(1));
      const base = url.href.split("#")[0];
      const answer = cutAnswer(await load(base), { id, heading: result.heading, url: base, level });
      answer.className = "prose steps";
      place.replaceChildren(answer, whole);
      // The passage is part of what is open now; only one from a part further down says something else.
      place.parentElement.classList.toggle("search-told", Boolean(id) || !result.heading);
      return true;
    } catch (error) {
      console.warn(error);
      place.replaceChildren(element("p", {}, say("unread")), whole);
      return false;
    } finally {
      place.removeAttribute("aria-busy");
    }
  }

  /** Open or close it; says whether the answer is there to read. */
  async function show(open) {
    button.setAttribute("aria-expanded", String(open));
    button.textContent = say(open ? "hide" : kind);
    place.hidden = !open;
    if (!open) place.parentElement?.classList.remove("search-told");
    return open && fill();
  }

  button.addEventListener("click", () => show(place.hidden));
  place.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    show(false);
    button.focus();
  });
  show(false);
  return { button, place, show };
}
