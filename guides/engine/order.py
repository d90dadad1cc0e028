"""Which guides of a product stand first in every list: those its file names, then those that ask questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.vocabulary import GuideType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from guides.engine.page import Planned
    from guides.products import Product


class Order:
    """Knows the place of each guide among those of its products."""

    def __init__(self, products: Mapping[str, Product]) -> None:
        self._places = {name: {guide: place for place, guide in enumerate(product.first)} for name, product in products.items()}

    def of_product(self, product: str, pages: Iterable[Planned]) -> list[Planned]:
        """Return a product's pages in their order; what nothing is said of stays as it was."""
        return sorted(pages, key=lambda page: self._place(product, page))

    def of_all(self, pages: Iterable[Planned]) -> list[Planned]:
        """Return pages of many products: each product's own together, where the first of them stood, and in their order."""
        known = list(pages)
        begins: dict[str, int] = {}
        for number, page in enumerate(known):
            begins.setdefault(page.facts["article"]["product"], number)
        return sorted(known, key=lambda page: (begins[page.facts["article"]["product"]], self._best(page)))

    def _best(self, page: Planned) -> tuple[int, int]:
        products = page.facts["article"]["product"].split()
        return min((self._place(product, page) for product in products), default=self._place("", page))

    def _place(self, product: str, page: Planned) -> tuple[int, int]:
        article = page.facts["article"]
        place = self._places.get(product, {}).get(article["guide"])
        if place is not None:
            return 0, place
        return (1 if article["type"] == GuideType.TROUBLESHOOTER else 2), 0
