"""Takes what pages count, lets it leave a visit only when that is over, and memory only when the hour is."""

import json
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kiosk.keeper import VisitKeeper
from kiosk.sessions import Sessions
from kiosk.tally import Hour, Visit
from kiosk.visit import State
from service.messages import Answer, Counted, Phrase
from service.outbox import Intake, OutboxError

NOTHING = 204


def _now() -> datetime:
    return datetime.now().astimezone()


class Counting:
    """Counts for one kiosk; without a desk to send to it counts nothing."""

    def __init__(
        self,
        intake: Intake | None,
        visits: VisitKeeper,
        now: Callable[[], datetime] = _now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._intake = intake
        self._visits = visits
        self._now = now
        self._clock = clock
        self._lock = threading.Lock()
        self._visit = Visit()
        self._hour: Hour | None = None
        visits.on_wipe(self.end)

    @property
    def is_open(self) -> bool:
        """Whether anything is counted here: without a desk there is nobody to tell."""
        return self._intake is not None

    def take(self, told: dict[str, Any]) -> None:
        """Count one thing that a page tells; ValidationError when it is none. Untouched pages count nothing."""
        if self._intake is None or self._visits.look().state not in {State.ACTIVE, State.WARNING}:
            return
        undo = told.pop("undo", False) is True
        now = self._clock()
        with self._lock:
            if "question" in told:
                self._visit.answer(Answer.model_validate(told), now)
            elif "words" in told:
                self._visit.search(Phrase.model_validate(told), now)
            else:
                self._visit.count(Counted.model_validate(told), now, undo=undo)

    def end(self) -> None:
        """End a visit: add it to those of the hour and forget it."""
        if self._intake is None:
            return
        self.look()
        with self._lock:
            visit, self._visit = self._visit, Visit()
            hour = self._hour = self._hour or Hour(self._now())
            hour.add(visit, left=not self._visits.finished, seconds=self._lasted(visit))

    def _lasted(self, visit: Visit) -> float:
        """Return the seconds from the first page to the last touch: whoever leaves unsaid touched nothing for the idle time."""
        if visit.began is None:
            return 0.0
        timing = self._visits.look().timing
        rested = 0.0 if self._visits.finished else timing.idle + timing.warning
        return max(visit.touched, self._clock() - rested) - visit.began

    def look(self, *, last: bool = False) -> None:
        """Send an hour that is over, or whatever there is at the end of the process."""
        with self._lock:
            hour = self._hour
            if hour is None or self._intake is None or not (last or _over(hour.at, self._now())):
                return
            self._hour = None
        try:
            for message in hour.messages():
                self._intake.note(message)
        except OutboxError as error:
            # Counts are worth less than the room that a case may still need.
            print(f"kiosk: counts of an hour are lost: {error}", file=sys.stderr, flush=True)


def _over(began: datetime, now: datetime) -> bool:
    return (began.date(), began.hour) != (now.date(), now.hour)


def routes(counting: Counting, sessions: Sessions, cookie: str) -> list[Route]:
    """Return the address to which pages tell what they count. It never says what became of it."""

    async def take(request: Request) -> Response:
        if sessions.valid(request.cookies.get(cookie, "")):
            # What is no count, such as one of a page whose name no figure can have, is left out: no shopper needs to know.
            with suppress(ValidationError, ValueError):
                told = json.loads(await request.body())
                counting.take(told if isinstance(told, dict) else {})
        return Response(status_code=NOTHING)

    async def is_open(_request: Request) -> Response:
        return JSONResponse({"open": counting.is_open}, headers={"cache-control": "no-store"})

    return [Route("/api/count", is_open, methods=["GET"]), Route("/api/count", take, methods=["POST"])]
