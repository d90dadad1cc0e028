"""MiniSearch in Node: the best of the small libraries that run in a browser, tuned."""

from __future__ import annotations

import json
import subprocess
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
    """One run of Node for each asking: its index lives in memory."""

    name = "minisearch"

    def __init__(self) -> None:
        self._input: dict[str, Any] = {}

    def index(self, queries: QuerySet, site: Path, folder: Path) -> Indexed:  # noqa: ARG002, takes texts, not pages
        """Index once, to see what that takes."""
        language = STEMMERS.get(base_language(queries.language), "arabic" if queries.language == "ar" else "")
        documents = [{"id": one.id, "title": one.title, "text": one.text} for one in queries.documents]
        self._input = {"documents": documents, "language": language if language in KNOWN.split() else "", "depth": DEPTH}
        made = self._run([])
        return Indexed(made["seconds"], made["size"])

    def ask(self, texts: Sequence[str]) -> list[Asked]:
        """Ask all in one run."""
        return [Asked(pages, cpu) for pages, cpu in self._run(texts)["found"]]

    def _run(self, texts: Sequence[str]) -> Any:
        command = ["node", str(HERE / "minisearch.mjs"), str(node_folder())]
        given = json.dumps({**self._input, "texts": list(texts)})
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=SECONDS, check=False)
        if done.returncode:
            raise BenchError(f"{self.name}: Node ended with {done.returncode}: {done.stderr[-500:]}")
        return json.loads(done.stdout)

    def close(self) -> None:
        """Forget the documents."""
        self._input = {}
