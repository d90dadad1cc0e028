"""tantivy (the engine behind Quickwit), with the stemmer of the language; words are joined by OR, its default."""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.engines import Asked, Indexed, fresh, size_of
from bench.measures import DEPTH
from bench.search_sets import QuerySet
from search_index.languages import STEMMERS, base_language

SYNTAX = re.compile(r"[^\w\s]|\b(?:AND|OR|NOT|IN|TO)\b")
"""What its query language would take for orders: a shopper means words."""


class Tantivy:
    """tantivy through its Python binding."""

    name = "tantivy"

    def __init__(self) -> None:
        self._tantivy: Any = importlib.import_module("tantivy")
        self._index: Any = None
        self._searcher: Any = None

    def index(self, queries: QuerySet, site: Path, folder: Path) -> Indexed:  # noqa: ARG002, takes texts, not pages
        """Write title and text as two fields with stems."""
        began = time.process_time()
        build = self._tantivy.SchemaBuilder()
        build.add_text_field("id", stored=True, tokenizer_name="raw")
        for name in ("title", "text"):
            build.add_text_field(name, tokenizer_name="stems")
        index = self._tantivy.Index(build.build(), path=str(fresh(folder / "index")))
        index.register_tokenizer("stems", self._analyser(queries.language))
        writer = index.writer(heap_size=100_000_000, num_threads=1)
        for document in queries.documents:
            writer.add_document(self._tantivy.Document(id=document.id, title=document.title, text=document.text))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        seconds = time.process_time() - began
        self._index, self._searcher = index, index.searcher()
        return Indexed(seconds, size_of(folder))

    def _analyser(self, language: str) -> Any:
        filters = self._tantivy.Filter
        build = (
            self._tantivy.TextAnalyzerBuilder(self._tantivy.Tokenizer.simple())
            .filter(filters.remove_long(40))
            .filter(filters.lowercase())
        )
        stemmer = STEMMERS.get(base_language(language), "arabic" if language == "ar" else "")
        try:
            return build.filter(filters.stemmer(stemmer)).build()
        except ValueError:  # a language that it has no stems of
            return build.build()

    def ask(self, texts: Sequence[str]) -> list[Asked]:
        """Search both fields."""
        found = []
        for text in texts:
            began = time.process_time()
            words = SYNTAX.sub(" ", text).strip()
            pages = self._search(words) if words else []
            found.append(Asked(pages, (time.process_time() - began) * 1000))
        return found

    def _search(self, words: str) -> list[str]:
        query = self._index.parse_query(words, ["title", "text"])
        hits = self._searcher.search(query, DEPTH).hits
        return [self._searcher.doc(address)["id"][0] for _, address in hits]

    def close(self) -> None:
        """Forget the index."""
        self._index = self._searcher = None
