"""The likely cure for a word that nobody knows."""

from __future__ import annotations

import re
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


_WORDS = re.compile(r"[^\W_]+")


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that looks most like the word, or None when none comes near."""
    return _nearest(word, tuple(choices))


@lru_cache(maxsize=2048)
def _nearest(word: str, choices: tuple[str, ...]) -> str | None:
    # The same slip often stands on many pages.
    by_folded: dict[str, str] = {}
    for choice in choices:
        by_folded.setdefault(choice.casefold(), choice)
    # The whole of a pasted paragraph is never a typing slip, and difflib is slow on it.
    folded = word[:80].casefold()
    found = get_close_matches(folded, list(by_folded), n=5, cutoff=0.6)
    order = list(by_folded)
    # Of two that are equally near, the one that its owner names first.
    best = min(found, key=lambda one: (-SequenceMatcher(None, one, folded).ratio(), order.index(one)), default=None)
    return by_folded[best] if best is not None else None


def nearest_name(name: str, names: Iterable[str]) -> str | None:
    """Return the file name without its ending that a wrong one is likely to mean: it looks like it, or alone has its words."""
    choices = tuple(names)
    wanted = set(_WORDS.findall(name.casefold()))
    holders = [choice for choice in choices if wanted and wanted <= set(_WORDS.findall(choice.casefold()))]
    return nearest(name, choices) or (holders[0] if len(holders) == 1 else None)


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return " Did you mean 'maintain'?" for the choice that looks most like the word, or an empty text."""
    found = nearest(word, choices)
    return f" Did you mean '{found}'?" if found is not None else ""
