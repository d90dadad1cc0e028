"""What ranking needs to know of one language, wherever it is kept: in Whoosh and files, or in memory for tests."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import Protocol

from search_index import schema
from search_index.documents import Section
from search_index.stems import Endings


@dataclass(frozen=True)
class Fact:
    """What is always in memory about a document."""

    id: str
    url: str
    title: str
    product: str
    product_title: str
    stage: str
    type: str
    lengths: tuple[int, ...]
    starts: tuple[int, ...]
    codes: tuple[str, ...]
    models: tuple[str, ...]
    title_numbers: tuple[str, ...]
    phrase_lengths: tuple[int, ...] = ()
    """Of each alias, how many different words it has."""


@dataclass
class Words:
    """All words as they occur, folded, with stems and frequencies."""

    words: list[str]
    frequencies: list[int]
    stem_of: Mapping[str, str]
    stop: frozenset[str]
    endings: Endings
    respell: tuple[tuple[str, str], ...]
    forms: Mapping[str, str]
    common: frozenset[str] = frozenset()
    joints: tuple[str, ...] = ()
    synonyms: tuple[tuple[tuple[str, ...], ...], ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    stems: frozenset[str] = field(default=frozenset())
    _buckets: dict[tuple[int, str, int], list[int]] = field(default_factory=dict)
    same: dict[tuple[str, ...], dict[str, float]] = field(default_factory=dict)
    """Term -> the stems that may stand for it, with their weights."""
    said_stems: frozenset[str] = frozenset()
    _compounds: dict[str, list[str]] | None = None
    _roots: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stems = frozenset(stem for word, stem in self.stem_of.items() if word not in self.stop)
        for group in self.synonyms:
            for term in group:
                meant = self.same.setdefault(term, {})
                for other in group:
                    weight = schema.SYNONYM_WEIGHT if len(other) == 1 else schema.SYNONYM_PART_WEIGHT
                    for stem in other if other != term else ():
                        meant[stem] = max(weight, meant.get(stem, 0.0))
        self.said_stems = frozenset(stem for term in self.same for stem in term)

    def is_part(self, word: str) -> bool:
        """Say whether a word may be part of a compound."""
        return word in self.stem_of and word not in self.stop

    def compounds(self, stem: str) -> list[str]:
        """Return the stems of the words that end in a word of this stem: "patrone" gives those of "druckerpatrone"."""
        if self._compounds is None:
            found: dict[str, list[str]] = {}
            for word in self.words if self.joints else ():
                if word not in self.stop and (parts := split(word, self)):
                    tail, whole = self.stem_of[parts[1]], self.stem_of[word]
                    if tail != whole and whole not in found.setdefault(tail, []):
                        found[tail].append(whole)
            self._compounds = found
        return self._compounds.get(stem, [])

    def family(self, stem: str) -> list[str]:
        """Return the stems that begin as this one does, and mostly mean something near: "sell" and "seller"."""
        if not stem.isalpha() or len(stem) < schema.FAMILY_LETTERS:
            return []
        if not self._roots:
            self._roots = sorted(self.stems, key=unit_order)
        start = stem[: max(schema.FAMILY_LETTERS, math.ceil(schema.FAMILY_SHARE * len(stem)))]
        first = bisect_left(self._roots, unit_order(start), key=unit_order)
        alike = takewhile(lambda root: root.startswith(start), islice(self._roots, first, None))
        return [root for root in alike if root != stem and root.isalpha() and akin(stem, root)][: schema.EXPANSIONS]

    def starting_with(self, prefix: str) -> range:
        """Return the numbers of the words with this prefix."""
        first = bisect_left(self.words, unit_order(prefix), key=unit_order)
        last = first
        while last < len(self.words) and self.words[last].startswith(prefix):
            last += 1
        return range(first, last)

    def bucket(self, place: int, letter: str, length: int) -> list[int]:
        """Return the numbers of the words of a length that have this letter in first (0) or second (1) place."""
        if not self._buckets:
            buckets: dict[tuple[int, str, int], list[int]] = {}
            for number, word in enumerate(self.words):
                for where in (0, 1):
                    if where < len(word):
                        buckets.setdefault((where, word[where], len(word)), []).append(number)
            self._buckets = buckets
        return self._buckets.get((place, letter, length), [])


def split(word: str, words: Words) -> tuple[str, str] | None:
    """Return the two known words that make up a word, the longest second one first; or None."""
    least = schema.PART_LETTERS
    if not word.isalpha():
        return None
    for at in range(least, len(word) - least + 1):
        if not words.is_part(word[at:]):
            continue
        for joint in words.joints or ("",):
            head = word[: at - len(joint)]
            if len(head) >= least and word[:at].endswith(joint) and words.is_part(head):
                return head, word[at:]
    return None


def akin(one: str, other: str) -> bool:
    """Say whether two stems begin enough alike to be of one family."""
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    least = schema.FAMILY_LETTERS if same in {len(one), len(other)} else schema.FAMILY_APART
    return same >= least and same >= schema.FAMILY_SHARE * max(len(one), len(other))


def unit_order(word: str) -> bytes:
    """Return the key by which JavaScript sorts strings."""
    return word.encode("utf-16-be")


class Source(Protocol):
    """One language's index."""

    facts: Sequence[Fact]
    totals: Sequence[int]
    words: Words
    links: Sequence[tuple[str, ...]]
    """Title, address and picture of each way on when nothing was found."""

    def postings(self, field: str, stem: str) -> list[tuple[int, int]]:
        """Return (document number, times) in order of numbers."""

    def places(self, number: int, stems: Sequence[str]) -> dict[str, list[int]]:
        """Return where these stems stand among the kept words of a document's text."""

    def phrases(self, number: int, stems: Sequence[str]) -> dict[str, list[int]]:
        """Return in which of a document's aliases these stems stand."""

    def sections(self, number: int) -> Sequence[Section]:
        """Return the sections of a document."""
