"""A copy of a whole store while it is at work, and the way back: SQLite by its backup API, PostgreSQL by its own programs."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, make_url

from service.store.engine import StoreError, open_store, shown

if TYPE_CHECKING:
    from sqlalchemy import URL

LONGEST = 6 * 3600
"""Seconds for a dump or its way back: a big database, and still an end."""


def kind_of(url: str) -> str:
    """Return which kind of database an address names."""
    return "sqlite" if make_url(url).get_backend_name() == "sqlite" else "postgresql"


def copy_out(url: str, target: Path) -> None:
    """Write a copy of the store as it is at one moment, while others go on writing; StoreError says what is wrong."""
    if kind_of(url) == "postgresql":
        _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], make_url(url))
        return
    source = _file(url)
    if not source.exists():
        raise StoreError(f"{source}: there is no database yet. Start the desk first.")
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live, closing(sqlite3.connect(target)) as copy:
            # In one step: piece by piece it would begin anew at every write. Beside a write-ahead log nobody has to wait for it.
            live.backup(copy, pages=-1)
            # One file, whole in itself: a log beside it would be left behind.
            copy.execute("PRAGMA journal_mode=DELETE").fetchone()
            found = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise StoreError(f"{source}: cannot be copied ({error}). Look at the disk.") from error
    if found != "ok":
        raise StoreError(f"{source}: the copy is damaged ({found}). Look at the disk; do not delete older backups.")


def copy_in(url: str, copy: Path, *, replace: bool) -> Path | None:
    """Make the store from a copy. What was there is refused, or with `replace` put aside; return where it lies now."""
    if kind_of(url) == "postgresql":
        if not replace and _has_tables(url):
            raise StoreError(f"{shown(url)}: is not empty. Name an empty database, or say --replace to overwrite this one.")
        options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "--clean", "--if-exists"]
        name = make_url(url).database or ""
        _run(["pg_restore", *options, f"--dbname={name}", str(copy)], make_url(url), {"PGOPTIONS": "-c lock_timeout=30s"})
        return None
    target = _file(url)
    aside = None
    if target.exists():
        if not replace:
            raise StoreError(f"{target}: there is a database already. With --replace it is put aside, not deleted.")
        aside = _put_aside(target)
    os.replace(copy, target)  # noqa: PTH105, both are on one disk
    target.chmod(0o600)
    return aside


def _file(url: str) -> Path:
    return Path(make_url(url).database or "")


def _put_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.before-restore-{number}")).exists():
        number += 1
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def _has_tables(url: str) -> bool:
    store = open_store(url, migrated=True)
    try:
        with store.read() as connection:
            return bool(inspect(connection).get_table_names())
    finally:
        store.close()


def _run(command: list[str], url: URL, more: dict[str, str] | None = None) -> None:
    """Run a program of PostgreSQL; its password goes by the environment, where no list of processes shows it."""
    told = {"PGHOST": url.host or url.query.get("host"), "PGPORT": str(url.port or url.query.get("port") or "")}
    told |= {"PGUSER": url.username, "PGPASSWORD": str(url.password) if url.password else None, "PGDATABASE": url.database}
    told |= {"PGSSLMODE": url.query.get("sslmode"), "PGSSLROOTCERT": url.query.get("sslrootcert"), "PGCONNECT_TIMEOUT": "10"}
    environment = {**os.environ, **{name: str(value) for name, value in told.items() if value}, **(more or {})}
    try:
        subprocess.run(  # noqa: S603, our own words, no shell
            command, check=True, env=environment, capture_output=True, text=True, timeout=LONGEST
        )
    except FileNotFoundError:
        raise StoreError(f"{command[0]} is not installed. On Debian: apt-get install postgresql-client") from None
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or [f"exit code {error.returncode}"]
        raise StoreError(f"{url.render_as_string()}: {command[0]}: {lines[0]}") from None
    except subprocess.TimeoutExpired:
        raise StoreError(f"{command[0]} was not done within {LONGEST // 3600} hours.") from None
