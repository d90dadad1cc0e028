"""Pages that nobody writes: home, intents, products, stages, lists, search, person, safety, "not found" and "no network"."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from guides.engine.catalogue import catalogue_pages
from guides.engine.codes import codes_page
from guides.engine.lists import link, paginate
from guides.engine.order import Order
from guides.engine.person import person_facts
from guides.engine.product_page import door_of, door_page, product_pages
from guides.engine.safety import recalls, safety_pages
from guides.engine.side_by_side import comparison_pages
from guides.vocabulary import INTENTS, Intent, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from guides.engine.edition import Edition
    from guides.engine.page import Facts, Link, Planned

ICONS = {
    Intent.CHOOSING: "material/shopping-search-outline",
    Intent.SETTING_UP: "material/power-plug-outline",
    Intent.SOMETHING_IS_WRONG: "material/lifebuoy",
    Intent.TAKING_CARE: "material/spray-bottle",
    Intent.GIVING_BACK: "material/recycle",
}
"""Names in the icon set that ships with Material."""
CARDS_AT_HOME = 12
SHOWN = 5


class Hubs:
    """The generated pages of one language, over the pages of its guides."""

    def __init__(self, edition: Edition, pages: Sequence[Planned]) -> None:
        self._edition = edition
        self._texts = edition.texts
        self._pages = pages
        cells: dict[tuple[str, str], list[Planned]] = defaultdict(list)
        stages: dict[str, list[Planned]] = defaultdict(list)
        for page in pages:
            article = page.facts["article"]
            stages[article["stage"]].append(page)
            for product in article["product"].split():
                cells[product, article["stage"]].append(page)
        order = Order(edition.library.products)
        self._cells = {(product, stage): order.of_product(product, cell) for (product, stage), cell in cells.items()}
        self._stages = {stage: order.of_all(found) for stage, found in stages.items()}

    def pages(self) -> Iterator[Planned]:
        """Yield every generated page."""
        edition = self._edition
        yield self._home()
        yield from self._intents()
        yield from catalogue_pages(edition)
        yield from comparison_pages(edition)
        for _, product in sorted(edition.library.products.items()):
            codes = codes_page(edition, product, self._pages_of(product.id))
            yield from product_pages(edition, product, self._cells, codes)
            if codes:
                yield codes
        yield from self._stage_pages()
        yield from paginate(
            edition.hub("all.md", "list.html", "list", self._texts["all_guides"]),
            [self._entry(page) for page in self._pages],
            self._texts,
        )
        yield from safety_pages(edition, self._pages)
        yield edition.hub("search.md", "search.html", "search", self._texts["search_page"], {"products": self._product_cards()})
        yield edition.hub("404.md", "404.html", "404", self._texts["notfound_title"], {"intents": self._all_intents()})
        yield edition.hub("offline.md", "offline.html", "offline", self._texts["offline_title"])
        person = person_facts(edition.library, edition.language, self._texts)
        yield edition.hub("person.md", "person.html", "person", self._texts["person"], person)

    def _pages_of(self, product: str) -> list[Planned]:
        """Return the guides of a product, those of its own first."""
        return [page for (name, _), pages in self._cells.items() if name == product for page in pages]

    def _entry(self, page: Planned) -> Link:
        products = page.facts["article"]["product"].split()
        return link(page, ", ".join(self._edition.product_name(product) for product in products))

    def _home(self) -> Planned:
        intents, products = self._all_intents(), self._product_cards()
        facts: Facts = {"intents": intents, "products": products, "notices": recalls(self._edition, limit=3)}
        return self._edition.hub("index.md", "home.html", "home", self._texts["home_title"], facts)

    def _all_intents(self) -> list[Facts]:
        return [self._intent(intent) for intent, stages in INTENTS.items() if self._any(stages)]

    def _product_cards(self) -> list[Link]:
        products = self._edition.library.products.values()
        cards = sorted(map(self._edition.card, products), key=lambda card: (card["title"].casefold(), card["url"]))
        return cards[:CARDS_AT_HOME]

    def _any(self, stages: Sequence[Stage]) -> list[Stage]:
        return [stage for stage in stages if stage.value in self._stages]

    def _intent(self, intent: Intent) -> Facts:
        return {
            "id": intent.value,
            "title": self._texts[f"intent_{intent.replace('-', '_')}"],
            "icon": ICONS[intent],
            "picture": self._edition.settings.look.pictures.get(intent.value, ""),
            "url": f"intents/{intent}.html",
            "links": [self._stage_link(stage) for stage in self._any(INTENTS[intent])],
        }

    def _stage_link(self, stage: Stage) -> Link:
        return {"title": self._texts[f"stage_{stage}"], "url": f"stages/{stage}.html"}

    def _intents(self) -> Iterator[Planned]:
        """Yield a page for each of the five doors: which product it is about, and what holds for all of them.

        With a single product there is nothing to choose: its guides stand there at once.
        """
        for intent, stages in INTENTS.items():
            facts = self._intent(intent)
            if not facts["links"]:
                continue
            there = self._any(stages)
            cards = self._cards(intent)
            choose = len(cards) > 1
            groups = [group for stage in there if (group := self._group(stage, shared=choose))["items"]]
            facts |= {"all": [self._stage_link(stage) for stage in there]} if choose else {}
            more: Facts = {"intent": facts, "groups": groups, "products": cards[:CARDS_AT_HOME] if choose else []}
            more["more_products"] = choose and len(cards) > CARDS_AT_HOME
            yield self._edition.hub(f"intents/{intent}.md", "intent.html", "intent", facts["title"], more)
            if choose:
                yield from self._doors(intent, facts["title"])

    def _cards(self, intent: Intent) -> list[Link]:
        """Return the products that have guides behind a door, each leading to just those guides."""
        cards = []
        for product in self._edition.library.products.values():
            url = door_of(product, INTENTS[intent], self._cells, intent)
            if url:
                cards.append({**self._edition.card(product), "url": url})
        return sorted(cards, key=lambda card: (card["title"].casefold(), card["url"]))

    def _doors(self, intent: Intent, title: str) -> Iterator[Planned]:
        """Yield a door's page for each product that has guides in several of its stages."""
        for _, product in sorted(self._edition.library.products.items()):
            if door_of(product, INTENTS[intent], self._cells, intent) == f"products/{product.id}/{intent}.html":
                page = door_page(self._edition, product, intent, self._cells, title)
                codes = (
                    codes_page(self._edition, product, self._pages_of(product.id))
                    if intent is Intent.SOMETHING_IS_WRONG
                    else None
                )
                yield replace(page, facts={**page.facts, "codes_url": codes.url}) if codes else page

    def _group(self, stage: Stage, *, shared: bool) -> Facts:
        """Return the first guides of a stage; with `shared` only those that are about no product, or several."""
        pages = [page for page in self._stages[stage.value] if not shared or len(page.facts["article"]["product"].split()) != 1]
        if stage is Stage.POLICY:
            pages = self._policies(pages)
        items = [self._entry(page) for page in pages[:SHOWN]]
        return {**self._stage_link(stage), "stage": stage.value, "items": items, "more": len(pages) > SHOWN, "count": len(pages)}

    def _policies(self, pages: list[Planned]) -> list[Planned]:
        """Put first what the guides behind the last door link to most: of all rules, those about giving back."""
        stages = [stage for stage in INTENTS[Intent.GIVING_BACK] if stage is not Stage.POLICY]
        here = {page.facts["article"]["guide"] for stage in self._any(stages) for page in self._stages[stage.value]}
        backlinks = self._edition.library.backlinks
        return sorted(pages, key=lambda page: -len(here.intersection(backlinks(page.facts["article"]["guide"]))))

    def _stage_pages(self) -> Iterator[Planned]:
        for stage in self._any(list(Stage)):
            hub = self._edition.hub(
                f"stages/{stage}.md", "list.html", "stage", self._texts[f"stage_{stage}"], {"stage": stage.value}
            )
            yield from paginate(hub, [self._entry(page) for page in self._stages[stage.value]], self._texts)
