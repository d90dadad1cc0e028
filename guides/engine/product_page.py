"""A product's page, the pages of its stages, and what a product file says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.engine.forms import month, years
from guides.engine.guide_page import as_json
from guides.engine.lists import link, paginate
from guides.engine.notices import product_notices
from guides.engine.places import accessories_of, places_of
from guides.vocabulary import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from guides.engine.edition import Edition
    from guides.engine.page import Facts, Planned
    from guides.products import Product

Cells = dict[tuple[str, str], list["Planned"]]
"""The guides of each product and stage."""
SHOWN = 5


def product_pages(edition: Edition, product: Product, cells: Mapping[tuple[str, str], Sequence[Planned]]) -> Iterator[Planned]:
    """Yield the page of a product and one for each of its stages, in the order of life."""
    stages = [stage for stage in Stage if (product.id, stage.value) in cells]
    notices = product_notices(edition, [product])
    title, summary = product.name_in(edition.language), product.summary_in(edition.language)
    facts: Facts = {
        "article": _article(edition, product),
        "breadcrumb": [edition.home, {"title": edition.texts["products"], "url": "products.html"}],
        "picture": product.picture,
        "models": list(product.models),
        "label_photo": product.label_photo,
        "groups": [_group(edition, product, stage, cells[product.id, stage.value]) for stage in stages],
        "stages": [
            {**_stage_link(edition, product, stage), "stage": stage.value, "count": len(cells[product.id, stage.value])}
            for stage in stages
        ],
        "facts": product_facts(edition, product),
        "accessories": accessories_of(edition, product),
        "compare_url": edition.compare_url(product.category),
        "notices": notices,
        "gtin": list(product.gtin),
    }
    yield edition.hub(f"products/{product.id}.md", "product.html", "product", title, facts, summary)
    crumbs = [edition.home, {"title": title, "url": f"products/{product.id}.html"}]
    for stage in stages:
        hub = edition.hub(
            f"products/{product.id}/{stage}.md",
            "list.html",
            "stage",
            f"{title}: {edition.stage_name(stage)}",
            {"breadcrumb": crumbs, "notices": notices, "stage": stage.value, "picture": product.picture},
        )
        yield from paginate(hub, [link(page) for page in cells[product.id, stage.value]], edition.texts)


def product_facts(edition: Edition, product: Product) -> list[Facts]:
    """Return what a product file says, as titles and texts; what it does not say is left out."""
    texts = edition.texts
    titles = {name: texts[f"fact_{name}"] for name in ("guarantee", "parts_until", "store_place")} | {"models": texts["models"]}
    said = {
        "models": ", ".join(product.models),
        "guarantee": years(product.guarantee_years, edition.language) if product.guarantee_years else "",
        "parts_until": month(product.parts_until, edition.language) if product.parts_until else "",
    }
    facts: list[Facts] = [{"id": name, "title": titles[name], "text": text} for name, text in said.items() if text]
    places = places_of(edition, product.id, product.store_place)
    if places:
        text = "; ".join(f"{place['names']}: {place['text']}" if place["names"] else place["text"] for place in places)
        facts.append({"id": "store_place", "title": titles["store_place"], "text": text, "places": places})
    return facts


def _article(edition: Edition, product: Product) -> dict[str, str]:
    return {
        "guide": f"products/{product.id}",
        "product": product.id,
        "stage": "",
        "lang": edition.language,
        "type": "product",
        "models": as_json(tuple(product.models)),
    }


def _group(edition: Edition, product: Product, stage: Stage, pages: Sequence[Planned]) -> Facts:
    items = [link(page) for page in pages[:SHOWN]]
    return {**_stage_link(edition, product, stage), "stage": stage.value, "items": items, "more": len(pages) > SHOWN}


def _stage_link(edition: Edition, product: Product, stage: Stage) -> Facts:
    return {"title": edition.stage_name(stage), "url": f"products/{product.id}/{stage}.html"}
