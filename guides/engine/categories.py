"""Kinds of products: how they are called, and what their pages are named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from guides.products import word_in

if TYPE_CHECKING:
    from collections.abc import Iterable


def category_name(category: str, names: dict[str, dict[str, str]], language: str, texts: dict[str, str]) -> str:
    """Return what readers call a category: the shop's own words, else ours, else its ID as a word; without one "Other"."""
    if not category:
        return texts["category_other"]
    given = word_in(names.get(category, {}), language)
    return given or texts.get(f"category_{category.replace('-', '_')}") or re.sub(r"[-_]+", " ", category).strip().capitalize()


def slugs(kinds: Iterable[str]) -> dict[str, str]:
    """Return the name of each kind's page: readable where it has Latin letters, and its own in any case."""
    found: dict[str, str] = {}
    for number, kind in enumerate(sorted(kinds), start=1):
        words = re.sub(r"[^a-z0-9]+", "-", kind.casefold()).strip("-")[:60]
        found[kind] = words if words and words not in found.values() else f"{words or 'kind'}-{number}"
    return found
