"""What every search engine of the bench does: make an index of the pages of a set, then answer its questions."""

from __future__ import annotations

import inspect
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from bench.machine import BenchError
from bench.measures import DEPTH
from bench.search_sets import QuerySet
from search_index.indexer import build_index
from search_index.searcher import Searcher


@dataclass(frozen=True)
class Indexed:
    """What an index took: seconds of CPU from the built pages to an index that answers, and its bytes on disk."""

    seconds: float
    size: int


@dataclass(frozen=True)
class Asked:
    """The answer to one question: ids of pages, best first, and the milliseconds of CPU it took."""

    pages: list[str]
    cpu_ms: float


class Engine(Protocol):
    """A search engine that is measured."""

    name: str

    def index(self, queries: QuerySet, site: Path, folder: Path) -> Indexed:
        """Make the index of a set; `site` holds its pages, `folder` is the engine's own."""

    def ask(self, texts: Sequence[str]) -> list[Asked]:
        """Answer questions, one after the other."""

    def close(self) -> None:
        """Let go of everything."""


class Helpstand:
    """Ours as the kiosk has it: the index on disk, asked through `Searcher`."""

    name = "helpstand"

    def __init__(self, *, meaning: bool = False) -> None:
        self._build: Callable[..., Any] = _with_meaning(build_index) if meaning else build_index
        self._open: Callable[..., Searcher] = _with_meaning(Searcher.open) if meaning else Searcher.open
        self._searcher: Searcher | None = None
        self._language = ""

    def index(self, queries: QuerySet, site: Path, folder: Path) -> Indexed:
        """Build the index as `./helpstand build` does."""
        self.close()
        began = time.process_time()
        self._build(site, folder / "index")
        seconds = time.process_time() - began
        self._searcher, self._language = self._open(folder / "index"), queries.language
        return Indexed(seconds, size_of(folder / "index"))

    def ask(self, texts: Sequence[str]) -> list[Asked]:
        """Ask for the whole answer, passages and all."""
        found = []
        for text in texts:
            began = time.process_time()
            results = self.answer(text)["results"]
            found.append(Asked([result["id"] for result in results], (time.process_time() - began) * 1000))
        return found

    def answer(self, text: str) -> Any:
        """Return the answer as the kiosk's API gives it."""
        if self._searcher is None:
            raise BenchError("there is no index yet")
        return self._searcher.search(text, self._language, limit=DEPTH)

    def close(self) -> None:
        """Close the index."""
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None


def _with_meaning(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with embeddings switched on, if it has them."""
    if "meaning" in inspect.signature(function).parameters:
        return partial(function, meaning=True)
    if function is build_index:  # the table may be the searcher's alone
        return function
    raise BenchError("search by meaning is not part of this version: leave out --meaning")


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def fresh(folder: Path) -> Path:
    """Return an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
