// Filters for product and stage: buttons that stay pressed, with the number of pages behind each.

import { element, words } from "./search-dom.js";

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
    const chips = [{ id: "", name: say("every") }, ...options].map((option) => chip(kind, option));
    return element("div", { className: "search-filter", role: "group", "aria-label": name }, element("span", { className: "search-filter-name", "aria-hidden": "true" }, name), element("div", { className: "search-chips" }, ...chips));
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
