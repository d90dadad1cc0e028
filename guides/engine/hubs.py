"""Pages that nobody writes: home, products, stages, lists, search, person and "not found"; made from the library."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from guides.engine.guide_page import as_json
from guides.engine.lists import link, paginate
from guides.engine.page import Facts, Planned
from guides.engine.person import person_facts
from guides.vocabulary import INTENTS, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from guides.library import Library
    from guides.products import Product

RESERVED = ("products", "stages", "sections", "search", "person", "index", "404", "all", "assets", "media")
"""First parts of IDs that generated pages take."""


class Hubs:
    """The generated pages of one language, over the pages of its guides."""

    def __init__(self, library: Library, language: str, texts: dict[str, str], pages: Sequence[Planned]) -> None:
        self._library = library
        self._language = language
        self._texts = texts
        self._pages = pages
        self._cells: dict[tuple[str, str], list[Planned]] = defaultdict(list)
        for page in pages:
            article = page.facts["article"]
            for product in article["product"].split():
                self._cells[product, article["stage"]].append(page)

    def pages(self) -> Iterator[Planned]:
        """Yield every generated page."""
        yield self._home()
        yield from self._products()
        for product_id, product in sorted(self._library.products.items()):
            yield self._product(product_id, product)
            for stage in self._stages_of(product_id):
                yield from self._cell(product_id, product, stage)
        yield from self._stages()
        yield from paginate(
            self._hub("all.md", "list.html", self._texts["all_guides"]), [self._entry(page) for page in self._pages], self._texts
        )
        yield self._hub("search.md", "search.html", self._texts["search_page"])
        yield self._hub("404.md", "404.html", self._texts["notfound_title"])
        facts = person_facts(self._library, self._language, self._texts)
        yield self._hub("person.md", "person.html", self._texts["person"], facts)

    def _hub(self, src: str, template: str, title: str, facts: Facts | None = None, summary: str = "") -> Planned:
        stem = src.removesuffix(".md")
        base: Facts = {
            "kind": "hub",
            "title": title,
            "summary": summary,
            "breadcrumb": [] if src in {"index.md", "404.md"} else [{"title": self._texts["home"], "url": "index.html"}],
            "article": {"guide": stem, "product": "", "stage": "", "lang": self._language, "type": "hub"},
        }
        return Planned(src, template, title, "", {**base, **(facts or {})}, summary=summary)

    def _entry(self, page: Planned) -> dict[str, str]:
        products = page.facts["article"]["product"].split()
        return link(page, ", ".join(self._name(product) for product in products))

    def _name(self, product_id: str) -> str:
        product = self._library.products.get(product_id)
        return product.name_in(self._language) if product else product_id

    def _home(self) -> Planned:
        intents = [
            {
                "title": self._texts[f"intent_{intent.replace('-', '_')}"],
                "links": [self._stage_link(stage) for stage in stages if any(stage.value == key[1] for key in self._cells)],
            }
            for intent, stages in INTENTS.items()
        ]
        facts: Facts = {"intents": [intent for intent in intents if intent["links"]], "products": self._product_cards()[:12]}
        return self._hub("index.md", "home.html", self._texts["home_title"], facts)

    def _stage_link(self, stage: Stage) -> dict[str, str]:
        return {"title": self._texts[f"stage_{stage}"], "url": f"stages/{stage}.html"}

    def _product_cards(self) -> list[dict[str, str]]:
        cards = [
            {
                "title": product.name_in(self._language),
                "url": f"products/{product_id}.html",
                "summary": product.summary_in(self._language),
                "note": ", ".join(product.models),
                "picture": product.picture or "",
            }
            for product_id, product in self._library.products.items()
        ]
        return sorted(cards, key=lambda card: (card["title"].casefold(), card["url"]))

    def _products(self) -> Iterator[Planned]:
        return paginate(self._hub("products.md", "products.html", self._texts["products"]), self._product_cards(), self._texts)

    def _stages_of(self, product_id: str) -> list[Stage]:
        return [stage for stage in Stage if (product_id, stage.value) in self._cells]

    def _product(self, product_id: str, product: Product) -> Planned:
        title, summary = product.name_in(self._language), product.summary_in(self._language)
        groups = []
        for stage in self._stages_of(product_id):
            cell = self._cells[product_id, stage.value]
            groups.append(
                {
                    "title": self._texts[f"stage_{stage}"],
                    "url": f"products/{product_id}/{stage}.html",
                    "items": [link(page) for page in cell[:5]],
                    "more": len(cell) > 5,
                }
            )
        article = {
            "guide": f"products/{product_id}",
            "product": product_id,
            "stage": "",
            "lang": self._language,
            "type": "product",
        }
        article["models"] = as_json(tuple(product.models))
        facts: Facts = {
            "article": article,
            "breadcrumb": [
                {"title": self._texts["home"], "url": "index.html"},
                {"title": self._texts["products"], "url": "products.html"},
            ],
            "picture": product.picture or "",
            "models": list(product.models),
            "label_photo": product.label_photo or "",
            "groups": groups,
        }
        return self._hub(f"products/{product_id}.md", "product.html", title, facts, summary)

    def _cell(self, product_id: str, product: Product, stage: Stage) -> Iterator[Planned]:
        name = product.name_in(self._language)
        crumbs = [{"title": self._texts["home"], "url": "index.html"}, {"title": name, "url": f"products/{product_id}.html"}]
        title = f"{name}: {self._texts[f'stage_{stage}']}"
        hub = self._hub(f"products/{product_id}/{stage}.md", "list.html", title, {"breadcrumb": crumbs})
        return paginate(hub, [link(page) for page in self._cells[product_id, stage.value]], self._texts)

    def _stages(self) -> Iterator[Planned]:
        for stage in Stage:
            pages = [page for page in self._pages if page.facts["article"]["stage"] == stage.value]
            if pages:
                hub = self._hub(f"stages/{stage}.md", "list.html", self._texts[f"stage_{stage}"])
                yield from paginate(hub, [self._entry(page) for page in pages], self._texts)
