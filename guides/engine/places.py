"""Where accessories and what is used up can be had: the shelf in the shop, or an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.engine.notices import address
from guides.products import word_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guides.engine.edition import Edition
    from guides.engine.page import Facts
    from guides.products import Product, Text, Words

MAX_NAMES = 3


def places_of(edition: Edition, item: str, otherwise: Words) -> list[Facts]:
    """Return where something stands: by the store files, shops with the same words together, else what the product file says.

    `stores` holds the shops' IDs for a kiosk, which shows its own shop only; it is empty where all shops agree.
    """
    stores = sorted(edition.library.stores.items())
    found: dict[Text, list[tuple[str, str]]] = {}
    for name, store in stores:
        place = word_in(store.places.get(item, {}), edition.language)
        if place:
            found.setdefault(place, []).append((name, word_in(store.name, edition.language)))
    if not found:
        place = word_in(otherwise, edition.language)
        return [{"stores": "", "names": "", "text": place}] if place else []
    if len(found) == 1 and len(next(iter(found.values()))) == len(stores):
        return [{"stores": "", "names": "", "text": next(iter(found))}]
    return [
        {
            "stores": " ".join(name for name, _ in owners),
            "names": ", ".join(shown for _, shown in owners[:MAX_NAMES]) + (", …" if len(owners) > MAX_NAMES else ""),
            "text": place,
        }
        for place, owners in found.items()
    ]


def accessories_of(edition: Edition, product: Product) -> list[Facts]:
    """Return everything that belongs to a product, and where it is."""
    used_up = {item.id for item in product.consumables}
    return [
        {
            "id": item.id,
            "title": word_in(item.name, edition.language) or item.id.replace("-", " "),
            "places": places_of(edition, item.id, item.place),
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
