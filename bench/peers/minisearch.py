"""MiniSearch in Node: the best of the small libraries that run in a browser, tuned."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.engines import Asked, Indexed
from bench.machine import BenchError
from bench.measures import DEPTH
from bench.peers import HERE, node_folder
from bench.search_sets import QuerySet
from search_index.languages import STEMMERS, base_language

SECONDS = 3600
KNOWN = """arabic armenian basque catalan czech danish dutch english finnish french german hungarian italian irish norwegian
    portuguese romanian russian slovene spanish swedish tamil turkish"""
"""Languages of the package `snowball-stemmers`."""


class MiniSearch:
    """Node runs as long as its index is wanted, because that lives in memory."""

    name = "minisearch"

    def __init__(self) -> None:
        self._node: subprocess.Popen[str] | None = None

    def index(self, queries: QuerySet, site: Path, folder: Path) -> Indexed:  # noqa: ARG002, takes texts, not pages
        """Start Node and give it the documents."""
        self.close()
        language = STEMMERS.get(base_language(queries.language), "arabic" if queries.language == "ar" else "")
        documents = [{"id": one.id, "title": one.title, "text": one.text} for one in queries.documents]
        command = ["node", str(HERE / "minisearch.mjs"), str(node_folder())]
        self._node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        made = self._said({"documents": documents, "language": language if language in KNOWN.split() else "", "depth": DEPTH})
        return Indexed(made["seconds"], made["size"])

    def ask(self, texts: Sequence[str]) -> list[Asked]:
        """Ask all."""
        return [Asked(pages, cpu) for pages, cpu in self._said(list(texts))]

    def _said(self, given: Any) -> Any:
        """Return what Node says to a line; it has an hour, and is ended then. Raises BenchError."""
        node = self._node
        if node is None or node.stdin is None or node.stdout is None:
            raise BenchError(f"{self.name}: there is no index yet")
        limit = threading.Timer(SECONDS, node.kill)
        limit.start()
        try:
            with contextlib.suppress(BrokenPipeError):  # its own words on standard error say why
                print(json.dumps(given), file=node.stdin, flush=True)
            line = node.stdout.readline()
        finally:
            limit.cancel()
        if not line:
            raise BenchError(f"{self.name}: Node ended with {node.wait()}")
        return json.loads(line)

    def close(self) -> None:
        """End Node."""
        if self._node is not None:
            self._node.kill()
            self._node.communicate()
            self._node = None
