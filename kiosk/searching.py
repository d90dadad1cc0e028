"""The kiosk's search: opens the index when it is there, answers in bounded time, and says plainly when it cannot."""

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from kiosk.mending import Mender
from kiosk.workers import BusyError, Workers


class SearchUnavailableError(Exception):
    """Search cannot answer now; the text says why, for the person who reads the answer."""


class Find(Protocol):
    """How search is asked; tests put a twin in its place."""

    def __call__(self, query: str, lang: str, product: str | None, stage: str | None = None) -> Mapping[str, Any]:
        """Answer one query."""


class Search:
    """Asks one `Find` in a worker thread, and no longer than the limit."""

    def __init__(self, find: Find, *, seconds: float = 3.0, threads: int = 2) -> None:
        self._find = find
        self._seconds = seconds
        self._workers = Workers(threads)

    async def ask(self, query: str, lang: str, product: str | None, stage: str | None = None) -> Mapping[str, Any]:
        """Give the answer, or raise SearchUnavailableError, within the limit."""
        try:
            future = self._workers.submit(lambda: self._find(query, lang, product, stage))
            return await asyncio.wait_for(asyncio.wrap_future(future), self._seconds)
        except BusyError:
            raise SearchUnavailableError("Search is busy. Try again in a moment.") from None
        except TimeoutError:
            raise SearchUnavailableError("Search took too long. Try fewer words.") from None
        except SearchUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, the shopper is told in words
            print(f"kiosk: search failed: {type(error).__name__}", file=sys.stderr, flush=True)
            raise SearchUnavailableError("Search does not work right now. The guides themselves can still be opened.") from None

    async def complete(self, typed: Sequence[str], lang: str) -> list[str]:
        """Give the words that begin so; none where search cannot answer: it is a help, not a promise."""
        find = getattr(self._find, "complete", None)
        if find is None:
            return []
        try:
            future = self._workers.submit(lambda: find(typed, lang))
            return list(await asyncio.wait_for(asyncio.wrap_future(future), self._seconds))
        except (BusyError, TimeoutError, SearchUnavailableError):
            return []

    def warm(self) -> None:
        """Open the index now, in the background, so that the first shopper does not wait for it."""
        self._workers.submit(lambda: self._find("", "", None))

    def close(self) -> None:
        """End the worker threads, and what works in the background."""
        self._workers.close()
        close = getattr(self._find, "close", None)
        if close is not None:
            close()


class IndexFind:
    """A `Find` over the index on disk: opened at first use and after each build; a broken one is built anew meanwhile."""

    RETRY_SECONDS = 5.0

    def __init__(
        self,
        index: Path,
        opener: Callable[[Path], Any] | None = None,
        clock: Callable[[], float] = time.monotonic,
        mender: Mender | None = None,
        *,
        meaning: bool = False,
    ) -> None:
        self._index = index
        self._opener = opener or partial(_open, meaning=meaning)
        self._clock = clock
        self._mender = mender
        self._lock = threading.Lock()
        self._searcher: Any = None
        self._build: object = None
        self._retry_at = 0.0

    def __call__(self, query: str, lang: str, product: str | None, stage: str | None = None) -> Mapping[str, Any]:
        """Answer one query; an empty one only opens the index."""
        searcher = self._opened()
        if not query:
            return {}
        try:
            answer: Mapping[str, Any] = searcher.search(query, lang, product=product, stage=stage)
        except Exception:
            self._doubt(searcher)
            raise
        return answer

    def complete(self, typed: Sequence[str], lang: str) -> list[str]:
        """Give the words of the index that begin so."""
        found: list[str] = self._opened().complete(typed, lang)
        return found

    def close(self) -> None:
        """End what builds the index anew."""
        if self._mender is not None:
            self._mender.close()

    def _doubt(self, searcher: Any) -> None:
        """Open the index again for the next question: opening looks at every file, and tells whether it was the index."""
        with self._lock:
            if self._searcher is searcher:
                self._searcher = None

    def _mended(self) -> None:
        with self._lock:
            self._retry_at = 0.0

    def _opened(self) -> Any:
        with self._lock:
            build = self._newest()
            if self._searcher is None or build != self._build:
                self._open_again(build)
            return self._searcher

    def _newest(self) -> object:
        """Tell builds apart: the pointer to the current one is replaced when a build is done."""
        try:
            stat = (self._index / "current").stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns

    def _open_again(self, build: object) -> None:
        if self._clock() >= self._retry_at:
            try:
                # The one before is not closed: another thread may be asking it. It goes when nobody holds it.
                self._searcher = self._opener(self._index)
                self._build = build
            except Exception as error:  # noqa: BLE001 - a broken index raises anything; the pages must go on
                self._retry_at = self._clock() + self.RETRY_SECONDS
                print(f"kiosk: the search index {self._index} cannot be opened: {error}", file=sys.stderr, flush=True)
                if self._mender is not None and getattr(error, "rebuild", True):
                    self._mender.begin(self._mended)
        if self._searcher is None:
            raise SearchUnavailableError(
                "Search does not work right now: its index is missing or broken. Build it anew: ./helpstand build"
            )


def _open(index: Path, *, meaning: bool) -> Any:
    # Imported late: the server is ready before the search library is loaded.
    from search_index.searcher import Searcher  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415

    searcher = Searcher.open(index, meaning=meaning)
    if searcher.without_meaning:
        print(f"kiosk: search goes on by words alone: {searcher.without_meaning}", file=sys.stderr, flush=True)
    return searcher
