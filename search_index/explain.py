"""Why a page stands where it does, for writers: what each word of the question gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from search_index import schema
from search_index.query import understand
from search_index.ranking import best_phrase, best_window

if TYPE_CHECKING:
    from search_index.query import Group
    from search_index.ranking import Hit, Ranker
    from search_index.source import Source


class Word(TypedDict):
    """What one word of the question gave a page."""

    word: str
    found: str
    """The stem that it was found by; empty when the page has none of its stems."""
    text: float
    title: float


class Explanation(TypedDict):
    """The parts of one page's score."""

    id: str
    title: str
    score: float
    exact: int
    """More than 0: a code or model number of the page was asked for, which goes before any score."""
    share: float
    """How much of the question the page has words for, from 0 to 1."""
    passage: float
    alias: float
    meaning: float
    """What nearness in meaning added; 0 where the index is asked by words alone."""
    words: list[Word]


def explain(source: Source, ranker: Ranker, text: str, product: str | None = None, limit: int = 5) -> list[Explanation]:
    """Return the parts of the scores of the best pages, in their order."""
    query = understand(text, source.words)
    return [_parts(source, ranker, query.groups, hit) for hit in ranker.rank(query, product, limit)]


def _parts(source: Source, ranker: Ranker, groups: list[Group], hit: Hit) -> Explanation:
    fact = source.facts[hit.number]
    return {
        "id": fact.id,
        "title": fact.title,
        "score": round(hit.score, 2),
        "exact": hit.exact,
        "share": round(hit.share, 2),
        "passage": round(schema.PASSAGE * best_window(source, ranker, hit.number, groups), 2),
        "alias": round(ranker.phrase * best_phrase(source, ranker, hit.number, groups), 2),
        "meaning": round(hit.meaning, 2),
        "words": [_word(ranker, group, hit.number) for group in groups],
    }


def _word(ranker: Ranker, group: Group, number: int) -> Word:
    worth = {stem: weight * ranker.impact(stem).body.get(number, 0.0) for stem, weight in group.stems.items()}
    best = max(worth, key=lambda stem: worth[stem])
    title = max(weight * ranker.impact(stem).title.get(number, 0.0) for stem, weight in group.stems.items())
    return {"word": group.word, "found": best if worth[best] else "", "text": round(worth[best], 2), "title": round(title, 2)}
