"""The in-memory twin of the index on disk: the same answers, without Whoosh and files."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from search_index.schema import FIELD_NAMES
from search_index.source import Fact, Words, unit_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search_index.corpus import Corpus, Entry
    from search_index.documents import Section


def fact(entry: Entry) -> Fact:
    """Return what is kept in memory of a document."""
    document = entry.document
    return Fact(
        document.id, document.url, document.title, document.product,
        ", ".join(document.product_names), document.stage, document.type,
        entry.lengths, entry.starts, entry.codes, entry.models, entry.title_numbers,
        tuple(map(len, entry.phrases)),
    )  # fmt: skip


def word_list(corpus: Corpus) -> Words:
    """Return the words of a corpus, in the order of the export."""
    listed = sorted(corpus.table, key=unit_order)
    return Words(
        listed,
        [corpus.frequencies[word] for word in listed],
        corpus.table,
        corpus.stop,
        corpus.endings,
        corpus.respell,
        corpus.forms,
        corpus.common,
        corpus.joints,
        corpus.synonyms,
        corpus.said,
    )


def all_postings(corpus: Corpus) -> dict[str, dict[str, list[tuple[int, int]]]]:
    """Return stem -> field -> postings."""
    result: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for number, entry in enumerate(corpus.entries):
        for name in FIELD_NAMES:
            for stem, times in Counter(entry.stems[name]).items():
                result.setdefault(stem, {}).setdefault(name, []).append((number, times))
    return result


class MemorySource:
    """A Source made straight from a corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self.facts: Sequence[Fact] = [fact(entry) for entry in corpus.entries]
        self.totals: Sequence[int] = corpus.totals()
        self.words = word_list(corpus)
        self.links: Sequence[tuple[str, ...]] = [(link.title, link.url, link.picture) for link in corpus.links]
        self._postings = all_postings(corpus)

    def postings(self, field: str, stem: str) -> list[tuple[int, int]]:
        """Return (document number, times) in order of numbers."""
        return self._postings.get(stem, {}).get(field, [])

    def places(self, number: int, stems: Sequence[str]) -> dict[str, list[int]]:
        """Return where these stems stand among the kept words of a document's text."""
        wanted = {self._corpus.stem_numbers[stem]: stem for stem in stems if stem in self._corpus.stem_numbers}
        return find_places(self._corpus.entries[number].places, wanted)

    def phrases(self, number: int, stems: Sequence[str]) -> dict[str, list[int]]:
        """Return in which of a document's aliases these stems stand."""
        found: dict[str, list[int]] = {}
        for phrase, held in enumerate(self._corpus.entries[number].phrases):
            for stem in stems:
                if self._corpus.stem_numbers.get(stem) in held:
                    found.setdefault(stem, []).append(phrase)
        return found

    def sections(self, number: int) -> Sequence[Section]:
        """Return the sections of a document."""
        return self._corpus.entries[number].document.sections


def find_places(places: Sequence[int], wanted: dict[int, str]) -> dict[str, list[int]]:
    """Return the places of the wanted stem numbers."""
    found: dict[str, list[int]] = {}
    for place, stem_number in enumerate(places):
        if stem_number in wanted:
            found.setdefault(wanted[stem_number], []).append(place)
    return found
