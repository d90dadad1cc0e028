"""The browser's search data: the same postings, words and passages as JSON files, the same bytes for the same site.

    site/<lang>/search/manifest.json     settings, totals, stop words, endings, and the names of all other files
    site/<lang>/search/documents-….json  what ranking needs of all pages, columns by name
    site/<lang>/search/words-….json      words from .. up to the next file's first: frequency, stem, compounds, spelling
    site/<lang>/search/postings-….json   stems from .. up to the next file's first: documents, times, places in the text
    site/<lang>/search/numbers-….json    part numbers and codes: documents
    site/<lang>/search/passages-….json   titles and sections of a run of pages

Names hold a hash of the content, so a host may let browsers keep them for ever; only manifest.json must be asked for again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

from search_index.analysis import ANALYSIS_VERSION, CHAIN_PARTS, HYPHEN_PARTS, WORD_LETTERS
from search_index.corpus import Corpus, analyse_site
from search_index.errors import clear_messages
from search_index.memory import word_list
from search_index.rows import document_columns, number_rows, page_rows, posting_rows, product_titles, word_columns, word_rows
from search_index.schema import FORMAT, settings
from search_index.source import unit_order
from search_index.stems import LEAST_STEM, STRIP_ROUNDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FOLDER = "search"
SMALL_SITE = 1000
"""Pages below which few large files cost less time than many small ones."""
WHOLE = 200_000
"""Bytes of a file of a small site: most kinds are one file there."""
PIECES = {"words": 12_000, "postings": 10_000, "numbers": 24_000, "passages": 12_000}
"""Bytes of a file of a large site, before it is packed."""

DIGEST = 8
"""Letters of a hash in a name; its number stands there too, so it tells apart only what one file was and is."""


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
    small = len(corpus.entries) < SMALL_SITE

    def pieces(kind: str, rows: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, dict[Any, Any]]]:
        return _shards(rows, WHOLE if small else PIECES[kind])

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
        "products": product_titles(corpus),
        "documents": _files(folder, "documents", [(0, document_columns(corpus))]),
        "words": _files(folder, "words", ((first, word_columns(held)) for first, held in pieces("words", word_rows(words)))),
        "postings": _files(folder, "postings", pieces("postings", posting_rows(corpus, words))),
        "numbers": _files(folder, "numbers", pieces("numbers", number_rows(corpus))),
        "passages": _files(
            folder, "passages", ((first, list(held.values())) for first, held in pieces("passages", page_rows(corpus)))
        ),
    }  # fmt: skip


def _files(folder: Path, kind: str, shards: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """Write shards; return their first keys and hashes, each kind by itself: there may be a thousand, and so they pack well."""
    found = [(first, _hashed(folder, kind, number, shard)) for number, (first, shard) in enumerate(shards)]
    return {"first": [first for first, _ in found], "hashes": "".join(digest for _, digest in found)}


def _shards(rows: Iterable[tuple[Any, Any]], limit: int) -> Iterator[tuple[Any, dict[Any, Any]]]:
    """Yield (first key, rows) of runs that are about so many bytes long."""
    shard: dict[Any, Any] = {}
    size = 0
    for key, value in rows:
        length = len(_bytes([key, value]))
        if shard and size + length > limit:
            yield next(iter(shard)), shard
            shard, size = {}, 0
        shard[key] = value
        size += length
    if shard:
        yield next(iter(shard)), shard


def _bytes(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _hashed(folder: Path, kind: str, number: int, data: object) -> str:
    """Write a file; return the hash in its name."""
    content = _bytes(data)
    digest = hashlib.sha256(content).hexdigest()[:DIGEST]
    _write(folder, f"{kind}-{number}-{digest}.json", content)
    return digest


def _write(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
