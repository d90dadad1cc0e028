"""Calls for a colleague, in a SQLite file that joins app and agent: the app asks, the agent calls and writes down when."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FILE = "calls.sqlite"
BUSY_SECONDS = 2.0
REST = 60.0
"""Seconds in which pressing again means the same call: a bell that rings all the time is switched off."""
PATIENCE = 25.0
"""Seconds after which a call that was not made is none: nobody should come running for somebody who has left."""
KEEP = 3600.0
NEEDS = ("none", "sign-language", "text", "quiet-place")
_SCHEMA = """CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT, asked_at REAL NOT NULL, need TEXT NOT NULL,
    called_at REAL, failed INTEGER NOT NULL DEFAULT 0
)"""


@dataclass(frozen=True)
class Call:
    """One call; nothing in it tells who asked."""

    id: int
    asked_at: float
    need: str
    called_at: float | None = None
    failed: bool = False

    def state(self, now: float) -> Literal["asked", "called", "failed"]:
        """Tell how it stands at a moment."""
        if self.called_at is not None:
            return "called"
        return "failed" if self.failed or not -REST < now - self.asked_at < PATIENCE else "asked"


class Calls:
    """The file of calls; every use of it opens it anew, so that two processes share it without care."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        folder.mkdir(parents=True, exist_ok=True)

    def ask(self, need: str, now: float) -> Call:
        """Ask for a colleague; within a minute it is still the same call, unless that one failed. Raises sqlite3.Error."""
        wanted = need if need in NEEDS else "none"
        with closing(self._open()) as database, database:
            database.execute("DELETE FROM calls WHERE asked_at NOT BETWEEN ? AND ?", (now - KEEP, now + REST))
            last = self._read(database, "ORDER BY id DESC LIMIT 1")
            if last is not None and now - last.asked_at < REST and last.state(now) != "failed":
                return last
            made = database.execute("INSERT INTO calls (asked_at, need) VALUES (?, ?)", (now, wanted)).lastrowid
        return Call(int(made or 0), now, wanted)

    def find(self, number: int) -> Call | None:
        """Return a call."""
        with closing(self._open()) as database:
            return self._read(database, "WHERE id = ?", number)

    def waiting(self, now: float) -> Call | None:
        """Return the call that is to be made now; an old one is not made any more."""
        with closing(self._open()) as database:
            found = self._read(database, "WHERE called_at IS NULL AND failed = 0 ORDER BY id DESC LIMIT 1")
        return found if found is not None and found.state(now) == "asked" else None

    def settle(self, number: int, called_at: float | None) -> None:
        """Write down when a call was made, or that it failed."""
        with closing(self._open()) as database, database:
            database.execute("UPDATE calls SET called_at = ?, failed = ? WHERE id = ?", (called_at, called_at is None, number))

    @staticmethod
    def _read(database: sqlite3.Connection, where: str, *values: object) -> Call | None:
        row = database.execute(f"SELECT id, asked_at, need, called_at, failed FROM calls {where}", values).fetchone()  # noqa: S608, our own words
        return Call(row[0], row[1], row[2], row[3], bool(row[4])) if row else None

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=BUSY_SECONDS)
        database.execute("PRAGMA journal_mode = PERSIST")
        database.execute(_SCHEMA)
        return database
