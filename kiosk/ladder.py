"""What to do when a part of the kiosk fails: pure rules over what was seen, on the monotonic clock.

The lowest step comes first. A dead renderer and a page that cannot be loaded are seen by the window itself, which loads home. The
rules here are for what nobody reports: a page that hangs, a loop that hangs, a server that ended, memory that grows.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from kiosk.ends import End


@dataclass(frozen=True)
class Limits:
    """How long, how much and how often is too much."""

    page: float = 3.5
    """Seconds without a beat of a page that had been loaded: three beats missed."""
    loading: float = 12.0
    """Seconds in which a page must have been loaded and have beaten once."""
    patience: float = 60.0
    """What the two above may grow to when pages break again and again: a machine that is only slow must come to rest."""
    loop: float = 12.0
    """Seconds in which the window's loop must answer."""
    breaks: int = 6
    """So many broken pages within `breaks_within` seconds, and the process is begun anew."""
    breaks_within: float = 120.0
    memory_mb: int = 1000
    """What all processes of the kiosk may hold together while nobody is there; half more is too much at any time."""
    memory_after: float = 600.0
    """Seconds since the start before which memory is no reason: a budget that is too small must not become a loop."""
    nightly: time | None = None
    """After which time of day it is begun anew, once a night, when nobody is there."""
    nightly_hours: int = 3
    nightly_uptime: float = 6 * 3600.0
    nightly_idle: float = 300.0


@dataclass(frozen=True)
class Signs:
    """What the watcher sees at one moment."""

    now: float
    page: float
    """When a page beat last."""
    loop: float
    """When the window's loop answered last."""
    loading_since: float | None
    server: bool
    idle: bool
    """Whether the attract screen waits."""
    started: float
    idle_since: float
    memory_mb: int = 0
    clock: datetime | None = None


@dataclass(frozen=True)
class Breaks:
    """The renderers that broke down lately, and how much patience is left with the next one."""

    times: tuple[float, ...] = ()

    def one(self, now: float, within: float) -> "Breaks":
        """Note one that broke down now."""
        return replace(self, times=(*(time for time in self.times if now - time < within), now))

    def lately(self, now: float, within: float) -> int:
        """Count those that are not forgotten yet."""
        return sum(now - time < within for time in self.times)


@dataclass(frozen=True)
class Step:
    """What to do now: nothing, a new renderer, or (with a reason) a new process."""

    renderer: bool = False
    end: End | None = None


NOTHING = Step()


def step(signs: Signs, breaks: Breaks, limits: Limits) -> Step:
    """Choose the lowest step that helps."""
    if not signs.server:
        return Step(end=End.SERVER_ENDED)
    if signs.now - signs.loop > limits.loop:
        return Step(end=End.LOOP_HUNG)
    lately = breaks.lately(signs.now, limits.breaks_within)
    if lately >= limits.breaks:
        return Step(end=End.PAGES_DYING)
    if hangs(signs, lately, limits):
        return Step(renderer=True)
    return Step(end=care(signs, limits))


def hangs(signs: Signs, lately: int, limits: Limits) -> bool:
    """Whether the page has not beaten for too long; each breakdown doubles the patience, for machines that are only slow."""
    since = signs.page if signs.loading_since is None else max(signs.page, signs.loading_since)
    patience = limits.page if signs.loading_since is None else limits.loading
    return signs.now - since > min(patience * float(2**lately), limits.patience)


def care(signs: Signs, limits: Limits) -> End | None:
    """Whether it is time to begin anew although nothing is broken."""
    uptime = signs.now - signs.started
    most = limits.memory_mb if signs.idle else limits.memory_mb * 3 // 2
    if signs.memory_mb > most and uptime > limits.memory_after:
        return End.TOO_MUCH_MEMORY
    rested = signs.idle and signs.now - signs.idle_since > limits.nightly_idle
    if rested and uptime > limits.nightly_uptime and is_night(signs.clock, limits):
        return End.NIGHTLY
    return None


def is_night(clock: datetime | None, limits: Limits) -> bool:
    """Whether the time of day lies within the hours for it, past midnight too."""
    if clock is None or limits.nightly is None:
        return False
    begin = datetime.combine(clock.date(), limits.nightly, clock.tzinfo)
    length = timedelta(hours=limits.nightly_hours)
    return any(start <= clock < start + length for start in (begin, begin - timedelta(days=1)))
