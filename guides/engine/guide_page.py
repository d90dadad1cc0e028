"""A guide as a planned page: everything that its template shows beside the writer's own words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from guides.engine.forms import duration, interval
from guides.engine.notices import product_notices
from guides.engine.page import Facts, Link, Planned
from guides.engine.places import accessories_for
from guides.engine.tree_page import tree_facts
from guides.products import word_in
from guides.vocabulary import GuideType, Safety

if TYPE_CHECKING:
    from guides.engine.edition import Edition
    from guides.guide import Guide

TEMPLATES = {
    GuideType.ERROR: "error.html",
    GuideType.FAQ: "faq.html",
    GuideType.TROUBLESHOOTER: "troubleshooter.html",
    GuideType.MENU: "troubleshooter.html",
}
KINDS = {GuideType.ERROR: "error", GuideType.FAQ: "faq"}


def guide_page(guide: Guide, edition: Edition) -> Planned:
    """Return the page of a guide with the facts that come from its own front matter and its product."""
    front = guide.front
    products = [edition.library.products.get(name) for name in front.product]
    facts: Facts = {
        "kind": "guide",
        "page_kind": KINDS.get(front.type, "guide"),
        "article": article_facts(guide),
        "breadcrumb": _breadcrumb(guide, edition),
        "before": _before(guide, edition),
        "title": front.title,
        "summary": front.summary,
        "product_card": next((edition.card(product) for product in products if product), None),
        "accessories": accessories_for(edition, front.product, (*front.accessories, *front.parts)),
        "every": interval(front.every, edition.language, edition.texts) if front.every else "",
        "codes": list(front.codes),
        "symptoms": list(front.symptoms),
        "safety": front.safety.value,
        "notices": product_notices(edition, products),
        "helpful": True,
        "redirect_from": _redirects(guide, edition),
        **tree_facts(guide, edition),
    }
    other = edition.untranslated(guide)
    if other:
        facts["untranslated"] = {**other, "note": edition.texts["only_in"].format(language=other["name"])}
    template = TEMPLATES.get(front.type, "main.html")
    return Planned(f"{guide.id}.md", template, front.title, guide.body, facts, guide.source, guide.body_line, front.summary)


def _redirects(guide: Guide, edition: Edition) -> list[str]:
    """Return the page's former addresses: what the source language's readers once knew, others may have linked to."""
    source = edition.library.get(edition.library.languages[0], guide.id)
    return list(dict.fromkeys([*guide.front.redirect_from, *(source.front.redirect_from if source else ())]))


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
        **({"every": str(front.every)} if front.every else {}),
        **{name: as_json(values) for name, values in lists.items() if values},
    }


def as_json(values: tuple[str, ...]) -> str:
    """Return a list as it stands in a `data-…` attribute."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def _breadcrumb(guide: Guide, edition: Edition) -> list[Link]:
    crumbs = [edition.home]
    stage = guide.front.stage
    if guide.front.product:
        product = guide.front.product[0]
        crumbs.append({"title": edition.product_name(product), "url": f"products/{product}.html"})
        if stage:
            crumbs.append({"title": edition.stage_name(stage), "url": f"products/{product}/{stage}.html"})
    elif stage:
        crumbs.append({"title": edition.stage_name(stage), "url": f"stages/{stage}.html"})
    return crumbs


def _before(guide: Guide, edition: Edition) -> Facts | None:
    """Return the "before you start" box; pages without time, tools or parts have none."""
    front = guide.front
    if not (front.minutes or front.tools or front.parts or front.difficulty or front.safety is not Safety.NONE):
        return None
    box: Facts = {
        "minutes": front.minutes or 0,
        "time": duration(front.minutes, edition.language) if front.minutes else "",
        "difficulty": front.difficulty.value if front.difficulty else "",
        "safety": "" if front.safety is Safety.NONE else front.safety.value,
        "tools": list(front.tools),
        "parts": [_part_name(part, guide, edition) for part in front.parts],
    }
    return {**box, "items": _rows(box, edition.texts)}


def _rows(box: Facts, texts: dict[str, str]) -> list[Facts]:
    """Return the box as titles and texts, in the order in which a reader needs them."""
    said = {
        "minutes": box["time"],
        "difficulty": texts[f"difficulty_{box['difficulty']}"] if box["difficulty"] else "",
        "safety": texts[f"safety_{box['safety']}"] if box["safety"] else "",
        "tools": ", ".join(box["tools"]),
        "parts": ", ".join(box["parts"]),
    }
    return [{"id": name, "title": texts[f"before_{name}"], "text": text} for name, text in said.items() if text]


def _part_name(part: str, guide: Guide, edition: Edition) -> str:
    """Return a part as readers see it: its name from the product file, else its ID without hyphens."""
    products = (edition.library.products.get(name) for name in guide.front.product)
    names = (word_in(item.name, edition.language) for product in products if product for item in product.items if item.id == part)
    return next(filter(None, names), part.replace("-", " "))
