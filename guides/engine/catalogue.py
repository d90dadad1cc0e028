"""All products in three orders: by category, by letter, by model number."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from guides.engine.lists import paginate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from guides.engine.edition import Edition
    from guides.engine.page import Facts, Link, Planned

PAGES = (
    ("categories", "products", "products_by_category"),
    ("letters", "products-a-z", "products_a_z"),
    ("models", "products-models", "products_by_model"),
)
"""The three orders, the names of their pages and their texts."""


def catalogue_pages(edition: Edition) -> Iterator[Planned]:
    """Yield the lists of all products."""
    cards = [{**edition.card(product), "category": product.category} for product in edition.library.products.values()]
    cards.sort(key=lambda card: (looked_up(card["title"]), card["url"]))
    yield from _by_category(edition, cards)
    yield from _by_letter(edition, cards)
    yield from _by_model(edition)


def looked_up(text: str) -> str:
    """Return a text as a reader looks it up: without accents, whatever its case."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def _list(edition: Edition, order: str, name: str, template: str) -> Planned:
    orders = [
        {"id": one, "title": edition.texts[text], "url": f"{page}.html", "current": one == order} for one, page, text in PAGES
    ]
    return edition.hub(f"{name}.md", template, "products", edition.texts["products"], {"orders": orders, "order": order})


def _grouped(pages: Iterable[Planned], fact: str, key: Callable[[Link], str]) -> list[Planned]:
    """Give each page its items in groups; a group that does not fit goes on, under its title, on the next page."""
    return [
        replace(page, facts={**page.facts, fact: [{"title": title, "items": list(items)} for title, items in found]})
        for page in pages
        for found in [groupby(page.facts["items"], key)]
    ]


def _with_jumps(pages: list[Planned], fact: str) -> Iterator[Planned]:
    """Give each page a way to every group, on whatever page it begins: with 500 products nobody leafs through them."""
    begins: dict[str, str] = {}
    for page in pages:
        for number, group in enumerate(page.facts[fact], 1):
            begins.setdefault(group["title"], f"{page.url}#g-{number}")
    jumps = [{"title": title, "url": url} for title, url in begins.items()] if len(begins) > 1 else []
    for page in pages:
        yield replace(page, facts={**page.facts, "jumps": jumps})


def _by_category(edition: Edition, cards: list[Link]) -> Iterator[Planned]:
    names = {card["category"]: edition.category_name(card["category"]) for card in cards}
    # What has no category comes last.
    cards = sorted(cards, key=lambda card: (not card["category"], looked_up(names[card["category"]]), card["category"]))
    pages = paginate(_list(edition, "categories", "products", "products.html"), cards, edition.texts)
    named = [
        replace(page, facts={**page.facts, "categories": [_named(group, names) for group in page.facts["categories"]]})
        for page in _grouped(pages, "categories", lambda card: str(card["category"]))
    ]
    yield from _with_jumps(named, "categories")


def _named(group: Facts, names: dict[str, str]) -> Facts:
    return {**group, "title": names[group["title"]]}


def _by_letter(edition: Edition, cards: list[Link]) -> Iterator[Planned]:
    pages = paginate(_list(edition, "letters", "products-a-z", "products-a-z.html"), cards, edition.texts)
    yield from _with_jumps(_grouped(pages, "letters", lambda card: _letter(card["title"])), "letters")


def _letter(title: str) -> str:
    first = looked_up(title)[:1].upper()
    return first if first.isalpha() else "0–9"


def _by_model(edition: Edition) -> Iterator[Planned]:
    rows = sorted(
        {
            (model, product.name_in(edition.language), f"products/{product.id}.html")
            for product in edition.library.products.values()
            for model in product.models
        },
        key=lambda row: (looked_up(row[0]), row),
    )
    items: list[Link] = [{"model": model, "title": title, "url": url, "note": model} for model, title, url in rows]
    pages = paginate(_list(edition, "models", "products-models", "products-models.html"), items, edition.texts)
    yield from _with_jumps(_grouped(pages, "models", lambda row: _letter(row["model"])), "models")
