"""From a tap to the painted page: walks through a site in a real window, home, hub, guide, home, with real input events.

The time ends with the pixels: when the strip of the screen that is watched looks as it stays. What the page says of itself, its
second animation frame after the load, is noted beside it as a check; it comes from another clock and another process.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from bench.built import GUIDE, HOME, HUB, OTHER
from bench.figures import differing, stays_from
from bench.machine import BenchError
from bench.screen import EACH, HEIGHT, WIDTH, Frame, Screen
from bench.shown import Shown

START = "start"
NEXT = {START: (HOME,), HOME: (HUB, GUIDE), HUB: (GUIDE, HUB), GUIDE: (HOME,), OTHER: (HOME,)}
TOLERANCE = 0.001
"""Share of the strip that may still change: a third of a small sign, less than half a line of text."""
STILL = 0.4
"""Seconds without a change after which a page counts as whole."""
REST = 0.3
"""Seconds between pages, so that what one page still does is not charged to the next."""
START_SECONDS, PAGE_SECONDS = 60.0, 15.0
MOST_MISSED = 3
"""Taps on one walk that may do nothing; they are counted and told."""

Link = tuple[str, int, int]


@dataclass(frozen=True)
class Tap:
    """One tap, in milliseconds."""

    to: str
    painted: float
    drawn: float


class Walk:
    """Chooses the next link; each is taken as rarely as any other of its kind."""

    def __init__(self, parts: Mapping[str, str]) -> None:
        self._parts = parts
        self._taken: Counter[tuple[str, str]] = Counter()

    def part(self, path: str) -> str:
        """Return what a page is on the walk."""
        path = unquote(path) + ("index.html" if path.endswith("/") else "")
        return self._parts.get(path, START if path == "/index.html" else OTHER)

    def choose(self, at: str, links: list[Link]) -> Link:
        """Return the link to tap on a page. Raises BenchError where no link leads on."""
        for wanted in NEXT[self.part(at)]:
            fitting = [link for link in links if self.part(link[0]) == wanted and link[0] != at]
            if fitting:
                chosen = min(fitting, key=lambda link: self._taken[at, link[0]])
                self._taken[at, chosen[0]] += 1
                return chosen
        wanted = " or ".join(NEXT[self.part(at)])
        raise BenchError(f"{at}: no link to a {wanted} can be seen on a screen of {WIDTH} x {HEIGHT}")


@dataclass
class Walked:
    """The taps of one walk, and how many of them did nothing."""

    taps: list[Tap] = field(default_factory=list)
    missed: int = 0


def walk(screen: Screen, words: tuple[str, ...], route: Walk, count: int) -> Walked:
    """Open a window and tap so often in it; the touch that wakes the kiosk is not counted. Raises BenchError."""
    walked = Walked()
    with Shown(screen, *words) as shown:
        page = shown.said("links", START_SECONDS)
        while len(walked.taps) < count:
            time.sleep(REST)
            page = shown.latest() or page  # a page that came too late for its own tap
            at, link = page["page"], route.choose(page["page"], page["links"])
            found = tapped(screen, shown, link[1], link[2])
            if found is None:
                walked.missed += 1
                if walked.missed > MOST_MISSED:
                    raise BenchError(f"{at}: taps on the link to {link[0]} change nothing on the screen")
                continue
            painted, drawn, page = found
            to = route.part(page["page"])
            if to != route.part(link[0]):
                raise BenchError(f"{at}: the tap on the link to {link[0]} led to {page['page']}")
            if route.part(at) != START:
                walked.taps.append(Tap(to, painted, drawn))
    return walked


def tapped(screen: Screen, shown: Shown, x: int, y: int) -> tuple[float, float, dict[str, Any]] | None:
    """Tap and watch; return the milliseconds until the page stayed and until it had drawn, and its report. None: nothing came."""
    before = screen.look()
    at = screen.tap(x, y)
    frames: list[Frame] = [(at, before)]
    drawn, changed = at, False
    page: dict[str, Any] | None = None
    while page is None or not changed or frames[-1][0] + STILL > time.time():
        if time.time() > at + PAGE_SECONDS:
            return None
        time.sleep(EACH)
        picture = screen.look()
        if picture != frames[-1][1]:
            frames.append((time.time(), picture))
            changed = changed or differing(picture, before) > TOLERANCE
        while report := shown.reported():
            drawn = report.get("drawn", drawn)
            page = report if "links" in report else page
    shown.last = page
    return (stays_from(frames, TOLERANCE) - at) * 1000, (drawn - at) * 1000, page
