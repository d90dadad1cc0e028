"""A product's page, the pages of its stages, and what a product file says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.engine.forms import month, years
from guides.engine.guide_page import as_json
from guides.engine.lists import PAGE_SIZE, link, paginate
from guides.engine.notices import product_notices
from guides.engine.page import href
from guides.engine.places import accessories_of, places_of
from guides.vocabulary import INTENTS, Intent, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from guides.engine.edition import Edition
    from guides.engine.page import Facts, Link, Planned
    from guides.products import Product

Cells = dict[tuple[str, str], list["Planned"]]
"""The guides of each product and stage."""
SHOWN = 7


def product_pages(
    edition: Edition, product: Product, cells: Mapping[tuple[str, str], Sequence[Planned]], codes: Planned | None = None
) -> Iterator[Planned]:
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
            {
                **_stage_link(edition, product, stage, cells[product.id, stage.value]),
                "stage": stage.value,
                "count": len(cells[product.id, stage.value]),
            }
            for stage in stages
        ],
        "facts": product_facts(edition, product),
        "accessories": accessories_of(edition, product),
        "compare": edition.comparison(product),
        "notices": notices,
        "gtin": list(product.gtin),
        "codes_url": codes.url if codes else "",
    }
    yield edition.hub(f"products/{product.id}.md", "product.html", "product", title, facts, summary)
    about: Facts = {"breadcrumb": _crumbs(edition, product), "notices": notices, "picture": product.picture}
    for stage in stages:
        hub = edition.hub(
            f"products/{product.id}/{stage}.md",
            "list.html",
            "stage",
            f"{title}: {edition.stage_name(stage)}",
            {**about, "stage": stage.value, "compare": edition.comparison(product) if stage is Stage.PLAN else None},
        )
        yield from paginate(hub, [link(page) for page in cells[product.id, stage.value]], edition.texts)


def door_of(product: Product, stages: Sequence[Stage], cells: Mapping[tuple[str, str], Sequence[Planned]], intent: Intent) -> str:
    """Return where a door leads for a product: to its one guide, to the page of its one stage, else to a page of its own.

    Empty when the product has no guides behind this door.
    """
    own = [stage for stage in stages if (product.id, stage.value) in cells]
    pages = [page for stage in own for page in cells[product.id, stage.value]]
    if len(pages) < 2:
        return href(pages[0].url) if pages else ""
    return f"products/{product.id}/{own[0] if len(own) == 1 else intent}.html"


def door_page(
    edition: Edition, product: Product, intent: Intent, cells: Mapping[tuple[str, str], Sequence[Planned]], door: str
) -> Planned:
    """Return the page behind a door for one product: all its guides of those stages."""
    groups = [
        _group(edition, product, stage, cells[product.id, stage.value], PAGE_SIZE)
        for stage in INTENTS[intent]
        if (product.id, stage.value) in cells
    ]
    facts: Facts = {
        "breadcrumb": _crumbs(edition, product),
        "notices": product_notices(edition, [product]),
        "picture": product.picture,
        "groups": groups,
    }
    title = f"{product.name_in(edition.language)}: {door}"
    return edition.hub(f"products/{product.id}/{intent}.md", "product-intent.html", "intent", title, facts)


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
        # What a scanner reads is typed like a code of a display, and found like one.
        **({"codes": as_json(tuple(product.gtin))} if product.gtin else {}),
    }


def _crumbs(edition: Edition, product: Product) -> list[Link]:
    return [edition.home, {"title": product.name_in(edition.language), "url": f"products/{product.id}.html"}]


def _group(edition: Edition, product: Product, stage: Stage, pages: Sequence[Planned], shown: int = SHOWN) -> Facts:
    items = [link(page) for page in pages[:shown]]
    facts: Facts = {"stage": stage.value, "items": items, "more": len(pages) > shown, "count": len(pages)}
    return {**_stage_link(edition, product, stage, pages), **facts}


def _stage_link(edition: Edition, product: Product, stage: Stage, pages: Sequence[Planned]) -> Facts:
    """Return the way to a stage: to its one guide, else to the list of them. A list of one is a tap for nothing."""
    url = href(pages[0].url) if len(pages) == 1 else f"products/{product.id}/{stage}.html"
    return {"title": edition.stage_name(stage), "url": url}
