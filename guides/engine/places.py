"""Where accessories and what is used up can be had: the shelf in the shop, or an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.engine.notices import address
from guides.products import word_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guides.engine.edition import Edition
    from guides.engine.page import Facts
    from guides.products import Product

MAX_STORES = 3


def place_of(edition: Edition, item: str, otherwise: str = "") -> str:
    """Return where something stands: by the store files, else what the product file says."""
    found = {
        word_in(store.name, edition.language): word_in(store.places[item], edition.language)
        for _, store in sorted(edition.library.stores.items())
        if item in store.places
    }
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    return "; ".join(f"{name}: {place}" for name, place in list(found.items())[:MAX_STORES]) or otherwise


def accessories_of(edition: Edition, product: Product) -> list[Facts]:
    """Return everything that belongs to a product, and where it is."""
    used_up = {item.id for item in product.consumables}
    return [
        {
            "id": item.id,
            "title": word_in(item.name, edition.language) or item.id.replace("-", " "),
            "place": place_of(edition, item.id, item.place),
            **address(item.link),
            "used_up": item.id in used_up,
        }
        for item in product.items
    ]


def accessories_for(edition: Edition, products: Iterable[str], wanted: Iterable[str]) -> list[Facts]:
    """Return what a guide asks for, each thing once, in the guide's order."""
    known: dict[str, Facts] = {}
    for name in products:
        product = edition.library.products.get(name)
        for item in accessories_of(edition, product) if product else ():
            known.setdefault(item["id"], item)
    return [known[name] for name in dict.fromkeys(wanted) if name in known]
