"""The safety page: emergency numbers, recalls, and every guide whose work can hurt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.engine.lists import link, paginate
from guides.engine.notices import product_notices
from guides.products import word_in
from guides.vocabulary import NoticeKind, Safety

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from guides.engine.edition import Edition
    from guides.engine.page import Facts, Planned

URL = "safety.html"
MAX_RECALLS = 20


def emergency_numbers(edition: Edition) -> list[Facts]:
    """Return each emergency number once, with the shops in which it holds."""
    numbers: dict[str, list[tuple[str, str]]] = {}
    for name, store in sorted(edition.library.stores.items()):
        numbers.setdefault(store.emergency_number, []).append((name, word_in(store.name, edition.language)))
    return [
        {"number": number, "name": ", ".join(name for _, name in stores[:5]), "stores": " ".join(name for name, _ in stores)}
        for number, stores in numbers.items()
    ]


def recalls(edition: Edition, limit: int = MAX_RECALLS) -> list[Facts]:
    """Return the recalls of all products."""
    products = [product for _, product in sorted(edition.library.products.items()) if product.notice]
    found = product_notices(edition, products, named=True)
    return [notice for notice in found if notice["kind"] == NoticeKind.RECALL][:limit]


def safety_pages(edition: Edition, pages: Sequence[Planned]) -> Iterator[Planned]:
    """Yield the page, gravest guides first; among them those that are about no single product: what to do in an emergency."""
    order = {Safety.DANGER.value: 0, Safety.WARNING.value: 1}

    def gravity(page: Planned) -> tuple[int, bool]:
        return order[page.facts["safety"]], len(page.facts["article"]["product"].split()) == 1

    grave = sorted((page for page in pages if page.facts["safety"] in order), key=gravity)
    first = grave[0] if grave and gravity(grave[0]) == (0, False) else None
    items = [{**link(page, edition.texts[f"safety_{page.facts['safety']}"]), "safety": page.facts["safety"]} for page in grave]
    facts: Facts = {"emergency": emergency_numbers(edition), "recalls": recalls(edition), "first": link(first) if first else None}
    hub = edition.hub("safety.md", "safety.html", "safety", edition.texts["safety_title"], facts, edition.texts["safety_intro"])
    yield from paginate(hub, items, edition.texts)
