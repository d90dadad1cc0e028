"""What an answer of HTTP means for a delivery, as the codes are meant. Pure."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from service.connectors.outcome import Later, Refused

if TYPE_CHECKING:
    from service.connectors.http import Answer

BUSY = (408, 425, 429, 502, 503, 504)
"""Later, and for everything else that waits for this target too."""
KEY_WRONG = (401, 403)


def is_fine(answer: Answer) -> bool:
    """Whether it was taken."""
    return 200 <= answer.status < 300


def failure(answer: Answer, now: float, *, final: tuple[int, ...] = (), least: float = 0) -> Later | Refused:
    """Say what a failed answer means; `final` are the codes after which the same words would fail again."""
    asked, status = answer.retry_after(now), answer.status
    after = max(asked, least)
    name = f"{status} {_phrase(status)}".strip()
    if status in final:
        return Refused(f"it was refused: {name}")
    if 300 <= status < 400:
        return Later(f"{name}: it points to another address, which is not followed. Put the right `url` into routes.yml", after)
    if status in KEY_WRONG:
        return Later(f"{name}: the secret is wrong, or may not do this", after, everyone=True)
    return Later(name, after, everyone=status in BUSY or asked > 0)


def json_object(body: bytes) -> dict[str, Any]:
    """Read an answer; what is not a JSON object is taken for an empty one."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def json_objects(body: bytes) -> list[dict[str, Any]]:
    """Read a list of objects out of an answer; what is none is left out."""
    try:
        found = json.loads(body)
    except ValueError:
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
