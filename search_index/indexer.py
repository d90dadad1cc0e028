"""Build the index of a site: beside the old one, in one commit per language, then one switch of a pointer."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from search_index.corpus import analyse_site
from search_index.errors import IndexBusyError, clear_messages
from search_index.meaning.table import MeaningError, english
from search_index.store import POINTER, write_language, write_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from search_index.corpus import Corpus
    from search_index.meaning.table import Table

LOCK = "lock"
PREFIX = "built-"


@dataclass(frozen=True)
class IndexReport:
    """What was indexed."""

    documents: dict[str, int]
    """Per language."""
    seconds: float

    @property
    def total(self) -> int:
        """Return the number of documents of all languages."""
        return sum(self.documents.values())


def build_index(
    site: Path, index: Path, wait: float = 60.0, corpora: Iterable[Corpus] | None = None, *, meaning: bool = False
) -> IndexReport:
    """Index all languages of a built site; the old index counts until the new one is whole.

    `corpora` saves analysing the site once more; `meaning` adds vectors, in the languages that the table of words knows.
    Raises a SearchIndexError: no site, the folder cannot be written, or another build of it does not end within `wait` seconds.
    """
    began = time.monotonic()
    counts = {}
    table = _table() if meaning else None
    analysed = analyse_site(site) if corpora is None else corpora
    with clear_messages(index, "the search index", "The index that was there before is still in use."), _only_one(index, wait):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=index))
        try:
            for corpus in analysed:
                write_language(folder / corpus.code, corpus, table)
                counts[corpus.code] = len(corpus.entries)
            write_stamp(folder, list(counts))
            _sync(folder)
            _switch(index, folder.name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _delete_others(index, folder)
    return IndexReport(counts, time.monotonic() - began)


def _table() -> Table | None:
    """Return the table of words; without it the index is built all the same, and the searcher says what is wrong."""
    try:
        return english()
    except MeaningError:
        return None


def _switch(index: Path, name: str) -> None:
    beside = index / f"{POINTER}.new"
    beside.write_text(name + "\n", "utf-8")
    _sync_file(beside)
    beside.replace(index / POINTER)


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            _sync_file(path)


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _delete_others(index: Path, folder: Path) -> None:
    """Delete older builds and what killed builds left; open readers keep their files (Windows: next time)."""
    for path in index.glob(f"{PREFIX}*"):
        if path != folder and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _only_one(index: Path, wait: float) -> Iterator[None]:
    """Keep other builds of the same index out; the lock dies with its process, so a stale file never blocks."""
    index.mkdir(parents=True, exist_ok=True)
    with (index / LOCK).open("a") as file:
        until = time.monotonic() + wait
        while not _locked(file.fileno()):
            if time.monotonic() >= until:
                raise IndexBusyError(
                    f"{index}: another build of this index has been running for {wait:.0f} s. Wait for it, or end it."
                )
            time.sleep(0.05)
        yield


def _locked(handle: int) -> bool:
    try:
        import fcntl  # noqa: PLC0415
    except ImportError:  # Windows: the pointer is still replaced in one step
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
