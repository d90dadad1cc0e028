"""What helps next: guides that a writer names, and guides of the same product with the same symptom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.rules.site import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guides.guide import Guide

MAX_RELATED = 6
_KEPT = 12
"""Guides kept per product and symptom: a symptom that thousands share says nothing, and must not cost anything."""


class Related:
    """Knows which guides share a product and a symptom."""

    def __init__(self, guides: Iterable[Guide]) -> None:
        self._shared: dict[tuple[str, str], list[str]] = {}
        self._ids = set()
        for guide in guides:
            self._ids.add(guide.id)
            for product in guide.front.product:
                for symptom in guide.front.symptoms:
                    group = self._shared.setdefault((product, folded(symptom)), [])
                    if len(group) < _KEPT:
                        group.append(guide.id)

    def to(self, guide: Guide) -> list[str]:
        """Return the IDs of related guides: the writer's own first, then those that share most symptoms."""
        times: dict[str, int] = {}
        for product in guide.front.product:
            for symptom in guide.front.symptoms:
                for other in self._shared.get((product, folded(symptom)), ()):
                    times[other] = times.get(other, 0) + 1
        named = [name for name in guide.front.related if name in self._ids]
        alike = sorted(times, key=lambda name: (-times[name], name))
        return [name for name in dict.fromkeys([*named, *alike]) if name != guide.id][:MAX_RELATED]
