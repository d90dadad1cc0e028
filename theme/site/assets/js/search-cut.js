// Cuts the answer out of a built page: one section with its warnings, or the beginning with its steps.

const WARNING = ".admonition:is(.danger, .warning, .caution)";
const RECALL = ".notice-recall";
const DROPPED = "script, style, link, template, noscript, iframe, object, embed, form, input, button, dialog, [data-search-skip], .headerlink, .mark";
const ADDRESSES = ["href", "src", "poster"];
const IN_ORDER = new Set(["howto", "error"]); // their sections follow each other; those of other pages stand side by side

/** Return the answer of a parsed page as nodes for this page: of the section with this id, or of the beginning. */
export function cutAnswer(page, { id, heading, url, level }) {
  const article = page.querySelector("article[data-guide]");
  if (!article) throw new Error(`${url}: no guide`);
  const chunks = chunksOf(article);
  const at = Math.max(0, chunks.findIndex((chunk) => chunk.ids.has(id)));
  const parts = chosen(chunks, at, { id, heading, type: article.dataset.type });
  // A warning at the top of a page holds for all of it; that of a section comes with the section.
  const [intro] = chunks;
  const above = at ? intro.nodes.flatMap((node) => (node.matches(WARNING) ? [node] : [...node.querySelectorAll(WARNING)])) : [];
  const shown = page.createElement("div"); // nothing of it runs or is loaded until it is clean
  shown.append(...[...page.querySelectorAll(RECALL), ...above].map((node) => node.cloneNode(true)));
  const several = parts.filter((part) => part.heading).length > 1;
  shown.append(...parts.map((part) => drawn(page, part, several, level)));
  for (const name of ["lang", "dir"]) if (article.hasAttribute(name)) shown.setAttribute(name, article.getAttribute(name));
  shown.dataset.type = article.dataset.type || "guide";
  clean(shown, url);
  return document.importNode(shown, true);
}

// A chunk is what stands under one h2; the first is all before it, the summary of the page included.
function chunksOf(article) {
  const lead = article.querySelector(".lead");
  const chunks = [{ heading: null, ids: new Set(), nodes: lead ? [lead] : [] }];
  for (const node of flat(article.querySelector(".prose") || article)) {
    if (node.localName === "h2") chunks.push({ heading: node, ids: new Set(), nodes: [] });
    else chunks.at(-1).nodes.push(node);
    for (const { id } of [node, ...node.querySelectorAll("[id]")]) if (id) chunks.at(-1).ids.add(id);
  }
  return chunks;
}

function flat(node) {
  return [...node.children].flatMap((child) => {
    if (child.matches("header, h1, .lead, [data-search-skip], .mark")) return [];
    if (child.matches(".part, .answer, .question, .question > summary")) return flat(child);
    return [child];
  });
}

function chosen(chunks, at, { id, heading, type }) {
  const hasSteps = (chunk) => chunk.nodes.some((node) => node.localName === "ol" || node.querySelector("ol"));
  const target = { ...chunks[at], nodes: at ? below(chunks[at].nodes, id) : chunks[at].nodes, open: true };
  if (at && !IN_ORDER.has(type)) return [target];
  const steps = chunks.filter((chunk, index) => index && (index === at || hasSteps(chunk)));
  if (at) return steps.map((chunk) => (chunk === chunks[at] ? target : chunk));
  if (!steps.length || type === "troubleshooter") return [target, ...chunks.slice(1, 2).map((chunk) => ({ ...chunk, open: true }))];
  // Which part is the right one, the reader sees best: "Fire" must not stand open before "A cell was swallowed".
  const isOpen = (chunk, index) => (IN_ORDER.has(type) ? index === 0 : Boolean(heading) && plain(chunk.heading) === heading);
  return [target, ...steps.map((chunk, index) => ({ ...chunk, open: isOpen(chunk, index) }))];
}

function plain(heading) {
  return heading.textContent.replace("¶", "").replace(/\s+/g, " ").trim();
}

// A smaller heading in a section leads to what stands under it, after the section's own warnings.
function below(nodes, id) {
  const first = nodes.findIndex((node) => node.id === id && /^h[3-6]$/.test(node.localName));
  if (first < 0) return nodes;
  const next = nodes.findIndex((node, index) => index > first && /^h[3-6]$/.test(node.localName) && node.localName <= nodes[first].localName);
  return [...nodes.slice(0, first).filter((node) => node.matches(WARNING)), ...nodes.slice(first, next < 0 ? nodes.length : next)];
}

// One of several parts can be folded; the one that answers is open.
function drawn(page, { heading, nodes, open }, several, level) {
  const copies = nodes.map((node) => node.cloneNode(true));
  if (!heading) {
    const part = page.createElement("div");
    part.className = "part intro";
    part.append(...copies);
    return part;
  }
  const title = heading.cloneNode(true);
  const part = page.createElement(several ? "details" : "section");
  part.className = "part";
  if (several) {
    const summary = page.createElement("summary");
    summary.append(title);
    part.append(summary, ...copies);
    part.open = Boolean(open);
  } else {
    part.append(title, ...copies);
  }
  lower(part, level);
  return part;
}

// The headings of a page go below those of the results that they stand among.
function lower(part, level) {
  for (const old of part.querySelectorAll("h2, h3, h4, h5")) {
    const made = part.ownerDocument.createElement(`h${Math.min(6, Number(old.localName[1]) - 2 + level)}`);
    made.append(...old.childNodes);
    old.replaceWith(made);
  }
}

function clean(shown, url) {
  for (const dropped of shown.querySelectorAll(DROPPED)) dropped.remove();
  for (const one of [shown, ...shown.querySelectorAll("*")]) {
    for (const { name } of [...one.attributes]) {
      if (name === "id" || name === "for" || name === "aria-labelledby" || name === "aria-describedby" || name.startsWith("on")) one.removeAttribute(name);
    }
    if (one.closest("svg")) continue;
    for (const name of ADDRESSES) if (one.hasAttribute(name)) point(one, name, resolved(one.getAttribute(name), url));
    if (one.hasAttribute("srcset")) one.setAttribute("srcset", one.getAttribute("srcset").replace(/(^|,\s*)([^\s,]+)/g, (_, before, source) => before + resolved(source, url)));
    if (one.localName === "img") one.setAttribute("loading", "lazy");
  }
}

function point(one, name, address) {
  if (address) one.setAttribute(name, address);
  else one.removeAttribute(name);
}

function resolved(value, url) {
  try {
    const found = new URL(value, url);
    return ["http:", "https:", "mailto:", "tel:", "data:"].includes(found.protocol) ? found.href : "";
  } catch {
    return "";
  }
}
