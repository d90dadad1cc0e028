"""The watcher with a stand-in for the window: what it asks, what it does, and why it ends."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from kiosk.ends import End
from kiosk.keeper import VisitKeeper
from kiosk.ladder import Limits
from kiosk.visit import State, Timing
from kiosk.watcher import Watcher

from .conftest import wait_for


class TwinWindow:
    """A window in memory: its loop answers or not."""

    name = "twin"

    def __init__(self) -> None:
        """All is well."""
        self.answers, self.renewed = True, 0
        self.loading_since: float | None = None

    def run(self, url: str) -> None:
        """Show nothing."""

    def wipe(self, url: str, seconds: float = 1.0) -> bool:
        """Be clean."""
        return True

    def renew(self) -> None:
        """Count."""
        self.renewed += 1

    def ask(self, answer: Callable[[], None]) -> None:
        """Answer, or swallow the question as a window does that is not there yet."""
        if self.answers:
            answer()

    def close(self) -> None:
        """Close nothing."""


class Alive:
    """A server that runs."""

    alive = True


@contextmanager
def watched(limits: Limits, wipe: Callable[[], bool] = lambda: True) -> Iterator[tuple[Watcher, TwinWindow, list[End]]]:
    """Let a watcher run in a thread until the block ends."""
    window, stop, ends = TwinWindow(), threading.Event(), list[End]()
    watcher = Watcher(VisitKeeper(Timing()), Alive(), wipe, window, limits)
    thread = threading.Thread(target=lambda: ends.append(watcher.run(stop)))
    thread.start()
    try:
        yield watcher, window, ends
    finally:
        stop.set()
        thread.join(10)


def beats(watcher: Watcher, seconds: float) -> None:
    """Be a page for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        watcher.visits.beat(touched=False)
        time.sleep(0.05)


def test_a_page_that_beats_is_left_alone_and_one_that_stops_is_renewed() -> None:
    """After its patience, and no sooner."""
    with watched(Limits(page=1.0, loading=2.0)) as (watcher, window, ends):
        beats(watcher, 1.6)
        assert window.renewed == 0
        assert wait_for(lambda: window.renewed, 3)
        assert watcher.counts.hung >= 1
    assert ends == [End.TOLD]


def test_a_window_that_is_slow_to_open_is_no_hung_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """It hears nothing at first; but it may not take for ever, and later it must answer."""
    monkeypatch.setattr("kiosk.watcher.OPENING", 2.5)
    with watched(Limits(page=99, loading=99, loop=1.0)) as (_, window, ends):
        window.answers = False
        time.sleep(1.8)
        assert ends == []
        window.answers = True
        time.sleep(2.5)
        assert ends == []
        window.answers = False
        assert wait_for(lambda: ends, 5)
    assert ends == [End.LOOP_HUNG]


def test_the_end_of_a_visit_is_wiped_at_once() -> None:
    """Not at the next look."""
    wiped = list[float]()

    def wipe() -> bool:
        wiped.append(time.monotonic())
        return True

    with watched(Limits(page=99, loading=99), wipe) as (watcher, _, _):
        watcher.visits.beat(touched=True)
        time.sleep(0.3)
        ended = time.monotonic()
        watcher.visits.end()
        assert wait_for(lambda: wiped, 2)
        assert wiped[0] - ended < 0.2
        assert wait_for(lambda: watcher.visits.look().state is State.ATTRACT, 2)


def test_a_wipe_that_is_not_seen_to_end_is_tried_once_more_and_then_ends_the_process() -> None:
    """Only a new process is certain to be clean."""
    tries = list[int]()

    def fail() -> bool:
        tries.append(1)
        return False

    with watched(Limits(page=99, loading=99), fail) as (watcher, _, ends):
        watcher.visits.beat(touched=True)
        watcher.visits.end()
        assert wait_for(lambda: ends, 3)
    assert (ends, len(tries)) == ([End.WIPE_FAILED], 2)


def test_when_nobody_hears_the_beat_the_app_ends() -> None:
    """A supervisor that is gone cannot start it again, and a second one would find the port in use."""
    with watched(Limits(page=99, loading=99)) as (watcher, _, ends):
        watcher.alive = lambda: False
        assert wait_for(lambda: ends, 4)
    assert ends == [End.TOLD]


def test_what_was_kept_of_a_visitor_is_forgotten_with_the_visit() -> None:
    """Whoever keeps something registers; a mistake there is not swallowed."""
    visits, forgotten = VisitKeeper(Timing()), list[str]()
    visits.on_wipe(lambda: forgotten.append("speech"))
    visits.beat(touched=True, lang="en")
    visits.end()
    visits.wiped()
    assert forgotten == ["speech"]
    assert visits.lang == ""
