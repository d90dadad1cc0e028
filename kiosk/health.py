"""How the kiosk is: a few numbers in a SQLite file, which the agent reads. The file joins the two processes; no socket does."""

import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

FILE = "health.sqlite"
_SCHEMA = "CREATE TABLE IF NOT EXISTS heartbeat (part TEXT PRIMARY KEY, at TEXT NOT NULL, body TEXT NOT NULL)"
BUSY_SECONDS = 2.0


class Health:
    """Keeps the newest heartbeat of each part of the kiosk (`app`, `agent`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def beat(self, part: str, body: Mapping[str, str | int | float | bool | None], now: datetime | None = None) -> None:
        """Replace the heartbeat of a part. Raises sqlite3.Error when the disk does not take it."""
        at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
        with closing(self._open()) as database, database:
            database.execute("INSERT OR REPLACE INTO heartbeat VALUES (?, ?, ?)", (part, at, json.dumps(body)))

    def read(self) -> dict[str, dict[str, Any]]:
        """Give the newest heartbeat of each part, with its time as `at`."""
        with closing(self._open()) as database:
            rows = database.execute("SELECT part, at, body FROM heartbeat ORDER BY part").fetchall()
        return {part: {"at": at, **json.loads(body)} for part, at, body in rows}

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.folder / FILE, timeout=BUSY_SECONDS)
        # One small row: a journal that is kept and overwritten costs no new file each time.
        database.execute("PRAGMA journal_mode = PERSIST")
        database.execute(_SCHEMA)
        return database


def about_machine(folder: Path) -> dict[str, str | int | float | bool | None]:
    """Give what every part can tell: versions, and the space that is left on the disk."""
    return {"helpstand": _version("helpstand"), "pywebview": _version("pywebview"), "free_disk_mb": _free_mb(folder)}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _free_mb(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free // 2**20
    except OSError:
        return None
