"""A broken outbox file: put aside, never deleted, and what can be read of it goes into a new one before anything else."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Saved = tuple[str, str, str, int]
"""Kind, desk key, body and moment of an entry that was read from a broken file."""


def mend(path: Path, make: Callable[[Path, list[Saved]], None]) -> None:
    """Leave a sound file or none at `path`, wherever it is killed; `make` writes what was saved into a new file."""
    mended = path.with_suffix(".mended")
    if path.exists():
        # A mended file beside a broken one was not finished.
        for left in (mended, *_companions(mended)):
            left.unlink(missing_ok=True)
        if _sound(path):
            return
        make(mended, _readable(path))
        _put_aside(path)
    if mended.exists():
        _put_companions_aside(path, _free_number(path))
        mended.rename(path)


def _sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=5.0)) as connection:
            return [row[0] for row in connection.execute("PRAGMA quick_check")] == ["ok"]
    except sqlite3.Error:
        return False


def _readable(path: Path) -> list[Saved]:
    """Read what can be read, from both ends towards the broken place."""
    found: dict[int, Saved] = {}
    for order in ("ASC", "DESC"):
        with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=5.0)) as connection:
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            query = f"SELECT seq, kind, desk_key, body, hash, accepted_at FROM entries NOT INDEXED ORDER BY seq {order}"  # noqa: S608, ours
            for seq, kind, key, body, digest, moment in connection.execute(query):
                if isinstance(body, str) and hashlib.sha256(body.encode()).hexdigest() == digest:
                    found[seq] = (kind, key, body, moment)
    return [found[seq] for seq in sorted(found)]


def _put_aside(path: Path) -> None:
    number = _free_number(path)
    path.rename(path.with_suffix(f".broken-{number}"))
    _put_companions_aside(path, number)


def _put_companions_aside(path: Path, number: int) -> None:
    # The log of an old file must never be read into a new one.
    for companion in _companions(path):
        if companion.exists():
            companion.rename(path.with_name(f"{path.stem}.broken-{number}{companion.name[len(path.name) :]}"))


def _companions(path: Path) -> tuple[Path, Path]:
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _free_number(path: Path) -> int:
    number = 1
    while path.with_suffix(f".broken-{number}").exists():
        number += 1
    return number
