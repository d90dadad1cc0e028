"""A product's codes and symptoms on one page: what the display shows, and what one sees, with the page that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.engine.lists import link
from guides.vocabulary import GuideType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guides.engine.edition import Edition
    from guides.engine.page import Facts, Planned
    from guides.products import Product

HELPS = (GuideType.ERROR.value, GuideType.TROUBLESHOOTER.value)
"""Kinds of pages that explain a code or a symptom; of others, the words say only what they are about."""


def codes_page(edition: Edition, product: Product, pages: Sequence[Planned]) -> Planned | None:
    """Return the page, or None for a product that shows no codes."""
    explained = sorted(
        (page for page in pages if page.facts["article"]["type"] in HELPS),
        key=lambda page: HELPS.index(page.facts["article"]["type"]),
    )
    codes: dict[str, Planned] = {}
    for page in explained:
        for code in page.facts["codes"]:
            codes.setdefault(code, page)
    if not codes:
        return None
    name = product.name_in(edition.language)
    facts: Facts = {
        "breadcrumb": [edition.home, {"title": name, "url": f"products/{product.id}.html"}],
        "picture": product.picture,
        "codes": [{"code": code, **_row(codes[code])} for code in sorted(codes, key=_natural)],
        "symptoms": [{"symptoms": list(page.facts["symptoms"]), **_row(page)} for page in explained if page.facts["symptoms"]],
    }
    return edition.hub(
        f"products/{product.id}/codes.md", "codes.html", "codes", edition.texts["codes_title"].format(product=name), facts
    )


def _row(page: Planned) -> Facts:
    found = link(page)
    return {"title": found["title"], "url": found["url"], "summary": page.summary}


def _natural(code: str) -> list[tuple[bool, int, str]]:
    """Return what sorts E2 before E18."""
    parts: list[str] = []
    for sign in code:
        if parts and parts[-1].isdecimal() == sign.isdecimal():
            parts[-1] += sign
        else:
            parts.append(sign)
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part.casefold()) for part in parts]
