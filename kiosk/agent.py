"""The kiosk's second process: sends and fetches, has no window and no listener, and shares only SQLite files with the app."""

import fcntl
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Protocol

from kiosk.calling import Caller
from kiosk.ends import End
from kiosk.health import Health, about_machine
from kiosk.log import Event, Log
from kiosk.outbound import Outbound, OutboundError
from kiosk.systemd import notify
from service.outbox import OutboxError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOK = 1.0
FIRST_WAIT, MOST_WAIT = 1.0, 900.0
RECORD = 30.0


class Sender(Protocol):
    """One errand of the agent: an outbox, a heartbeat, a look for a newer release."""

    @property
    def name(self) -> str:
        """What it is called in the heartbeat."""

    @property
    def every(self) -> float:
        """Seconds from one success to the next try."""

    def send(self, outbound: Outbound) -> None:
        """Do what is due now, within minutes. Raises OutboundError when it could not, to be tried again later."""


@dataclass
class _Errand:
    sender: Sender
    due: float
    failures: int = 0
    sent: int = 0


def wait_after(failures: int, chance: float) -> float:
    """Seconds until the next try: up to twice as long each time, and any part of it, so that a fleet does not come at once."""
    return min(MOST_WAIT, FIRST_WAIT * 2.0 ** min(failures, 20)) * chance


@dataclass
class Agent:
    """Runs every errand when it is due, one after the other, until told to end."""

    senders: Iterable[Sender]
    outbound: Outbound
    health: Health
    log: Log = field(default_factory=lambda: Log(None))
    chance: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        """Put every errand on the list; all are due at once."""
        self._began = self.clock()
        self._recorded = float("-inf")
        self.errands = [_Errand(sender, self._began) for sender in self.senders]

    def run(self, stop: threading.Event) -> None:
        """Work until told to end."""
        notify("READY=1")
        while not stop.wait(LOOK):
            self.look()
            notify("WATCHDOG=1")
            self._beat()

    def look(self) -> None:
        """Run what is due now; a failure of one errand is no failure of the others."""
        for errand in self.errands:
            if self.clock() < errand.due:
                continue
            try:
                errand.sender.send(self.outbound)
            except (OutboundError, OutboxError, sqlite3.Error, OSError):
                errand.failures += 1
                errand.due = self.clock() + wait_after(errand.failures, self.chance())
                self.log.event(Event.SEND_FAILED, failures=errand.failures)
            else:
                errand.failures, errand.sent = 0, errand.sent + 1
                errand.due = self.clock() + errand.sender.every

    def _beat(self) -> None:
        if self.clock() - self._recorded < RECORD:
            return
        self._recorded = self.clock()
        facts: dict[str, Any] = {f"{errand.sender.name}_failures": errand.failures for errand in self.errands}
        sent = {f"{errand.sender.name}_sent": errand.sent for errand in self.errands}
        try:
            uptime = round(self.clock() - self._began)
            self.health.beat("agent", {**about_machine(self.health.folder), **facts, **sent, "uptime_s": uptime})
        except (sqlite3.Error, OSError):
            self.log.event(Event.SEND_FAILED, heartbeat=True)


@contextmanager
def alone(folder: Path) -> "Iterator[None]":
    """Hold the agent's lock: two agents would send everything twice. Raises BlockingIOError."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "agent.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def run(senders: Iterable[Sender], outbound: Outbound, state: Path, caller: Caller | None = None) -> int:
    """Run the agent of this kiosk until it is told to end; the answer is the exit code."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    with alone(state):
        if caller is not None:
            # Of its own thread: nobody who stands there waits until an outbox is empty.
            threading.Thread(target=caller.run, args=(stop,), name="kiosk-calls", daemon=True).start()
        Agent(senders, outbound, Health(state), Log(state, "agent")).run(stop)
    notify("STOPPING=1")
    return End.TOLD
