"""What a question means: its words as one vector, or nothing where the table cannot know."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from search_index import schema
from search_index.analysis import has_digit, tokens
from search_index.languages import STOP_WORDS, base_language, stop_words
from search_index.meaning.vectors import FILE, Vectors, place_of, representatives, weight
from search_index.ranking import idf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from search_index.analysis import Token
    from search_index.meaning.table import Table
    from search_index.meaning.vectors import Near
    from search_index.query import Query
    from search_index.ranking import Ranker
    from search_index.source import Source

LEAST_KNOWN = 0.5
"""Of a question's words; with less of them the sum is of something else than was asked."""
FOREIGN_WORDS = 2
"""So many small words of another language, and more than of its own, make a question foreign."""


def fits(code: str, table: Table) -> bool:
    """Say whether a language is the table's."""
    return base_language(code) == table.language


class Meaning:
    """One language's pages and the table; finds what is near to a question without sharing a word with it."""

    def __init__(self, table: Table, vectors: Vectors, source: Source) -> None:
        self._table = table
        self._vectors = vectors
        self._source = source
        words = source.words
        self._word = representatives(words.words, words.frequencies, [words.stem_of[word] for word in words.words])

    @classmethod
    def open(cls, folder: Path, table: Table, source: Source) -> Meaning:
        """Read one language of a build. Raises MeaningError."""
        return cls(table, Vectors.read(folder / FILE, table, len(source.facts)), source)

    def near(self, query: Query, ranker: Ranker) -> Near | None:
        """Return how near each page is; None for numbers, other languages and words that the table does not know."""
        found = tokens(query.text)
        stop = self._source.words.stop
        kept = [token for token in found if token.word not in stop and not token.whole][: schema.QUERY_WORDS]
        if (
            query.only_numbers
            or not kept
            or not self._source.facts
            or _is_foreign([token.word for token in found], self._table.language)
        ):
            return None
        said = [(token, self._meant(token, query, ranker)) for token in kept]
        telling = [meant is not None for token, meant in said if not has_digit(token.word)]
        if not telling or sum(telling) < LEAST_KNOWN * len(telling):
            return None
        vector = self._table.vector(meant for _, meant in said if meant is not None)
        return self._vectors.near(vector) if vector is not None else None

    def _meant(self, token: Token, query: Query, ranker: Ranker) -> tuple[str, int] | None:
        """Return the word that stands for one of the question's, and what it counts."""
        words, word = self._source.words, token.word
        if word in words.stem_of:
            return self._of_stem(words.stem_of[word], ranker)
        is_open = token.end == len(query.text)
        if word in self._table and not is_open:
            return self._unheard(word)
        for group in query.groups:
            if group.start == token.start and group.stems:  # a relative, a correction, or what the half-typed word may become
                return self._of_stem(max(group.stems, key=lambda stem: group.stems[stem]), ranker)
        return self._unheard(word) if word in self._table else None

    def _of_stem(self, stem: str, ranker: Ranker) -> tuple[str, int]:
        return self._word.get(stem, stem), weight(ranker.impact(stem).idf)

    def _unheard(self, word: str) -> tuple[str, int]:
        return word, weight(idf(0, len(self._source.facts)))

    def section(self, number: int, near: Near) -> int:
        """Return the section of a page that is nearest."""
        fact = self._source.facts[number]
        place = place_of(near.passage(number), fact.lengths[-1], len(self._source.facts))
        return max((index for index, start in enumerate(fact.starts) if start <= place), default=0)


@cache
def _small_words() -> dict[str, frozenset[str]]:
    return {code: stop_words(code) for code in STOP_WORDS}


def _is_foreign(words: list[str], language: str) -> bool:
    counts = dict(_counted(words))
    most = max((count for code, count in counts.items() if code != language), default=0)
    return most >= FOREIGN_WORDS and most > counts.get(language, 0)


def _counted(words: list[str]) -> Iterator[tuple[str, int]]:
    for code, small in _small_words().items():
        yield code, sum(word in small for word in words)
