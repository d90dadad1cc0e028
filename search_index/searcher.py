"""Searching an index that was built here."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

from search_index import schema
from search_index.answer import SearchAnswer, answer
from search_index.completion import complete
from search_index.errors import IndexDamagedError
from search_index.explain import Explanation, explain
from search_index.meaning.question import Meaning, fits
from search_index.meaning.table import MeaningError, english
from search_index.ranking import Ranker
from search_index.store import DiskSource, checked_languages, current_build

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

__all__ = ["SearchAnswer", "Searcher"]


class Searcher:
    """Answers plain words in every language of one index; safe to use from several threads."""

    def __init__(self, sources: dict[str, DiskSource], meanings: Mapping[str, Meaning] | None = None) -> None:
        self._sources = sources
        self._rankers = {code: Ranker(source, (meanings or {}).get(code)) for code, source in sources.items()}
        self._lock = threading.Lock()
        self.without_meaning = ""
        """Why search by meaning was asked for and is not there; search by words goes on."""

    @classmethod
    def open(cls, index: Path, *, meaning: bool = False) -> Searcher:
        """Open the current build; raises a SearchIndexError whose `rebuild` says whether building again helps.

        With `meaning` also by nearness in meaning, in the languages that have it; `without_meaning` says why it is missing.
        """
        folder = current_build(Path(index))
        languages = checked_languages(folder)
        sources: dict[str, DiskSource] = {}
        try:
            for code in languages:
                sources[code] = DiskSource(folder / code)
        except Exception as error:
            for source in sources.values():
                source.close()
            message = (
                f"{folder}: cannot be opened ({type(error).__name__}: {error}). Run `./helpstand build` to make the index again."
            )
            raise IndexDamagedError(message) from error
        meanings, problem = _meanings(folder, sources) if meaning else ({}, "")
        searcher = cls(sources, meanings)
        searcher.without_meaning = problem
        return searcher

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that can be searched, the default first."""
        return tuple(self._sources)

    def search(
        self, query: str, lang: str, product: str | None = None, limit: int = schema.RESULTS, stage: str | None = None
    ) -> SearchAnswer:
        """Return the answer in a language, or in the default one where that is unknown."""
        code = lang if lang in self._sources else next(iter(self._sources))
        with self._lock:
            return answer(self._sources[code], self._rankers[code], query, code, product or None, limit, stage or None)

    def complete(self, typed: Sequence[str], lang: str, limit: int = 5) -> list[str]:
        """Return the language's most frequent words that begin so; each place holds every letter that it may stand for."""
        source = self._sources.get(lang)
        return complete(source.words, typed, limit) if source else []

    def explain(self, query: str, lang: str, product: str | None = None) -> list[Explanation]:
        """Return why the best pages stand where they do."""
        code = lang if lang in self._sources else next(iter(self._sources))
        with self._lock:
            return explain(self._sources[code], self._rankers[code], query, product or None)

    def close(self) -> None:
        """Let go of all files."""
        with self._lock:
            for source in self._sources.values():
                source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _meanings(folder: Path, sources: Mapping[str, DiskSource]) -> tuple[dict[str, Meaning], str]:
    """Return what can be asked by meaning, and what is wrong with the rest."""
    found = {}
    try:
        table = english()
        for code, source in sources.items():
            if fits(code, table):
                found[code] = Meaning.open(folder / code, table, source)
    except MeaningError as error:
        return found, str(error)
    return found, ""
