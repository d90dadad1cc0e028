"""The one visit of this kiosk, shared by the server's requests and the window, on the monotonic clock."""

import threading
import time
from collections.abc import Callable

from kiosk.visit import State, Timing, Visit


class VisitKeeper:
    """Keeps the visit; every call is short, atomic and may come from any thread."""

    def __init__(self, timing: Timing, clock: Callable[[], float] = time.monotonic) -> None:
        self._visit = Visit(timing)
        self._clock = clock
        self._lock = threading.Lock()
        self._lang = ""
        self._last_beat = clock()
        self.ended = threading.Event()
        """Set when a visit has to be wiped, so that whoever wipes need not wait for the next look."""
        self._forget: list[Callable[[], None]] = []
        self.finished = False
        """Whether somebody said that the visit is over, rather than just left."""

    @property
    def last_beat(self) -> float:
        """When a page said last that it paints, on this keeper's clock."""
        return self._last_beat

    def on_wipe(self, forget: Callable[[], None]) -> None:
        """Have something forgotten whenever a visit is wiped: whoever keeps anything of a visitor registers here."""
        self._forget.append(forget)

    @property
    def lang(self) -> str:
        """The language of the last page that this visit showed, or nothing."""
        return self._lang

    def look(self) -> Visit:
        """Give the visit as it stands now."""
        return self._move(lambda visit, now: visit.tick(now))

    def beat(self, *, touched: bool, lang: str = "") -> Visit:
        """Note that a page is alive, in which language, and whether it was touched since it last said so."""
        self._lang = lang or self._lang
        self._last_beat = self._clock()
        return self._move(lambda visit, now: visit.touch(now) if touched else visit.tick(now))

    def hold(self) -> Visit:
        """Note that something is being said."""
        return self._move(lambda visit, now: visit.hold(now))

    def more(self) -> Visit:
        """Somebody asked for more time."""
        return self._move(lambda visit, now: visit.more(now))

    def end(self) -> Visit:
        """Somebody said that they are finished."""
        self.finished = True
        return self._move(lambda visit, now: visit.end(now))

    def wiped(self) -> Visit:
        """Everything of the visit is gone."""
        self._lang = ""
        for forget in self._forget:
            forget()
        self.finished = False
        return self._move(lambda visit, _now: visit.wiped())

    def report(self, visit: Visit) -> dict[str, str | int | None]:
        """Tell what a page may know about the visit."""
        return {"state": visit.state, "seconds_left": visit.seconds_left(self._clock()), "more_left": visit.extensions_left}

    def _move(self, change: Callable[[Visit, float], Visit]) -> Visit:
        with self._lock:
            self._visit = change(self._visit, self._clock())
            if self._visit.state is State.WIPE:
                self.ended.set()
            return self._visit
