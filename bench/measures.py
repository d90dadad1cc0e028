"""What a list of pages is worth as the answer to a question: success, reciprocal rank, discounted gain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

DEPTH = 10

Grades = Mapping[str, int]


def success(found: Sequence[str], grades: Grades, depth: int) -> bool:
    """Say whether a page that answers is among the first so many."""
    return any(grades.get(page, 0) > 0 for page in found[:depth])


def reciprocal_rank(found: Sequence[str], grades: Grades) -> float:
    """Return one over the place of the first page that answers, 0 where none of the first ten does."""
    return next((1 / place for place, page in enumerate(found[:DEPTH], 1) if grades.get(page, 0) > 0), 0.0)


def discounted_gain(found: Sequence[str], grades: Grades) -> float:
    """Return the nDCG of the first ten: gain is the grade, discount log2(place + 1)."""
    best = _gain(sorted(grades.values(), reverse=True))
    return _gain([grades.get(page, 0) for page in found]) / best if best else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 1) for place, grade in enumerate(grades[:DEPTH], 1))


def measures(found: Mapping[str, Sequence[str]], judgements: Mapping[str, Grades]) -> dict[str, Any]:
    """Return the means over all questions; a question without results, or without any page that answers, counts 0."""
    pairs = [(pages, judgements.get(query, {})) for query, pages in found.items()]
    count = max(1, len(pairs))
    return {
        "n": len(pairs),
        "s1": round(sum(success(pages, grades, 1) for pages, grades in pairs) / count, 4),
        "s5": round(sum(success(pages, grades, 5) for pages, grades in pairs) / count, 4),
        "mrr10": round(sum(reciprocal_rank(pages, grades) for pages, grades in pairs) / count, 4),
        "ndcg10": round(sum(discounted_gain(pages, grades) for pages, grades in pairs) / count, 4),
        "zero": round(sum(not pages for pages, _ in pairs) / count, 4),
    }
