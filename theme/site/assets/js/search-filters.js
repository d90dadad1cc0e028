// Filters for product and stage: buttons that stay pressed, with the number of pages behind each.

import { element, words } from "./search-dom.js";

const FEW = 4; // so many choices stand in a row until somebody asks for more, else they push the answers off the screen
const opened = new Set();

/** Return the rows of filters for an answer; an empty list where there is nothing to choose. */
export function filterRows(answer, filters, say, choose) {
  const facets = answer.facets || {};
  const products = (facets.products || []).map(({ id, title, count }) => ({ id, name: title || id, count }));
  const stages = (facets.stages || []).map(({ id, count }) => ({ id, name: stageName(id, say), count }));
  const known = answer.results.find((result) => result.product === filters.product);
  return [
    row("product", withChosen(products, filters.product, known ? known.product_title : filters.product)),
    row("stage", withChosen(stages, filters.stage, stageName(filters.stage, say))),
  ].filter(Boolean);

  function row(kind, options) {
    if (options.length < 2 && !filters[kind]) return null;
    const name = say(kind);
    const all = opened.has(kind) || options.length <= FEW + 1;
    const few = options.filter(({ id }, place) => all || place < FEW || id === filters[kind]);
    const chips = [{ id: "", name: say("every") }, ...few].map((option) => chip(kind, option));
    if (few.length < options.length) chips.push(moreChip(kind, options.filter((option) => !few.includes(option))));
    return element("div", { className: "search-filter", role: "group", "aria-label": name }, element("span", { className: "search-filter-name", "aria-hidden": "true" }, name), element("div", { className: "search-chips" }, ...chips));
  }

  function moreChip(kind, rest) {
    const button = words("button", "search-chip search-chip-more", say("more"));
    button.type = "button";
    button.addEventListener("click", () => {
      opened.add(kind);
      const chips = rest.map((option) => chip(kind, option));
      button.replaceWith(...chips);
      chips[0].focus();
    });
    return button;
  }

  function chip(kind, { id, name, count }) {
    const button = words("button", "search-chip", name);
    if (count !== undefined) button.append(" ", element("span", { className: "search-count" }, String(count)));
    button.type = "button";
    button.dataset.key = `filter ${kind} ${id}`;
    button.setAttribute("aria-pressed", String((filters[kind] || "") === id));
    button.addEventListener("click", () => choose(kind, id));
    button.addEventListener("focus", () => button.scrollIntoView({ block: "nearest", inline: "center" })); // of a row pushed sideways
    return button;
  }
}

/** Tell which filters are on, for the line that is read out. */
export function filterNames(answer, filters, say) {
  const product = ((answer.facets || {}).products || []).find(({ id }) => id === filters.product);
  const known = answer.results.find((result) => result.product === filters.product);
  const title = product ? product.title : known ? known.product_title : filters.product;
  return [filters.product && title, filters.stage && stageName(filters.stage, say)].filter(Boolean);
}

function stageName(id, say) {
  return say(`stage-${id}`) || id;
}

// What was chosen can always be seen and let go, even where an answer has nothing of it.
function withChosen(options, id, name) {
  return !id || options.some((option) => option.id === id) ? options : [...options, { id, name }];
}

/** Tell how many pages an answer knows of, as far as its filters count them. */
export function counted({ facets = {}, results }) {
  const sums = [facets.products, facets.stages].map((choices) => (choices || []).reduce((sum, { count }) => sum + count, 0));
  return Math.max(results.length, ...sums);
}
