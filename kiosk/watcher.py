"""Watches over the visit and every part of the kiosk, four times a second, and takes the lowest step that helps."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from kiosk.ends import End
from kiosk.keeper import VisitKeeper
from kiosk.ladder import NOTHING, Breaks, Limits, Signs, step
from kiosk.log import Event, Log
from kiosk.memory import pss_mb
from kiosk.visit import State
from kiosk.window import Window

LOOK = 0.25
BEAT = 1.0
OPENING = 60.0
"""Seconds that a window may take until its loop runs."""
RECORD = 30.0
MEMORY = 60.0
LATE = 1.0
"""A look so late means that the machine slept, or had no time for us: then pages had none either."""


class Alive(Protocol):
    """What can be asked whether it still runs: the server."""

    @property
    def alive(self) -> bool:
        """Whether it does."""


@dataclass
class Counts:
    """What happened since the start, for the heartbeat."""

    wipes: int = 0
    broken: int = 0
    hung: int = 0
    memory_mb: int = 0


@dataclass
class Watcher:
    """One thread's work; `run` ends with the reason why the app must end."""

    visits: VisitKeeper
    server: Alive
    wipe: Callable[[], bool]
    """Wipes, and says whether that was seen to end."""
    window: Window | None = None
    limits: Limits = field(default_factory=Limits)
    log: Log = field(default_factory=lambda: Log(None))
    alive: Callable[[], bool] = lambda: True
    """Tells the supervisor that all is well; False when nobody listens any more."""
    record: Callable[[Counts], None] = lambda _: None
    """Writes the heartbeat down."""
    memory: Callable[[], int] = pss_mb
    counts: Counts = field(default_factory=Counts)

    def __post_init__(self) -> None:
        """Begin to count the time."""
        now = time.monotonic()
        self._started = self._floor = self._loop = self._idle_since = now
        self._told = self._recorded = self._weighed = now
        self._looked = now
        self._breaks = Breaks()
        self._lock = threading.Lock()
        self._asked = now
        self._answered = False
        self._wanted: End | None = None

    def end(self, why: End) -> None:
        """Let the app end for this reason, as soon as it is looked at again; from any thread."""
        self._wanted = why
        self.visits.ended.set()

    def broke(self) -> None:
        """Note that a renderer died or a page could not be loaded; from any thread."""
        self.counts.broken += 1
        self.log.event(Event.RENDERER_BROKE)
        self._note_break()

    def run(self, stop: threading.Event) -> End:
        """Watch until the end, and say why it is the end."""
        while not stop.is_set():
            self.visits.ended.wait(LOOK)
            self.visits.ended.clear()
            if self._wanted is not None:
                return self._wanted
            visit = self.visits.look()
            if visit.state is State.WIPE and not self._wiped(visit.number):
                return End.WIPE_FAILED
            found = step(self._signs(visit.state), self._breaks, self.limits)
            if found.end is not None:
                return found.end
            if found.renderer and self.window is not None:
                self._renew(self.window)
            elif found == NOTHING and not self._tell():
                return End.TOLD
        return End.TOLD

    def _wiped(self, number: int) -> bool:
        began = time.monotonic()
        # The second try is another new renderer; after that only a new process is certain to be clean.
        done = self.wipe() or self.wipe()
        self.visits.wiped()
        self.visits.ended.clear()
        self.counts.wipes += 1
        self._floor = self._idle_since = self._looked = time.monotonic()
        self.log.event(Event.WIPE, visit=number, seconds=round(self._floor - began, 3), seen=done)
        return done

    def _signs(self, state: State) -> Signs:
        now = time.monotonic()
        if now - self._looked > LATE:
            self._floor = self._loop = now
        self._looked = now
        if state is not State.ATTRACT:
            self._idle_since = now
        beaten = self.visits.last_beat
        loading = self.window.loading_since if self.window else None
        if self.window is None:
            beaten = self._loop = now
        elif beaten < self._started:
            loading = loading or self._started
        self._ask_loop(now)
        self._weigh(now)
        return Signs(
            now=now,
            page=max(beaten, self._floor),
            loop=self._loop,
            loading_since=loading,
            server=self.server.alive,
            idle=state is State.ATTRACT,
            started=self._started,
            idle_since=self._idle_since,
            memory_mb=self.counts.memory_mb,
            clock=datetime.now().astimezone(),
        )

    def _ask_loop(self, now: float) -> None:
        if self.window is None:
            return
        if not self._answered and now - self._started < OPENING:
            self._loop = now
        # Asked again and again: a window that is not there yet hears nothing.
        if now - self._asked > BEAT:
            self._asked = now
            self.window.ask(self._loop_answers)

    def _loop_answers(self) -> None:
        self._loop = time.monotonic()
        self._answered = True

    def _weigh(self, now: float) -> None:
        if now - self._weighed > min(MEMORY, max(1.0, self.limits.memory_after)):
            self._weighed = now
            self.counts.memory_mb = self.memory()

    def _renew(self, window: Window) -> None:
        self.counts.hung += 1
        self.log.event(Event.PAGE_HUNG)
        self._floor = time.monotonic()
        window.renew()

    def _note_break(self) -> None:
        with self._lock:
            self._breaks = self._breaks.one(time.monotonic(), self.limits.breaks_within)

    def _tell(self) -> bool:
        now = time.monotonic()
        if now - self._recorded > RECORD:
            self._recorded = now
            self.record(self.counts)
        if now - self._told < BEAT:
            return True
        self._told = now
        return self.alive()
