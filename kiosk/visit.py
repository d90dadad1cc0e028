"""One shopper's use of the kiosk, as a pure machine: attract -> active -> warning -> wipe -> attract. Time is passed in."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum


class State(StrEnum):
    """Where a visit stands."""

    ATTRACT = "attract"
    """Nobody is here; the first touch begins a visit."""
    ACTIVE = "active"
    """Somebody is using the kiosk."""
    WARNING = "warning"
    """Nothing was touched for a while: a countdown runs, and asks whether somebody is still here."""
    WIPE = "wipe"
    """The visit is over; everything of it is being removed. Touches count for nothing until that is done."""


@dataclass(frozen=True)
class Timing:
    """How long a visit may rest, in seconds, and how often "more time" may be taken in one visit."""

    idle: float = 60.0
    warning: float = 20.0
    extensions: int = 10


@dataclass(frozen=True)
class Visit:
    """The state at one moment; every method answers with the next one and changes nothing."""

    timing: Timing = Timing()
    state: State = State.ATTRACT
    deadline: float = math.inf
    extensions_used: int = 0
    number: int = 0

    def tick(self, now: float) -> "Visit":
        """Let time pass; a long sleep may pass several states at once."""
        visit = self
        while now >= visit.deadline:
            visit = expired(visit)
        return visit

    def touch(self, now: float) -> "Visit":
        """Somebody touched the screen or pressed a key."""
        visit = self.tick(now)
        if visit.state is State.ATTRACT:
            return replace(active(visit, now), extensions_used=0, number=visit.number + 1)
        if visit.state is State.ACTIVE:
            return active(visit, now)
        return visit.more(now)

    def hold(self, now: float) -> "Visit":
        """Something is being said: the time to act begins when it has been said."""
        visit = self.tick(now)
        if visit.state is State.ACTIVE:
            return active(visit, now)
        return replace(visit, deadline=now + visit.timing.warning) if visit.state is State.WARNING else visit

    def more(self, now: float) -> "Visit":
        """Somebody asked for more time, which only means something while the warning shows."""
        visit = self.tick(now)
        if visit.state is not State.WARNING or visit.extensions_left == 0:
            return visit
        return replace(active(visit, now), extensions_used=visit.extensions_used + 1)

    def end(self, now: float) -> "Visit":
        """Somebody said that they are finished."""
        visit = self.tick(now)
        return visit if visit.state is State.ATTRACT else replace(visit, state=State.WIPE, deadline=math.inf)

    def wiped(self) -> "Visit":
        """Everything of the visit is gone: rest until the next shopper."""
        if self.state is not State.WIPE:
            return self
        return Visit(timing=self.timing, number=self.number)

    @property
    def extensions_left(self) -> int:
        """How often "more time" may still be taken."""
        return max(0, self.timing.extensions - self.extensions_used)

    def seconds_left(self, now: float) -> int | None:
        """Whole seconds until the state changes by itself, or None when it does not."""
        if math.isinf(self.deadline):
            return None
        return max(0, math.ceil(self.deadline - now))


def active(visit: Visit, now: float) -> Visit:
    """Let the visit be in use from now on."""
    return replace(visit, state=State.ACTIVE, deadline=now + visit.timing.idle)


def expired(visit: Visit) -> Visit:
    """Let the visit pass its deadline; counted from the deadline, so that a late look loses no time."""
    if visit.state is State.ACTIVE:
        return replace(visit, state=State.WARNING, deadline=visit.deadline + visit.timing.warning)
    return replace(visit, state=State.WIPE, deadline=math.inf)
