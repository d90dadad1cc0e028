// What is shown of an answer: results with their passages, or the ways on where there are none.

import { answerOf } from "./search-answer.js";
import { address, element, lang, words } from "./search-dom.js";
import { grouped } from "./search-groups.js";

const NEAREST = 3;
const HOME = `${lang}/index.html`;

function link(title, url, className) {
  const made = words("a", className, title);
  made.href = address(url);
  return made;
}

function passageLine(marks) {
  return words("p", "search-passage", ...marks.map(({ text, mark }) => (mark ? element("mark", {}, text) : text)));
}

/** Make the elements of results for one place on the page. */
export class Results {
  constructor(say, { inPlace, byProduct, person }) {
    Object.assign(this, { say, inPlace, byProduct, person });
  }

  /** Return what to show of results, and the answer of the first. */
  list(results) {
    const groups = this.byProduct ? grouped(results) : null;
    if (!groups) {
      const items = results.map((result) => this.item(result, [result.product_title, result.heading], 2));
      return { shown: [element("ol", { className: "search-results" }, ...items.map(({ item }) => item))], first: items[0]?.answer };
    }
    let first;
    const shown = groups.map(([product, ones]) => {
      const items = ones.map((result) => this.item(result, [result.heading], 3));
      first ??= items[0].answer || false;
      const title = product ? ones[0].product_title || product : this.say("general");
      return element("section", { className: "search-group" }, words("h2", "search-product", title), element("ol", { className: "search-results" }, ...items.map(({ item }) => item)));
    });
    return { shown, first };
  }

  item(result, place, level) {
    const head = element("div", { className: "search-head" }, link(result.title, result.url, "search-title"));
    const where = place.filter((name) => name && name !== result.title).join(" · ");
    if (where) head.append(words("p", "search-where", where));
    if (result.passage.length) head.append(passageLine(result.passage));
    const item = element("li", { className: "search-result" }, head);
    const answer = this.inPlace ? answerOf(result, this.say, level) : null;
    if (answer) item.append(answer.button, answer.place);
    return { item, answer };
  }

  /** Return the ways on: what comes closest, the products by picture, other pages and a person. */
  waysOn(links, near) {
    const others = links.filter(({ url }) => address(url) !== location.href.split(/[?#]/)[0]);
    const home = others.filter(({ url }) => url === HOME);
    const products = others.filter(({ picture }) => picture);
    const plain = others.filter(({ url, picture }) => !picture && url !== HOME);
    const shown = [];
    if (near.length + plain.length) shown.push(words("p", "search-help", this.say("nearest")));
    if (near.length) shown.push(...this.list(near.slice(0, NEAREST)).shown);
    if (plain.length) {
      const items = plain.map(({ title, url }) => element("li", {}, link(title, url, "search-title")));
      shown.push(element("ul", { className: "search-results" }, ...items));
    }
    if (products.length) {
      shown.push(words("p", "search-help", this.say("products")), element("ul", { className: "search-products cards" }, ...products.map(productCard)));
    }
    const ways = home.map(({ title, url }) => link(this.say("home") || title, url, "search-way button quiet"));
    if (this.person && address(this.person) !== location.href.split(/[?#]/)[0]) {
      ways.unshift(link(this.say("person"), this.person, "search-way search-person button person-call"));
    }
    return [...shown, element("p", { className: "search-ways" }, ...ways)];
  }
}

function productCard({ title, url, picture }) {
  const card = link("", url, "search-way");
  const drawing = element("img", { className: "plain", src: address(picture), alt: "", width: 480, height: 320 });
  card.append(element("span", { className: "plate" }, drawing), element("strong", {}, ...wholeModels(title)));
  return element("li", {}, card);
}

// "AK-200" does not break at its hyphen, as on all other pages.
function wholeModels(title) {
  return title.split(/(\p{L}+-\d[\p{L}\d]*)/u).map((part, at) => (at % 2 ? element("span", { className: "whole" }, part) : part));
}
