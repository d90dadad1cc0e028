// What the parts of search share: where this page is, its words, and making elements.

const page = document.documentElement;
export const root = new URL(`${page.dataset.root ?? "."}/`, document.baseURI);
export const lang = page.dataset.lang || page.lang;
export const isKiosk = page.dataset.surface === "kiosk";

/** Make an element; what is no property of it is set as an attribute. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Words of other people: they may run in the other direction. */
export function words(name, className, ...children) {
  return element(name, { className, dir: "auto" }, ...children);
}

export function address(path) {
  return new URL(path, root).href;
}

/** Give the texts of a form, which stand in its attributes data-text-…, with their {names} filled in. */
export function textsOf(form) {
  return (name, values = {}) => {
    const pattern = form.getAttribute(`data-text-${name}`) || "";
    return pattern.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
  };
}
