"""What pages ask to have a colleague called: one press, and when it was done."""

import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kiosk.access import answer, guarded
from kiosk.calls import Call, Calls
from kiosk.sessions import Sessions
from kiosk.site import SiteInfo


def routes(
    calls: Calls | None, info: SiteInfo, sessions: Sessions, cookie: str, clock: Callable[[], float] = time.time
) -> list[Route]:
    """Return the addresses of calls; without a way to call nobody can be called."""
    zone = str(dict(info.store.hours).get("zone", "")) if info.store else ""

    def told(call: Call) -> Response:
        at = datetime.fromtimestamp(call.called_at, UTC).isoformat(timespec="seconds") if call.called_at is not None else None
        return answer({"id": call.id, "state": call.state(clock()), "called_at": at, "zone": zone})

    async def is_open(_request: Request) -> Response:
        return answer({"open": calls is not None})

    async def ask(given: dict[str, Any]) -> Response:
        if calls is None:
            return answer({"error": "Nobody can be called from here."}, 404)
        try:
            return told(await run_in_threadpool(calls.ask, str(given.get("need", "none")), clock()))
        except (sqlite3.Error, OSError):
            return answer({"error": "The call could not be written down."}, 503)

    async def look(request: Request) -> Response:
        number = int(request.path_params["number"])
        try:
            call = await run_in_threadpool(calls.find, number) if calls is not None and number < 2**53 else None
        except (sqlite3.Error, OSError):
            return answer({"error": "The call cannot be looked up."}, 503)
        return told(call) if call else answer({"error": "There is no such call."}, 404)

    return [
        Route("/api/call", is_open, methods=["GET"]),
        Route("/api/call", guarded(sessions, cookie, ask), methods=["POST"]),
        Route("/api/call/{number:int}", look, methods=["GET"]),
    ]
