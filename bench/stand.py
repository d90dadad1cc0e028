"""A whole kiosk without its window, for pictures: it speaks, prints, takes cases and has staff, and its clock is ours."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import server as web
from kiosk.condition import condition_of
from kiosk.health import Health
from kiosk.keeper import VisitKeeper
from kiosk.searching import IndexFind, Search
from kiosk.sessions import Holder, Sessions
from kiosk.shell import PageOptions, Shell
from kiosk.shop import ShopParts
from kiosk.site import read_info
from kiosk.speech.sound import Sound, SoundError
from kiosk.speech.speaker import Speaker
from kiosk.staff import Door, hashed
from kiosk.staff_pages import StaffPages
from kiosk.visit import Timing
from service.hours import BusinessHours
from service.outbox import Intake, Outbox
from service.sealing import new_private_key, public_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PIN = "482915"
CASE = {
    "surface": "kiosk",
    "language": "en",
    "details": {"flow": "complaint", "kind": "broken", "remedy": "exchange"},
    "words": "The kettle stops after a minute.",
    "product": "kettle",
}


class _Paper:
    def print(self, lines: list[str], code: str) -> None:
        """Take it."""


class _Mute:
    """Every language is offered, and nothing is heard."""

    def speaks(self, _lang: str) -> bool:
        """Offer it."""
        return True

    def make(self, text: str, lang: str, speed: int) -> Sound:  # noqa: ARG002 - the names of the promise
        """Make no sound."""
        raise SoundError("a picture makes no sound")


@dataclass
class Stand:
    """A kiosk that answers, and what can be done to it."""

    origin: str
    sessions: Sessions
    visits: VisitKeeper = field(init=False)
    ahead: float = 0.0
    """Seconds by which its clock is ahead of ours."""

    def __post_init__(self) -> None:
        """Begin to count the time."""
        self.visits = VisitKeeper(Timing(), self.clock)

    def clock(self) -> float:
        """Give its time."""
        return time.monotonic() + self.ahead

    def entrance(self) -> str:
        """Give an address that opens a session."""
        return f"{self.origin}/?key={self.sessions.issue(Holder.WINDOW)}"


@contextmanager
def stand(build: Path, store: str, language: str, *, safe: bool = False) -> Iterator[Stand]:
    """Put up a kiosk over a folder with `site`, `index` and `staff`, in one shop and language, until the block ends."""
    site = build / "site"
    info = read_info(site).in_store(store)
    options = PageOptions(speaks=lambda _: True, printer=True, staff=True)
    shell = Shell(info, site, safe=safe, options=options)
    shell.start_in(language)
    sessions, search = Sessions(), Search(IndexFind(build / "index"), seconds=60)
    kiosk = Stand("", sessions)
    with tempfile.TemporaryDirectory(prefix="helpstand-stand-") as name:
        state = Path(name)
        intake = _intake(state, store)
        shop = ShopParts(
            _Paper(), Door(hashed(PIN)), condition=condition_of(state, intake, "city-2"), pages=StaffPages(build / "staff")
        )
        parts = web.Parts(site, shell, sessions, kiosk.visits, search, Speaker(_Mute(), None), shop, intake)
        sock = web.bind(0)
        server = web.Server(sock, web.create_app(parts, sock.getsockname()[1]))
        server.start()
        kiosk.origin = f"http://{server.host}"
        try:
            yield kiosk
        finally:
            server.stop()
            search.close()
            intake.outbox.close()


def _intake(state: Path, store: str) -> Intake:
    """Fill an outbox with a case that has waited, so that there is something to see."""
    health = Health(state)
    health.beat("app", {"wipes": 214, "broken": 1})
    health.beat("agent", {"uptime_s": 9})
    outbox = Outbox(state / "outbox.sqlite")
    before = datetime.now(UTC) - timedelta(hours=2, minutes=10)
    key = public_of(new_private_key())
    Intake(outbox, key, store=store, prefix="NC", clock=lambda: before).accept(CASE)
    return Intake(outbox, key, store=store, prefix="NC", hours=BusinessHours())
