"""The kiosk's log: named events with numbers, in files that rotate. Free text has no place in it, and so no visitor's words."""

import json
import logging
import logging.handlers
from datetime import UTC, datetime
from enum import Enum, StrEnum
from pathlib import Path

MOST_BYTES = 512 * 1024
KEPT = 3


class Event(StrEnum):
    """Everything that can be logged."""

    START = "start"
    END = "end"
    VISIT = "visit"
    WIPE = "wipe"
    RENDERER_BROKE = "renderer_broke"
    PAGE_HUNG = "page_hung"
    WIPE_LATE = "wipe_late"
    SEND_FAILED = "send_failed"
    SENT = "sent"
    CALL_FAILED = "call_failed"


class Log:
    """Writes events; without a folder it forgets them."""

    def __init__(self, folder: Path | None, name: str = "kiosk") -> None:
        self._logger = logging.Logger(f"helpstand-{name}")  # noqa: LOG001, one of our own, that nobody else configures
        if folder is None:
            self._logger.addHandler(logging.NullHandler())
            return
        folder.mkdir(parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(
            folder / f"{name}.log", maxBytes=MOST_BYTES, backupCount=KEPT, encoding="ascii", delay=True
        )
        file.setFormatter(logging.Formatter("%(message)s"))
        self._logger.addHandler(file)
        # A full disk must not end the kiosk: what cannot be written is lost, and nothing is printed in its place.
        logging.raiseExceptions = False

    def event(self, event: Event, **values: float | Enum) -> None:
        """Write one event with the time; a TypeError for anything that could carry somebody's words."""
        for name, value in values.items():
            if not isinstance(value, int | float | Enum):
                raise TypeError(f"{name}: only numbers and names of our own may be logged")
        told = {name: value.value if isinstance(value, Enum) else value for name, value in values.items()}
        self._logger.info(json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), "event": event, **told}))

    def close(self) -> None:
        """Close the file."""
        for handler in self._logger.handlers:
            handler.close()
