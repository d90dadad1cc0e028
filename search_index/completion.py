"""Whole words for the beginning of one, from the words of an index: for writing with few keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search_index.analysis import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search_index.source import Words

MOST_LETTERS = 40
LEAST_LENGTH = 3


def complete(words: Words, typed: Sequence[str], limit: int = 5) -> list[str]:
    """Return the most frequent words that begin so; each place of `typed` holds every letter that it may stand for."""
    places = [frozenset(fold(letters)) for letters in typed[:MOST_LETTERS]]
    if not places or len(typed) > MOST_LETTERS:
        return []
    found = [
        (-words.frequencies[number], len(word), word)
        for number, word in enumerate(words.words)
        if len(word) >= max(LEAST_LENGTH, len(places))
        and word not in words.stop
        and all(letter in place for letter, place in zip(word, places, strict=False))
    ]
    return [words.forms.get(word, word) for _, _, word in sorted(found)[:limit]]
