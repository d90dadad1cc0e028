"""Words and meaning in one score: a weighted sum of what each says about the pages in question, measured by its spread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARE = 0.4
"""How much meaning counts beside words."""
LEAST = 0.25
"""A page without any of the words must be so near, where others have some; 1 is the same."""
LEAST_ALONE = 0.4
"""So near where no page has any of them: nothing else speaks for it, and help is better than a wrong answer."""


def additions(by_words: Sequence[float], by_meaning: Sequence[float]) -> list[float]:
    """Return what meaning adds to each page's score by words, in the scale of those; where no words tell pages apart, itself.

    (1 - a) * words / spread + a * meaning / spread, times the words' spread: the order is the weighted sum's, and scores by
    words stay what they were.
    """
    of_words, of_meaning = _spread(by_words), _spread(by_meaning)
    if not by_meaning or not of_meaning:
        return [0.0] * len(by_words)
    factor = SHARE / (1 - SHARE) * of_words / of_meaning if of_words else 1.0
    least = min(by_meaning) if of_words else 0.0
    return [factor * (value - least) for value in by_meaning]


def _spread(values: Sequence[float]) -> float:
    """Return the standard deviation."""
    if not values:
        return 0.0
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
