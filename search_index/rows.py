"""What the browser's data hold of each word, stem, number and page: rows of plain lists, small before they are packed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from search_index.memory import all_postings, fact
from search_index.schema import FIELD_NAMES
from search_index.source import unit_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from search_index.corpus import Corpus, Entry
    from search_index.source import Words

ALWAYS = ("product", "stage", "type", "lengths", "phrase_lengths")
"""The facts that ranking needs of every page; the others come with the passages of those that are shown."""


def document_columns(corpus: Corpus) -> dict[str, list[Any]]:
    """Return the facts of all pages by name."""
    facts = [fact(entry) for entry in corpus.entries]
    return {name: [getattr(one, name) for one in facts] for name in ALWAYS}


def product_titles(corpus: Corpus) -> dict[str, str]:
    """Return product -> its title."""
    facts = (fact(entry) for entry in corpus.entries)
    return {name: one.title for one in facts if one.type == "product" for name in one.product.split()}


def word_rows(words: Words) -> Iterator[tuple[str, list[Any]]]:
    """Yield (key, [frequency, stem, whether it is a stem too, longer words, spelling]).

    A key is a word, a stem that is no word, or both. A frequency of 0: it is no word. A stem of 0: it is its own.
    """
    frequencies = dict(zip(words.words, words.frequencies, strict=True))
    for key in sorted({*words.words, *words.stems}, key=unit_order):
        stem = words.stem_of.get(key, key)
        yield key, _trimmed([
            frequencies.get(key, 0), 0 if stem == key else stem, int(key in words.stems),
            words.compounds(key) or 0, words.forms.get(key, 0),
        ])  # fmt: skip


def word_columns(shard: dict[str, list[Any]]) -> dict[str, Any]:
    """Return the rows of a run of words by columns: what holds for few is listed by name."""
    listed = {key: row for key, row in shard.items() if row and row[0]}
    return {
        "words": list(listed),
        "frequencies": [row[0] for row in listed.values()],
        "stems": [_at(row, 1) for row in listed.values()],
        # A word that is its own stem goes without saying.
        "roots": [key for key, row in shard.items() if _at(row, 2) and (key not in listed or _at(row, 1))],
        "no_roots": [key for key, row in listed.items() if not _at(row, 1) and not _at(row, 2)],
        "compounds": {key: row[3] for key, row in shard.items() if _at(row, 3)},
        "forms": {key: row[4] for key, row in shard.items() if _at(row, 4)},
    }


def posting_rows(corpus: Corpus, words: Words) -> Iterator[tuple[str, list[Any]]]:
    """Yield (stem, columns): per field documents and times, then places in the text, numbers of the aliases, and its words."""
    postings = all_postings(corpus)
    texts = _places(corpus, (enumerate(entry.places) for entry in corpus.entries))
    phrases = _places(corpus, (_phrase_places(entry) for entry in corpus.entries))
    spelt: defaultdict[str, list[str | int]] = defaultdict(list)
    for word in words.words:
        spelt[words.stem_of[word]].append(0 if word == words.stem_of[word] else word)
    for stem in sorted(postings, key=unit_order):
        columns = _columns(postings[stem], texts.get(stem, {}), phrases.get(stem, {}))
        yield stem, _trimmed([*columns, [] if spelt[stem] == [0] else spelt[stem]])


def number_rows(corpus: Corpus) -> Iterator[tuple[str, list[Any]]]:
    """Yield (part number or code, documents by model, by code and by title)."""
    found: defaultdict[str, list[list[int]]] = defaultdict(lambda: [[], [], []])
    for number, entry in enumerate(corpus.entries):
        for kind, names in enumerate((entry.models, entry.codes, entry.title_numbers)):
            for name in names:
                found[name][kind].append(number)
    return ((name, _trimmed(found[name])) for name in sorted(found, key=unit_order))


def page_rows(corpus: Corpus) -> Iterator[tuple[int, list[Any]]]:
    """Yield (document number, [id, address, title, products, where sections begin, sections])."""
    for number, entry in enumerate(corpus.entries):
        about = fact(entry)
        sections = [[one.heading, one.anchor, one.text, int(one.continued)] for one in entry.document.sections]
        yield number, [about.id, about.url, about.title, about.product_title, _steps(about.starts), sections]


def _columns(fields: dict[str, list[tuple[int, int]]], places: dict[int, list[int]], phrases: dict[int, list[int]]) -> list[Any]:
    """Return documents and times per field, then the places in the text and the numbers of the aliases, per document."""
    columns: list[Any] = []
    for name in FIELD_NAMES:
        found = fields.get(name, ())
        columns.append([_steps([number for number, _ in found]), [count for _, count in found]] if found else 0)
    columns.append([_steps(places.get(number, [])) for number, _ in fields.get("text", ())])
    columns.append([_steps(phrases.get(number, [])) for number, _ in fields.get("aliases", ())])
    return columns


def _steps(numbers: Sequence[int]) -> list[int]:
    """Return how far each number is from the one before: small numbers pack well."""
    return [number - (numbers[index - 1] if index else 0) for index, number in enumerate(numbers)]


def _phrase_places(entry: Entry) -> Iterator[tuple[int, int]]:
    return ((number, stem) for number, phrase in enumerate(entry.phrases) for stem in phrase)


def _places(corpus: Corpus, placed: Iterable[Iterable[tuple[int, int]]]) -> dict[str, dict[int, list[int]]]:
    """Return stem -> document -> places, of (place, stem) per document."""
    names = list(corpus.stem_numbers)
    found: dict[str, dict[int, list[int]]] = {}
    for number, pairs in enumerate(placed):
        for place, stem in pairs:
            found.setdefault(names[stem], {}).setdefault(number, []).append(place)
    return found


def _trimmed(row: list[Any]) -> list[Any]:
    """Return a row without the empty columns at its end."""
    while row and not row[-1]:
        row.pop()
    return row


def _at(row: list[Any], column: int) -> Any:
    return row[column] if column < len(row) else 0
