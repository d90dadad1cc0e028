"""A guide as a planned page: everything that its template shows beside the writer's own words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from guides.engine.forms import duration
from guides.engine.page import Facts, Planned
from guides.products import word_in
from guides.vocabulary import Safety

if TYPE_CHECKING:
    from guides.library import Guide, Library


def product_name(library: Library, product_id: str, language: str) -> str:
    """Return a product's name as readers of a language see it."""
    product = library.products.get(product_id)
    return product.name_in(language) if product else product_id


def guide_page(guide: Guide, library: Library, texts: dict[str, str]) -> Planned:
    """Return the page of a guide with the facts that come from its own front matter and its product."""
    front = guide.front
    facts: Facts = {
        "kind": "guide",
        "article": article_facts(guide),
        "breadcrumb": _breadcrumb(guide, library, texts),
        "before": _before(guide, library),
        "title": front.title,
        "summary": front.summary,
    }
    return Planned(f"{guide.id}.md", "main.html", front.title, guide.body, facts, guide.source, guide.body_line, front.summary)


def article_facts(guide: Guide) -> dict[str, str]:
    """Return the `data-…` attributes of a guide's article; lists as JSON, left out where empty."""
    front = guide.front
    lists = {
        "models": front.models,
        "aliases": front.aliases,
        "symptoms": front.symptoms,
        "codes": front.codes,
        "keywords": front.keywords,
    }
    return {
        "guide": guide.id,
        "product": " ".join(front.product),
        "stage": front.stage.value if front.stage else "",
        "lang": guide.language,
        "type": front.type.value,
        **{name: as_json(values) for name, values in lists.items() if values},
    }


def as_json(values: tuple[str, ...]) -> str:
    """Return a list as it stands in a `data-…` attribute."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def _breadcrumb(guide: Guide, library: Library, texts: dict[str, str]) -> list[dict[str, str]]:
    crumbs = [{"title": texts["home"], "url": "index.html"}]
    stage = guide.front.stage
    if guide.front.product:
        product = guide.front.product[0]
        crumbs.append({"title": product_name(library, product, guide.language), "url": f"products/{product}.html"})
        if stage:
            crumbs.append({"title": texts[f"stage_{stage}"], "url": f"products/{product}/{stage}.html"})
    elif stage:
        crumbs.append({"title": texts[f"stage_{stage}"], "url": f"stages/{stage}.html"})
    return crumbs


def _before(guide: Guide, library: Library) -> Facts | None:
    """Return the "before you start" box; pages without time, tools or parts have none."""
    front = guide.front
    if not (front.minutes or front.tools or front.parts or front.difficulty or front.safety is not Safety.NONE):
        return None
    return {
        "minutes": front.minutes or 0,
        "time": duration(front.minutes, guide.language) if front.minutes else "",
        "difficulty": front.difficulty.value if front.difficulty else "",
        "safety": "" if front.safety is Safety.NONE else front.safety.value,
        "tools": list(front.tools),
        "parts": [_part_name(part, guide, library) for part in front.parts],
    }


def _part_name(part: str, guide: Guide, library: Library) -> str:
    """Return a part as readers see it: its name from the product file, else its ID without hyphens."""
    products = (library.products.get(name) for name in guide.front.product)
    names = (word_in(item.name, guide.language) for product in products if product for item in product.items if item.id == part)
    return next(filter(None, names), part.replace("-", " "))
