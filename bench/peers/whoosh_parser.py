"""Whoosh as its quick start sets it: one TEXT field, the default parser, its own BM25F; words joined by AND, or by OR."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # frozen since 2016: old escapes warn while its modules are read
    from whoosh.fields import ID, TEXT, Schema
    from whoosh.index import create_in
    from whoosh.qparser import AndGroup, OrGroup, QueryParser

from bench.engines import Asked, Indexed, fresh, size_of
from bench.measures import DEPTH
from bench.search_sets import QuerySet


class WhooshParser:
    """Whoosh alone."""

    def __init__(self, *, joined_by_or: bool = False) -> None:
        self.name = "whoosh-or" if joined_by_or else "whoosh-default"
        self._group = OrGroup if joined_by_or else AndGroup
        self._index: Any = None
        self._searcher: Any = None

    def index(self, queries: QuerySet, site: Path, folder: Path) -> Indexed:  # noqa: ARG002, takes texts, not pages
        """Write title and text of each document into one field."""
        self.close()
        began = time.process_time()
        self._index = create_in(str(fresh(folder / "index")), Schema(id=ID(stored=True), text=TEXT))
        writer = self._index.writer(limitmb=256)
        for document in queries.documents:
            writer.add_document(id=document.id, text=f"{document.title}\n{document.text}")
        writer.commit()
        seconds = time.process_time() - began
        self._searcher = self._index.searcher()
        return Indexed(seconds, size_of(folder))

    def ask(self, texts: Sequence[str]) -> list[Asked]:
        """Parse and search. `optimize=False` because the other way can loop for ever on a plain model number."""
        parser = QueryParser("text", self._index.schema, group=self._group)
        found = []
        for text in texts:
            began = time.process_time()
            hits = self._searcher.search(parser.parse(text), limit=DEPTH, optimize=False)
            pages = [hit["id"] for hit in hits]
            found.append(Asked(pages, (time.process_time() - began) * 1000))
        return found

    def close(self) -> None:
        """Close the index."""
        for one in filter(None, (self._searcher, self._index)):
            one.close()
        self._searcher = self._index = None
