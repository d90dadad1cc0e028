"""The vectors of a language's pages: one for each title and one for each stretch of text, all compared with a question at once.

One file: a line of JSON with hashes of the table and of the rest, how many passages each page has, and then, place by place,
that place of every vector as an unsigned byte.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from search_index.meaning.table import MIDDLE, UNIT, MeaningError, read_headed, write_headed
from search_index.ranking import idf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from search_index.corpus import Corpus
    from search_index.meaning.table import Table

FILE = "meaning.bin"
REBUILD = "Run `./helpstand kiosk` to make it again."
WINDOW = 36
STEP = 24
"""In kept words, as places are counted: some 60 words of English and a third of them again."""
MOST_PASSAGES = 8
MOST_VECTORS = 16_000
"""With more pages each has fewer and longer passages: a question is compared with all of them."""
TITLE = 0.1
"""How much the title alone counts; every passage has the title's words too."""
FINENESS = 16
"""Weights are whole numbers: so many of them to 1."""
_BIAS = 1 << 23


def weight(importance: float) -> int:
    """Return what a word counts in a sum, from its idf; a root, because the table weighs words already."""
    return round(FINENESS * math.sqrt(importance))


def passages(length: int, documents: int) -> list[range]:
    """Return the places that each passage of a text covers, on a site of so many pages."""
    most = max(1, min(MOST_PASSAGES, MOST_VECTORS // max(1, documents) - 1))
    overlap = WINDOW - STEP
    size = max(WINDOW, -(-length // most) + overlap)
    count = max(1, -(-(length - overlap) // (size - overlap)))
    return [range(at * (size - overlap), min(length, at * (size - overlap) + size)) for at in range(count)]


def representatives(words: Sequence[str], frequencies: Sequence[int], stems: Sequence[str]) -> dict[str, str]:
    """Return stem -> the most frequent of its words: the table knows words, not stems."""
    best: dict[str, tuple[int, str]] = {}
    for word, frequency, stem in zip(words, frequencies, stems, strict=True):
        if stem not in best or (-frequency, word) < best[stem]:
            best[stem] = (-frequency, word)
    return {stem: word for stem, (_, word) in best.items()}


def write_vectors(path: Path, corpus: Corpus, table: Table) -> None:
    """Write the vectors of a corpus."""
    count = len(corpus.entries)
    titles, texts, held = [], [], bytearray()
    words = _Weighted(corpus)
    nothing = array("b", bytes(table.dimensions))
    for entry in corpus.entries:
        # What the page is about belongs to every passage: "Remove limescale" says nowhere that it is the kettle's.
        title = words.of_stems([*entry.stems["title"], *dict.fromkeys(entry.stems["product"])])
        titles.append(table.vector(title.items()) or nothing)
        spans = passages(len(entry.places), count)
        held.append(len(spans) + bool(entry.phrases))
        for span in spans:
            inside = words.of_numbers(entry.places[span.start : span.stop])
            inside.update(title)
            texts.append(table.vector(inside.items()) or nothing)
        if entry.phrases:  # customers' own words are a passage of their own
            texts.append(table.vector((title + words.of_stems(entry.stems["aliases"])).items()) or nothing)
    vectors = [*titles, *texts]
    columns = (bytes(value + MIDDLE for value in column) for column in zip(*vectors, strict=True))
    body = bytes(held) + b"".join(columns)
    write_headed(path, {"table": table.digest, "documents": count}, body)


class _Weighted:
    """The words of a corpus with what they count: word -> weight times how often."""

    def __init__(self, corpus: Corpus) -> None:
        listed = list(corpus.table)
        self._word = representatives(listed, [corpus.frequencies[word] for word in listed], list(corpus.table.values()))
        documents = Counter(stem for entry in corpus.entries for stem in set().union(*entry.stems.values()))
        count = len(corpus.entries)
        self._weight = {stem: weight(idf(times, count)) for stem, times in documents.items()}
        self._stem = list(corpus.stem_numbers)
        self._stop = {corpus.table.get(word, word) for word in corpus.stop}

    def of_numbers(self, numbers: Sequence[int]) -> Counter[str]:
        return Counter(dict(self._weighted(Counter(self._stem[number] for number in numbers))))

    def of_stems(self, stems: Sequence[str]) -> Counter[str]:
        return Counter(dict(self._weighted(Counter(stem for stem in stems if stem not in self._stop))))

    def _weighted(self, stems: Counter[str]) -> Iterator[tuple[str, int]]:
        for stem, times in stems.items():
            yield self._word[stem], times * self._weight[stem]


class Vectors:
    """The vectors of one language, read and checked."""

    def __init__(self, documents: int, held: bytes, columns: bytes, dimensions: int) -> None:
        self._documents = documents
        self._count = documents + sum(held)
        self._ends = list(accumulate(held, initial=documents))
        # 32 bits to a vector: one multiplication does a place of all of them, and their sums stay apart.
        self._columns = [
            int.from_bytes(_lanes(columns[at : at + self._count]), "little")
            for at in range(0, dimensions * self._count, max(1, self._count))
        ]
        self._bias = int.from_bytes(array("I", [_BIAS]).tobytes() * self._count, "little")

    @classmethod
    def read(cls, path: Path, table: Table, documents: int) -> Vectors:
        """Read the vectors of so many pages. Raises MeaningError where they are missing, damaged or another table's."""
        about, body = read_headed(path, REBUILD)
        held, columns = body[:documents], body[documents:]
        if about.get("table") != table.digest or about.get("documents") != documents:
            raise MeaningError(f"{path}: was made with another table of words, or for other pages. {REBUILD}")
        if len(held) != documents or len(columns) != table.dimensions * (documents + sum(held)) or not all(held):
            raise MeaningError(f"{path}: has not what its first line says. {REBUILD}")
        return cls(documents, held, columns, table.dimensions)

    def near(self, vector: Sequence[int]) -> Near:
        """Compare all vectors with one."""
        total = self._bias
        for value, column in zip(vector, self._columns, strict=True):
            total += value * column
        lanes = array("I")
        lanes.frombytes(total.to_bytes(4 * self._count, "little"))
        return Near(lanes, self._documents, self._ends, _BIAS + MIDDLE * sum(vector))


def _lanes(column: bytes) -> bytes:
    spread = bytearray(4 * len(column))
    spread[::4] = column
    return bytes(spread)


class Near:
    """How near one question is to each page: 1 is the same, 0 has nothing to do with it."""

    def __init__(self, lanes: array[int], documents: int, ends: Sequence[int], zero: int) -> None:
        self._lanes = lanes
        self._ends = ends
        full = UNIT * UNIT
        of_text, of_title = (1 - TITLE) / full, TITLE / full
        far = zero / full
        best = [max(lanes[first:last]) for first, last in pairwise(ends)]
        self.scores = [of_text * text + of_title * title - far for text, title in zip(best, lanes[:documents], strict=True)]

    def nearest(self, count: int) -> list[int]:
        """Return so many pages, the nearest first."""
        if not self.scores:
            return []
        least = sorted(self.scores)[-min(count, len(self.scores))]
        near = [number for number, score in enumerate(self.scores) if score >= least]
        return sorted(near, key=lambda number: -self.scores[number])[:count]

    def passage(self, number: int) -> int:
        """Return which passage of a page is nearest."""
        held = self._lanes[self._ends[number] : self._ends[number + 1]]
        return held.index(max(held))


def place_of(passage: int, length: int, documents: int) -> int:
    """Return the place in a text at the middle of a passage."""
    spans = passages(length, documents)
    if passage >= len(spans):  # that of the aliases
        return 0
    span = spans[passage]
    return min((span.start + span.stop) // 2, max(0, length - 1))
