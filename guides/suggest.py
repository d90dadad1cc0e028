"""The likely cure for a word that nobody knows."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that looks most like the word, or None when none comes near."""
    by_folded: dict[str, str] = {}
    for choice in choices:
        by_folded.setdefault(choice.casefold(), choice)
    # The whole of a pasted paragraph is never a typing slip, and difflib is slow on it.
    found = get_close_matches(word[:80].casefold(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return " Did you mean 'maintain'?" for the choice that looks most like the word, or an empty text."""
    found = nearest(word, choices)
    return f" Did you mean '{found}'?" if found is not None else ""
