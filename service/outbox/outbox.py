"""The outbox itself: takes entries in, offers them in order, forgets them when the desk has them."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING, NamedTuple

from service.messages import Item
from service.outbox.errors import OutboxError
from service.outbox.file import as_outbox_error, connect, is_full, lay_out, prepare, release_reserve, transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from service.outbox.mending import Saved

MOST_PENDING = 200
"""Items of one post: well under the desk's limits."""
MOST_BYTES = 700_000


class Slip(NamedTuple):
    """What the kiosk itself may know of a case: no name, no address, no words."""

    reference: str
    flow: str
    answer_by: int | None = None


class Outbox:
    """One file; the app adds to it, the agent sends from it, each in a process of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._connection = prepare(path, _write_anew)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @property
    def epoch(self) -> str:
        """The random name of this file: numbers begin at 1 again in another."""
        return self.fact("epoch")

    def add(self, kind: str, body: str, now: int, *, key: str = "", slip: Slip | None = None) -> int:
        """Keep an entry with its receipt; when this returns its number, both are on the disk."""
        return self._do(lambda: self._add(kind, body, now, key, slip))

    def pending(self, most: int = MOST_PENDING) -> list[Item]:
        """Return what waits, oldest first, as much as fits one post."""
        query = "SELECT seq, kind, desk_key, body FROM entries WHERE body IS NOT NULL ORDER BY seq LIMIT ?"
        items: list[Item] = []
        size = 0
        for seq, kind, key, body in self._read(query, most):
            size += len(body) + 120
            if items and size > MOST_BYTES:
                break
            items.append(Item.model_construct(seq=seq, kind=kind, key=key, body=body))
        return items

    def acknowledge(self, seq: int) -> int:
        """Forget everything up to that number, at once: boxes leave the disk, of cases their hash stays. Return how many."""
        return self._do(lambda: self._forget(seq))

    def slips(self) -> list[tuple[int, Slip]]:
        """Return what waits, as the staff may see it: moment and slip."""
        query = "SELECT accepted_at, reference, flow, answer_by FROM receipts JOIN entries USING (seq) ORDER BY seq"
        return [(row[0], Slip(*row[1:])) for row in self._read(query)]

    def waiting(self) -> tuple[int, int | None]:
        """Return how many entries wait, and since when the oldest does."""
        count, oldest = self._read("SELECT count(*), min(accepted_at) FROM entries WHERE body IS NOT NULL")[0]
        return count, oldest

    def acknowledged(self) -> int:
        """Return up to which number the desk has said that everything is safe."""
        query = """SELECT coalesce((SELECT min(seq) - 1 FROM entries WHERE body IS NOT NULL),
                                   (SELECT seq FROM sqlite_sequence WHERE name = 'entries'), 0)"""
        return int(self._read(query)[0][0])

    def fact(self, name: str, default: str = "") -> str:
        """Return something that the outbox remembers."""
        rows = self._read("SELECT value FROM facts WHERE name = ?", name)
        return str(rows[0][0]) if rows else default

    def remember(self, **facts: str) -> None:
        """Remember something: when the desk was last reached, what it last refused."""
        statement = "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        self._do(lambda: self._connection.executemany(statement, facts.items()).rowcount)

    def chain_holds(self) -> bool:
        """Whether no entry was changed, taken out or slipped in since it was written."""
        chain = self.fact("chain_from")
        for body, digest, link in self._read("SELECT body, hash, chain FROM entries ORDER BY seq"):
            chain = _linked(chain, digest)
            if chain != link or (body is not None and _hash(body) != digest):
                return False
        return True

    def _add(self, kind: str, body: str, now: int, key: str, slip: Slip | None) -> int:
        with transaction(self._connection) as connection:
            seq = _append(connection, (kind, key, body, now))
            if slip is not None:
                connection.execute("INSERT INTO receipts VALUES (?, ?, ?, ?)", (seq, *slip))
        return seq

    def _forget(self, seq: int) -> int:
        with transaction(self._connection) as connection:
            connection.execute("DELETE FROM receipts WHERE seq <= ?", [seq])
            statement = "UPDATE entries SET body = NULL WHERE seq <= ? AND body IS NOT NULL"
            done = connection.execute(statement, [seq]).rowcount
            self._prune(connection)
        # Until the log is folded back, it still holds the old pages.
        with suppress(sqlite3.Error):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return done

    def _prune(self, connection: sqlite3.Connection) -> None:
        """Drop delivered entries before the first that is a case: the chain goes on from where they ended."""
        keep = connection.execute("SELECT min(seq) FROM entries WHERE body IS NOT NULL OR kind IN ('case', 'phrases')").fetchone()
        query = "SELECT seq, chain FROM entries WHERE seq < ? ORDER BY seq DESC LIMIT 1"
        last = connection.execute(query, [keep[0] if keep[0] is not None else 2**62]).fetchone()
        if last:
            connection.execute("DELETE FROM entries WHERE seq <= ?", [last[0]])
            connection.execute("INSERT OR REPLACE INTO facts VALUES ('chain_from', ?)", [last[1]])

    def _do(self, change: Callable[[], int]) -> int:
        with self._lock:
            try:
                return self._trying(change)
            except sqlite3.Error as error:
                raise as_outbox_error(error, self.path) from error

    def _trying(self, change: Callable[[], int]) -> int:
        try:
            return change()
        except sqlite3.Error as error:
            if not is_full(error) or not release_reserve(self.path):
                raise
        return change()

    def _read(self, query: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]  # rows of many shapes
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise OutboxError(f"{self.path}: cannot be read ({error}). Start the kiosk again: it saves what it can.") from error


def _append(connection: sqlite3.Connection, entry: Saved) -> int:
    kind, key, body, now = entry
    last = connection.execute("SELECT chain FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
    last = last or connection.execute("SELECT value FROM facts WHERE name = 'chain_from'").fetchone()
    digest = _hash(body)
    row = (kind, key, body, digest, _linked(last[0] if last else "", digest), now)
    statement = "INSERT INTO entries (kind, desk_key, body, hash, chain, accepted_at) VALUES (?, ?, ?, ?, ?, ?)"
    seq = connection.execute(statement, row).lastrowid
    if seq is None:
        raise sqlite3.DatabaseError("no number was given")
    return seq


def _write_anew(path: Path, saved: list[Saved]) -> None:
    """Write what was saved from a broken file into a new one; closed, so that it is whole in its one file."""
    with closing(connect(path)) as connection:
        lay_out(connection)
        with transaction(connection):
            for entry in saved:
                _append(connection, entry)


def _hash(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _linked(chain: str, digest: str) -> str:
    return hashlib.sha256(f"{chain}{digest}".encode()).hexdigest()
