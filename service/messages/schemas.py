"""JSON Schemas of all messages, for whoever speaks with the desk in another language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from service.messages.case import CaseRequest
from service.messages.counting import Counts, Daily, Feedback, Heartbeat, Phrases
from service.messages.state import DeskAnswer, KioskState
from service.messages.wire import Acknowledged, Batch, Enrolled, Enrolment

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

MODELS: dict[str, type[BaseModel]] = {
    "acknowledged": Acknowledged,
    "batch": Batch,
    "case": CaseRequest,
    "counts": Counts,
    "daily": Daily,
    "desk-answer": DeskAnswer,
    "enrolled": Enrolled,
    "enrolment": Enrolment,
    "feedback": Feedback,
    "heartbeat": Heartbeat,
    "kiosk-state": KioskState,
    "phrases": Phrases,
}
"""File name of the schema, and the model behind it."""


def message_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one kind of message."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **MODELS[name].model_json_schema(mode="validation")}


def write_message_schemas(folder: Path) -> list[Path]:
    """Write every schema into a folder; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in MODELS:
        path = folder / f"{name}.json"
        text = json.dumps(message_schema(name), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written
