"""What the desk may know of the guides: opening hours and coverage of the last build, and what was changed for readers."""

from __future__ import annotations

import json
import logging
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from service.hours import BusinessHours

MOST_CHANGES = 50
GIT_SECONDS = 10
TRAILER = "You-said"
_FIELD, _RECORD = "\x1f", "\x1e"
_log = logging.getLogger("helpstand.desk")

ALWAYS = BusinessHours(
    week=dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), ("00:00-24:00",))
)
"""Where the desk knows no opening hours, every minute counts."""


class Cell(NamedTuple):
    """One stage of one product in one language, and how many live guides it has."""

    product: str
    stage: str
    language: str
    guides: int


class Change(NamedTuple):
    """What readers said, and what was changed for it."""

    day: str
    said: str
    changed: str


@dataclass(frozen=True)
class Project:
    """The folder of the guides, only ever read; None where the desk stands alone."""

    folder: Path | None = None

    def hours(self) -> dict[str, BusinessHours]:
        """Return the opening hours of each store."""
        told = self._built("site/helpstand.json", {})
        stores = told.get("stores", {}) if isinstance(told, dict) else {}
        found = {}
        for name, store in stores.items():
            try:
                found[name] = BusinessHours.model_validate(store["hours"])
            except (ValidationError, KeyError, TypeError):
                _log.warning("the opening hours of %s cannot be read; every minute counts there", name)
        return found

    def cells(self) -> list[Cell]:
        """Return what the last build covers; nothing where there was none."""
        try:
            return [Cell(**row) for row in self._built("coverage.json", [])]
        except TypeError:
            _log.warning("build/coverage.json has another form than this desk reads")
            return []

    def changes(self) -> list[Change]:
        """Return what commits say was changed for readers, newest first; a trailer `You-said: …` tells what was said."""
        if self.folder is None:
            return []
        form = f"--format=%ct{_FIELD}%s{_FIELD}%(trailers:key={TRAILER},valueonly,unfold,separator={_FIELD}){_RECORD}"
        command = ["git", "-C", str(self.folder), "log", form, "-i", f"--grep=^{TRAILER}:", f"-{MOST_CHANGES}"]
        try:
            done = subprocess.run(  # noqa: S603, git and words of our own
                command, capture_output=True, text=True, check=True, timeout=GIT_SECONDS, errors="replace"
            )
        except (OSError, subprocess.SubprocessError) as error:
            _log.warning("what was changed for readers cannot be read from git: %s", type(error).__name__)
            return []
        records = (record.strip("\n").split(_FIELD) for record in done.stdout.split(_RECORD))
        return [
            Change(datetime.fromtimestamp(int(record[0]), UTC).date().isoformat(), said.strip(), record[1])
            for record in records
            for said in record[2:]
            if said.strip()
        ]

    def _built(self, name: str, otherwise: Any) -> Any:
        if self.folder is None:
            return otherwise
        path = self.folder / "build" / name
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return otherwise
        except (OSError, ValueError) as error:
            _log.warning("%s cannot be read: %s", path, error)
            return otherwise


ALONE = Project()
