// On every page: the first use of a search field loads the search itself. Where results have a page of their own, it is loaded at once.

const section = document.querySelector("[data-search-page]");

// What results look like is not needed for the first picture of a page; the page of results brings it along.
if (!section) {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("../css/search.css", import.meta.url).href;
  document.head.append(sheet);
}

const forms = [...document.querySelectorAll("form.search")];
const main = section ? section.querySelector("form.search") || forms[0] : null;
const begun = new Set();

async function begin(form) {
  if (begun.has(form)) return;
  begun.add(form);
  try {
    const { attach } = await import("./search-form.js");
    attach(form, form === main ? section : null);
  } catch (error) {
    begun.delete(form); // the next touch tries again; until then the form leads to the search page by itself
    console.warn(error);
  }
}

for (const form of forms) {
  for (const kind of ["focusin", "input"]) form.addEventListener(kind, () => begin(form));
  if (form === main || form.contains(document.activeElement)) begin(form);
}
