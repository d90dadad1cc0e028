"""The page of kiosks: who was heard when, what waits there, what is missing here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from service.store.gaps import Gap, gaps
from service.store.states import Seen, seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from service.desk.pages import Pages
    from service.store import Store

ALARM = 3600
"""Seconds of silence, or of waiting, after which somebody should look."""
QUIET = 300
"""Seconds of silence that a restart of a kiosk or a network explains."""
CLOCK = 300
"""Seconds by which a kiosk's clock may be wrong before it is told."""
WORDS = {
    "silent": "not heard for an hour",
    "never": "never heard since it was enrolled",
    "late": "something has waited for an hour",
    "clock": "its clock is wrong",
    "gaps": "items are missing here",
    "refused": "the desk refused what it sent",
    "broken-file": "its outbox was damaged and mended",
    "disk": "its disk is nearly full",
}


class Row(NamedTuple):
    """A kiosk as the page shows it."""

    kiosk: str
    store: str
    heard: str
    state: str
    """`alarm`, `quiet` or `fine`."""
    version: str
    waiting: int
    oldest: str
    alarms: tuple[str, ...]


def rows(kiosks: Sequence[Seen], missing: Sequence[Gap], now: int) -> list[Row]:
    """Return the kiosks, those first that somebody should look after."""
    lacking = {gap.kiosk for gap in missing}
    found = [_row(one, one.kiosk in lacking, now) for one in kiosks]
    return sorted(found, key=lambda row: (("alarm", "quiet", "fine").index(row.state), row.kiosk))


def _row(one: Seen, lacks: bool, now: int) -> Row:
    heard, alarms = one.heard_at, []
    silence = (now - (heard if heard is not None else one.enrolled_at)) // 1000
    if silence >= ALARM:
        alarms.append("never" if heard is None else "silent")
    # What had waited when it was last heard has gone on waiting since.
    oldest = one.oldest_seconds + max(0, silence) if one.waiting and heard is not None else 0
    if oldest >= ALARM:
        alarms.append("late")
    if heard is not None and abs(heard - one.sent_at) > CLOCK * 1000:
        alarms.append("clock")
    if lacks:
        alarms.append("gaps")
    alarms += [alarm for alarm in one.alarms if alarm not in alarms]
    state = "alarm" if alarms else "quiet" if silence >= QUIET else "fine"
    version = next((str(part["helpstand"]) for part in one.parts.values() if part.get("helpstand")), "")
    told = tuple(WORDS.get(alarm, alarm) for alarm in alarms)
    words = "never" if heard is None else f"{span(silence)} ago"
    return Row(one.kiosk, one.store, words, state, version, one.waiting, span(oldest) if one.waiting else "–", told)


def span(seconds: int) -> str:
    """Tell a span of time: 40 s, 12 min, 3 h, 2 days."""
    for least, unit, words in ((172_800, 86_400, "days"), (3600, 3600, "h"), (60, 60, "min")):
        if seconds >= least:
            return f"{seconds // unit} {words}"
    return f"{max(0, seconds)} s"


class KioskPages:
    """Answers managers."""

    def __init__(self, store: Store, pages: Pages) -> None:
        self._store = store
        self._pages = pages

    def routes(self) -> list[BaseRoute]:
        """Return the addresses."""
        return [Route("/kiosks", self.kiosks, methods=["GET"]), Route("/kiosks.json", self.kiosks, methods=["GET"])]

    async def kiosks(self, request: Request) -> Response:
        """Show every kiosk, and what is missing."""
        return await run_in_threadpool(self._kiosks, request)

    def _kiosks(self, request: Request) -> Response:
        person = self._pages.manager(request)
        with self._store.read() as connection:
            known, missing = seen(connection), gaps(connection)
        found = rows(known, missing, self._pages.now())
        if request.url.path.endswith(".json"):
            told: dict[str, Any] = {"kiosks": [row._asdict() for row in found]}
            told["gaps"] = [{**gap._asdict(), "items": gap.items} for gap in missing]
            return JSONResponse(told, headers={"cache-control": "no-store"})
        lost = sum(gap.items for gap in missing)
        return self._pages.page("kiosks.html", person, kiosks=found, gaps=missing, lost=lost)
