"""All documents of one language, analysed: what the Whoosh index and the browser's files are both written from."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from search_index.analysis import accented_runs, folded_words, has_digit, runs, split_words, tokens
from search_index.documents import read_language, site_languages, site_synonyms
from search_index.languages import common_words, joints, respellings, stop_words
from search_index.schema import FIELD_NAMES
from search_index.stems import Endings, endings, stem_function

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from search_index.documents import Document, Link


@dataclass
class Entry:
    """One analysed document; its number is its place in the corpus."""

    document: Document
    stems: dict[str, list[str]]
    """Per field all stems in order, stop words too."""
    lengths: tuple[int, ...]
    """Per field the number of words without stop words."""
    places: array[int]
    """The kept words of headings and text in order, as numbers of stems: for windows and passages."""
    phrases: list[tuple[int, ...]]
    """The kept words of each alias and symptom, as numbers of stems."""
    starts: tuple[int, ...]
    """Per section its first place."""
    codes: tuple[str, ...]
    models: tuple[str, ...]
    title_numbers: tuple[str, ...]


@dataclass
class Corpus:
    """A whole language."""

    code: str
    stop: frozenset[str]
    respell: tuple[tuple[str, str], ...]
    common: frozenset[str] = frozenset()
    joints: tuple[str, ...] = ()
    synonyms: tuple[tuple[tuple[str, ...], ...], ...] = ()
    """Groups of terms that mean the same, each term as stems."""
    said: dict[str, str] = field(default_factory=dict)
    """The words of these terms -> their stems; pages need not have them."""
    entries: list[Entry] = field(default_factory=list)
    frequencies: dict[str, int] = field(default_factory=dict)
    table: dict[str, str] = field(default_factory=dict)
    """Every word that occurs -> its stem."""
    forms: dict[str, str] = field(default_factory=dict)
    """Folded word -> how people write it, where that differs ("kuhl" -> "kühl")."""
    stem_numbers: dict[str, int] = field(default_factory=dict)
    endings: Endings = ()
    links: list[Link] = field(default_factory=list)

    def totals(self) -> list[int]:
        """Return the sums of the lengths, per field."""
        return [sum(entry.lengths[index] for entry in self.entries) for index in range(len(FIELD_NAMES))]


def analyse_site(site: Path) -> list[Corpus]:
    """Return all languages of a built site, analysed, the default first."""
    codes = [language.code for language in site_languages(site)]
    return [analyse(code, *read_language(site, code), site_synonyms(site, code)) for code in codes]


def analyse(
    code: str, documents: Sequence[Document], links: Sequence[Link] = (), synonyms: Sequence[Sequence[str]] = ()
) -> Corpus:
    """Return the analysed documents of one language."""
    corpus = Corpus(code, stop_words(code), respellings(code), common_words(code), joints(code), links=list(links))
    writer = _Analyser(corpus)
    for document in documents:
        corpus.entries.append(writer.entry(document))
    writer.count()
    corpus.endings = endings(code, corpus.table)
    corpus.forms = writer.best_forms()
    corpus.synonyms = tuple(writer.terms(group) for group in synonyms)
    return corpus


MOST_LINES = 50_000


@dataclass(slots=True)
class _Line:
    """A line that was read, its words, stems and kept stems' numbers, and how often it stands there."""

    words: list[str]
    stems: list[str]
    kept: array[int]
    times: int = 0


class _Analyser:
    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._stem = stem_function(corpus.code)
        self._written: dict[str, Counter[str]] = {}
        self._lines: dict[str, _Line] = {}

    def entry(self, document: Document) -> Entry:
        headings = [section.heading for section in document.sections if section.heading and not section.continued]
        names = [product.replace("-", " ") for product in document.product.split()]
        product = [*names, *document.product_names, *document.models, *document.codes]
        stems = {
            "title": self._words([document.title]),
            "headings": self._words(headings),
            "aliases": self._words([*document.aliases, *document.symptoms, *document.keywords]),
            "product": self._words(dict.fromkeys(product)),
        }
        places: array[int] = array("I")
        text: list[str] = []
        starts = []
        for section in document.sections:
            starts.append(len(places))
            heading = "" if section.continued else section.heading
            text.extend(self._words([heading, section.text], places))
        stems["text"] = text
        phrases = [tuple(dict.fromkeys(self._kept(alias))) for alias in [*document.aliases, *document.symptoms]]
        stop = self._stop_stems()
        lengths = tuple(len(places) if name == "text" else sum(stem not in stop for stem in stems[name]) for name in FIELD_NAMES)
        return Entry(
            document,
            stems,
            lengths,
            places,
            phrases,
            tuple(starts),
            numbers(document.codes),
            numbers(document.models),
            _title_numbers(document.title),
        )

    def terms(self, group: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """Return the terms of a group of synonyms as stems; a term of stop words alone says nothing."""
        stop, said = self._corpus.stop, self._corpus.said
        terms = []
        for term in group:
            words = [word for word in split_words(term, stop) if word not in stop]
            said.update((word, self._stem(word)) for word in words)
            terms.append(tuple(said[word] for word in words))
        return tuple(term for term in terms if term)

    def _kept(self, text: str) -> Iterator[int]:
        """Yield the numbers of the stems of a text that has been read before, without stop words."""
        corpus = self._corpus
        for word in split_words(text, corpus.stop):
            if word not in corpus.stop:
                yield corpus.stem_numbers[corpus.table[word]]

    def _stop_stems(self) -> set[str]:
        return {self._corpus.table.get(word, word) for word in self._corpus.stop}

    def _words(self, texts: Iterable[str], places: array[int] | None = None) -> list[str]:
        found: list[str] = []
        for text in texts:
            for written in text.split("\n"):  # nothing joined crosses a line, and guides of like products share most lines
                line = self._lines.get(written) or self._line(written)
                line.times += 1
                found += line.stems
                if places is not None:
                    places += line.kept
        return found

    def _line(self, written: str) -> _Line:
        corpus, stem_of = self._corpus, self._corpus.table
        words = split_words(written, corpus.stop)
        kept: array[int] = array("I")
        for word in words:
            stem = stem_of.get(word)
            if stem is None:
                stem = stem_of[word] = self._stem(word)
                corpus.stem_numbers.setdefault(stem, len(corpus.stem_numbers))
            if word not in corpus.stop:
                kept.append(corpus.stem_numbers[stem])
        if len(self._lines) >= MOST_LINES:
            self.count()
        line = self._lines[written] = _Line(words, [stem_of[word] for word in words], kept)
        return line

    def count(self) -> None:
        """Count the words of all lines read since the last time."""
        frequencies = self._corpus.frequencies
        for written, line in self._lines.items():
            for word in line.words:
                frequencies[word] = frequencies.get(word, 0) + line.times
            if not written.isascii():
                self._note_forms(written, line.times)
        self._lines.clear()

    def _note_forms(self, text: str, times: int) -> None:
        for run in accented_runs(text):
            found = folded_words(run)
            if len(found) == 1 and found[0] != run.lower():
                self._written.setdefault(found[0], Counter())[run.lower()] += times

    def best_forms(self) -> dict[str, str]:
        """Return the most frequent spelling of words that folding changed; where the folded one is as frequent, that."""
        best = {}
        for word, written in self._written.items():
            form, times = min(written.items(), key=lambda item: (-item[1], item[0]))
            if 2 * times > self._corpus.frequencies[word]:
                best[word] = form
        return best


def numbers(written: Iterable[str]) -> tuple[str, ...]:
    """Return codes or model numbers as a query says them: "AK-200" is ak200. Bare words and one or two digits prove nothing."""
    joined = ("".join(word for run in runs(text) for word in run.words) for text in written)
    return tuple(dict.fromkeys(word for word in joined if is_number(word)))


def is_number(word: str) -> bool:
    """Say whether a word can only be meant as a part number or code."""
    return has_digit(word) and (len(word) > 2 or not word.isdigit())


def _title_numbers(title: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token.word for token in tokens(title) if not token.part and is_number(token.word)))
