"""Rules that keep readers from harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.problems import Problem, problem
from guides.rules.site import Site, at
from guides.vocabulary import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.guide import Guide

_KINDS = {str(safety): safety for safety in Safety if safety is not Safety.NONE}


def page_safety(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that what the page says about its danger is no less than what its boxes say."""
    graves = [(box, _KINDS[box.kind]) for box in guide.page.boxes if box.kind in _KINDS]
    if not graves:
        return
    box, gravest = max(graves, key=lambda pair: pair[1].rank)
    if gravest.rank > guide.front.safety.rank:
        where = f"line {box.place.line}" if box.place.source == guide.source else f"{box.place.source}, line {box.place.line}"
        message = f"the page has a {gravest} box ({where}) but its safety is '{guide.front.safety}'. Write 'safety: {gravest}'"
        yield from at(guide, "safety-too-low", message, "safety")


def before_the_step(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that a reader meets a warning before the step, not after it."""
    for box in guide.page.boxes:
        orders = [step.order for step in guide.page.steps if step.section == box.section]
        if box.kind in _KINDS and orders and box.order > max(orders):
            message = f"this {box.kind} box stands behind the last step. Put it before the step that it protects"
            yield problem(guide.source, box.place.included, "admonition-late", message)


def box_with_text(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that a box holds its text: Markdown shows one that is written in another way as an empty box, or as plain signs."""
    for box in guide.page.boxes:
        if not box.whole:
            message = (
                f"this {box.kind} box shows without its text. Write a title in quotation marks beside it, "
                "and the text on the next lines, with four spaces before it"
            )
            yield problem(guide.source, box.place.included, "admonition-empty", message)


RULES = (page_safety, before_the_step, box_with_text)
