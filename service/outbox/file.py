"""The outbox's file: opened with the strictest promises of SQLite, put aside and saved from when it is broken."""

from __future__ import annotations

import fcntl
import secrets
import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from service.outbox.errors import OutboxError, OutboxFullError
from service.outbox.mending import mend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from service.outbox.mending import Saved

SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")
WAIT_SECONDS = 5.0
LOG_PAGES = "wal_autocheckpoint=100"
"""The log is folded back early: on a full disk it must not eat up the reserve."""
RESERVE_BYTES = 2_000_000
"""Kept free for the day on which something else has filled the disk: room for about a thousand cases."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file; every commit is on the disk before it returns, and deleted bytes are overwritten."""
    connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
    for setting in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        LOG_PAGES,
    ):
        connection.execute(f"PRAGMA {setting}").fetchone()
    return connection


def prepare(path: Path, make: Callable[[Path, list[Saved]], None]) -> sqlite3.Connection:
    """Open or make the file. A broken one is put aside, never deleted, and what can be read of it goes into the new one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with _alone(path):
            mend(path, make)
            connection = connect(path)
            lay_out(connection)
            path.chmod(0o600)
    except (sqlite3.Error, OSError) as error:
        raise as_outbox_error(error, path) from error
    _keep_reserve(path)
    return connection


def lay_out(connection: sqlite3.Connection) -> None:
    """Make the tables where they are missing, and name a new file."""
    connection.executescript(SCHEMA)
    # A new file counts from 1 again: its epoch keeps those numbers apart from the old file's.
    connection.execute("INSERT OR IGNORE INTO facts VALUES ('epoch', ?)", [secrets.token_hex(16)])


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let app and agent look after the file one after the other."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def as_outbox_error(error: Exception, path: Path) -> OutboxError:
    """Tell an error of the file in words."""
    if is_full(error):
        return OutboxFullError(f"{path}: the disk is full. Free some space on it; nothing that was taken in is lost.")
    return OutboxError(f"{path}: cannot be used ({error}). Look at the disk and at the rights of the folder.")


def is_full(error: Exception) -> bool:
    """Whether the disk had no room."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL or getattr(error, "errno", 0) in {28, 122}


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Do everything or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def release_reserve(path: Path) -> bool:
    """Give the kept room free; False when it was used up before."""
    try:
        path.with_suffix(".reserve").unlink()
    except OSError:
        return False
    return True


def _keep_reserve(path: Path) -> None:
    reserve = path.with_suffix(".reserve")
    if reserve.exists() and reserve.stat().st_size == RESERVE_BYTES:
        return
    with suppress(OSError), reserve.open("wb") as file:
        file.write(bytes(RESERVE_BYTES))
