"""The browser's search data: the same postings, words and passages as JSON files, the same bytes for the same site.

    site/<lang>/search/manifest.json     settings, totals, stop words, endings, and the names of all other files
    site/<lang>/search/documents-….json  facts of all pages, columns by name
    site/<lang>/search/words-….json      every word with its stem and frequency
    site/<lang>/search/postings-….json   stems from .. up to the next file's first: documents, times, places in the text
    site/<lang>/search/passages-….json   sections of a run of pages

Names hold a hash of the content, so a host may let browsers keep them for ever; only manifest.json must be asked for again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

from search_index.analysis import ANALYSIS_VERSION, CHAIN_PARTS, HYPHEN_PARTS, WORD_LETTERS
from search_index.corpus import Corpus, Entry, analyse_site
from search_index.errors import clear_messages
from search_index.memory import all_postings, fact, word_list
from search_index.schema import FIELD_NAMES, FORMAT, settings
from search_index.source import unit_order
from search_index.stems import LEAST_STEM, STRIP_ROUNDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FOLDER = "search"
SMALL_SITE = 1000
"""Pages below which few large files cost less time than many small ones."""
SHARD_BYTES, SHARD_BYTES_OF_MANY = 200_000, 24_000
PASSAGE_BYTES, PASSAGE_BYTES_OF_MANY = 100_000, 12_000


def write_export(site: Path, corpora: Iterable[Corpus] | None = None) -> None:
    """Write the search data of every language of a built site into it; `corpora` saves analysing it once more."""
    with clear_messages(site, "the browser's search data"):
        for corpus in analyse_site(site) if corpora is None else corpora:
            folder = site / corpus.code / FOLDER
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            _write(folder, "manifest.json", _bytes(_manifest(folder, corpus)))


def _manifest(folder: Path, corpus: Corpus) -> dict[str, Any]:
    words = word_list(corpus)
    return {
        "format": FORMAT,
        "analysis": ANALYSIS_VERSION,
        "lang": corpus.code,
        "count": len(corpus.entries),
        "totals": corpus.totals(),
        "settings": {
            **settings(), "word_letters": WORD_LETTERS, "chain_parts": CHAIN_PARTS, "hyphen_parts": HYPHEN_PARTS,
            "least_stem": LEAST_STEM, "strip_rounds": STRIP_ROUNDS,
        },
        "stop": sorted(words.stop, key=unit_order),
        "endings": words.endings,
        "respell": words.respell,
        "common": sorted(words.common, key=unit_order),
        "joints": words.joints,
        "synonyms": words.synonyms,
        "said": words.said,
        "links": [[link.title, link.url, link.picture] for link in corpus.links],
        "documents": _hashed(folder, "documents", _documents(corpus)),
        "words": _hashed(folder, "words", {
            "words": words.words,
            "frequencies": words.frequencies,
            # 0: the word is its own stem, which most are.
            "stems": [0 if words.stem_of[word] == word else words.stem_of[word] for word in words.words],
            "forms": words.forms,
        }),
        "postings": [[first, _hashed(folder, "postings", shard)] for first, shard in _postings(corpus)],
        "passages": [[first, _hashed(folder, "passages", shard)] for first, shard in _passages(corpus)],
    }  # fmt: skip


def _documents(corpus: Corpus) -> dict[str, list[Any]]:
    facts = [vars(fact(entry)) for entry in corpus.entries]
    names = list(facts[0]) if facts else []
    return {name: [entry[name] for entry in facts] for name in names}


def _postings(corpus: Corpus) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (first stem, stem -> columns per field); a column counts document numbers up from the one before."""
    postings = all_postings(corpus)
    texts = _places(corpus, (enumerate(entry.places) for entry in corpus.entries))
    phrases = _places(corpus, (_phrase_places(entry) for entry in corpus.entries))
    stems = sorted(postings, key=unit_order)
    rows = ((stem, _columns(postings[stem], texts.get(stem, {}), phrases.get(stem, {}))) for stem in stems)
    for shard in _shards(rows, SHARD_BYTES if len(corpus.entries) < SMALL_SITE else SHARD_BYTES_OF_MANY):
        yield ("" if next(iter(shard)) == min(postings, key=unit_order) else next(iter(shard))), shard


def _columns(fields: dict[str, list[tuple[int, int]]], places: dict[int, list[int]], phrases: dict[int, list[int]]) -> list[Any]:
    """Return documents and times per field, then the places in the text and the numbers of the aliases, per document."""
    columns: list[Any] = []
    for name in FIELD_NAMES:
        numbers: list[int] = []
        times: list[int] = []
        before = 0
        for number, count in fields.get(name, ()):
            numbers.append(number - before)
            times.append(count)
            before = number
        columns.append([numbers, times] if numbers else 0)
    columns.append([_steps(places.get(number, [])) for number, _ in fields.get("text", ())])
    columns.append([_steps(phrases.get(number, [])) for number, _ in fields.get("aliases", ())])
    while columns and not columns[-1]:
        columns.pop()
    return columns


def _steps(places: list[int]) -> list[int]:
    return [place - (places[index - 1] if index else 0) for index, place in enumerate(places)]


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


def _passages(corpus: Corpus) -> Iterator[tuple[int, list[Any]]]:
    """Yield (first document number, sections of each document)."""
    rows = (
        (number, [[section.heading, section.anchor, section.text, int(section.continued)] for section in entry.document.sections])
        for number, entry in enumerate(corpus.entries)
    )
    for shard in _shards(rows, PASSAGE_BYTES if len(corpus.entries) < SMALL_SITE else PASSAGE_BYTES_OF_MANY):
        yield next(iter(shard)), list(shard.values())


def _shards(rows: Iterable[tuple[Any, Any]], limit: int) -> Iterator[dict[Any, Any]]:
    shard: dict[Any, Any] = {}
    size = 0
    for key, value in rows:
        length = len(_bytes(value))
        if shard and size + length > limit:
            yield shard
            shard, size = {}, 0
        shard[key] = value
        size += length
    if shard:
        yield shard


def _bytes(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _hashed(folder: Path, kind: str, data: object) -> str:
    content = _bytes(data)
    name = f"{kind}-{hashlib.sha256(content).hexdigest()[:12]}.json"
    _write(folder, name, content)
    return name


def _write(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
