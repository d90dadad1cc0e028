"""Products of a kind side by side, or the models of one product: what a shopper would choose between, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guides.engine.catalogue import looked_up
from guides.engine.lists import paginate
from guides.engine.product_page import product_facts
from guides.products import word_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from guides.engine.edition import Edition
    from guides.engine.page import Facts, Link, Planned
    from guides.products import Product

COLUMNS = 6
"""Columns that fit side by side on one page."""


@dataclass(frozen=True)
class Column:
    """What is compared: one model of a product, or the whole product where its file tells its models in nothing apart."""

    product: Product
    model: str = ""


def comparison_pages(edition: Edition) -> Iterator[Planned]:
    """Yield a page for each kind of which there are several products, and for each other product that tells its models apart."""
    for kind, products in edition.kinds.items():
        title = edition.texts["compare_title"].format(category=edition.category_name(kind))
        above: Link = {"title": edition.texts["products"], "url": "products.html"}
        yield from _pages(edition, f"compare/{edition.slugs[kind]}.md", title, above, products)
    for product in edition.library.products.values():
        compared = edition.comparison(product)
        if compared and product.kind not in edition.kinds:
            name = product.name_in(edition.language)
            above = {"title": name, "url": f"products/{product.id}.html"}
            title = edition.texts["compare_title"].format(category=name)
            yield from _pages(edition, f"products/{product.id}/compare.md", title, above, [product])


def _pages(edition: Edition, src: str, title: str, above: Link, products: Sequence[Product]) -> Iterator[Planned]:
    ordered = sorted(products, key=lambda product: (looked_up(product.name_in(edition.language)), product.id))
    columns = [column for product in ordered for column in _columns(product)]
    hub = edition.hub(src, "compare.html", "compare", title, {"breadcrumb": [edition.home, above]})
    alone = len(products) == 1
    pages = list(paginate(hub, [_head(edition, column, alone=alone) for column in columns], edition.texts, COLUMNS))
    for number, page in enumerate(pages):
        part = columns[number * COLUMNS : (number + 1) * COLUMNS]
        facts: Facts = {"columns": page.facts["items"], "rows": _rows(edition, part, alone=alone)}
        yield replace(page, facts={**page.facts, **facts})


def _columns(product: Product) -> list[Column]:
    return [Column(product, model) for model in product.models] if product.compare else [Column(product)]


def _head(edition: Edition, column: Column, *, alone: bool) -> Link:
    card = edition.card(column.product)
    # The models of one product would all have its picture.
    return {**card, "title": column.model or card["title"], "picture": "" if alone else card["picture"]}


def _rows(edition: Edition, columns: Sequence[Column], *, alone: bool) -> list[Facts]:
    """Return a row for everything that a column says; what is true of a whole product is no row where it stands alone."""
    said = [{**_of_model(edition, column), **({} if alone else _of_product(edition, column))} for column in columns]
    names = [
        name for name in dict.fromkeys(name for one in said for name in one) if any(one.get(name, ("", ""))[1] for one in said)
    ]
    return [
        {"title": next(one[name][0] for one in said if name in one), "cells": [one.get(name, ("", ""))[1] for one in said]}
        for name in names
    ]


def _of_model(edition: Edition, column: Column) -> dict[str, tuple[str, str]]:
    """Return what a product's file says of one model, by what is compared: products of a kind compare what is called alike."""
    names = [(word_in(one.name, edition.language), one.models.get(column.model, {})) for one in column.product.compare]
    return {name: (name, word_in(words, edition.language)) for name, words in names}


def _of_product(edition: Edition, column: Column) -> dict[str, tuple[str, str | list[Facts]]]:
    """Return what a product's file says of all its models: words, or places, so that a kiosk shows its own."""
    summary = column.product.summary_in(edition.language)
    facts = {
        fact["id"]: (fact["title"], fact.get("places") or fact["text"])
        for fact in product_facts(edition, column.product)
        if fact["id"] != "models" or not column.model
    }
    return {"summary": (edition.texts["fact_summary"], summary), **facts}
