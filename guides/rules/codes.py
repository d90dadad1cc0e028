"""Rules for the codes of displays: whoever types one gets to the one page that explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.problems import Problem
from guides.rules.site import Site, at
from guides.vocabulary import GuideType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.guide import Guide


def one_page(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that a code leads to one guide of type error for each product and model."""
    if guide.front.type is not GuideType.ERROR or not guide.public:
        return
    for number, code in enumerate(guide.front.codes):
        for other in site.library.by_code(code, guide.language):
            if other.id < guide.id and other.public and other.front.type is GuideType.ERROR and _meet(guide, other):
                message = f"the code '{code}' stands in '{other.id}' already. Take it out of one, or name the models of each"
                yield from at(guide, "code-double", message, "codes", number)


def _meet(guide: Guide, other: Guide) -> bool:
    """Tell whether two guides are about the same thing: a product, and a model of it unless they name different ones."""
    if not set(guide.front.product) & set(other.front.product):
        return False
    return not (guide.front.models and other.front.models) or bool(set(guide.front.models) & set(other.front.models))


RULES = (one_page,)
