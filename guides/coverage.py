"""Which guides there are for each product and stage, in each language: the coverage matrix."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from guides.vocabulary import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from guides.library import Library
    from guides.products import Product


@dataclass(frozen=True)
class Cell:
    """One product, one stage that it declares, one language."""

    product: str
    stage: str
    language: str
    guides: int
    """How many live guides it has that are in date."""


def coverage(library: Library, today: date) -> list[Cell]:
    """Return a cell for every stage that every product declares, in every language of the site."""
    return [cell for product in library.products.values() for cell in coverage_of(product, library, today)]


def coverage_of(product: Product, library: Library, today: date) -> Iterator[Cell]:
    """Yield a cell for every stage that the product declares, in every language of the site."""
    for language in library.languages:
        guides = library.by_product(product.id, language)
        fresh = [guide.front.stage for guide in guides if guide.public and (guide.front.review_by or today) >= today]
        stages = (stage for stage in product.stages if stage is not Stage.POLICY)
        yield from (Cell(product.id, str(stage), language, fresh.count(stage)) for stage in stages)


def as_json(cells: list[Cell]) -> list[dict[str, Any]]:
    """Return the matrix as rows for `build/coverage.json` and programs that read it."""
    return [asdict(cell) for cell in cells]


def as_table(cells: list[Cell]) -> str:
    """Return the matrix as text: a row for each product and stage, a column for each language, a dot for a gap."""
    languages = list(dict.fromkeys(cell.language for cell in cells))
    counts = {(cell.product, cell.stage, cell.language): cell.guides for cell in cells}
    rows = list(dict.fromkeys((cell.product, cell.stage) for cell in cells))
    wide = max((len(f"{product} {stage}") for product, stage in rows), default=0)
    lines = [" ".join([" " * wide, *(f"{language:>5}" for language in languages)])]
    for product, stage in rows:
        row = (counts[product, stage, language] for language in languages)
        lines.append(" ".join([f"{product} {stage}".ljust(wide), *(f"{count or '·':>5}" for count in row)]))
    gaps = sum(not cell.guides for cell in cells)
    return "\n".join([*lines, f"{len(cells)} cells, {gaps} without a guide."])
