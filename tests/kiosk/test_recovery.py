"""Each step of the ladder in real windows, under the real supervisor: it is caused, and the first screen comes back by itself."""

import json
import os
import signal
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from .conftest import Program, wait_for
from .windows import HEIGHT, WIDTH, Opener, Screen, renderers, site_with

pytestmark = [pytest.mark.window, pytest.mark.slow]

HANG = "setTimeout(() => { for (;;); }, 300)"
FAULT = 'fetch("/api/search?lang=en&q=fault:%20{}")'
ONCE = 'if (!navigator.userAgent.includes("never")) {{ {} }}'


def touch_until_changed(screen: Screen, first: bytes) -> None:
    """Begin a visit, as people do who touch again when nothing happens."""
    for _ in range(5):
        screen.touch(WIDTH // 2, HEIGHT // 2)
        if wait_for(lambda: not screen.shows(first), 1):
            return
    pytest.fail("the first screen does not hear touches")


def app_of(program: Program) -> int:
    """Find the app below its supervisor."""
    children = Path(f"/proc/{program.process.pid}/task/{program.process.pid}/children").read_text().split()
    return int(children[0]) if children else 0


def is_another(program: Program, app: int) -> bool:
    """Whether the supervisor has started the app anew."""
    return app_of(program) not in (0, app)


def test_a_page_that_hangs_gets_a_new_renderer(open_kiosk: Opener, screen: Screen, tmp_path: Path) -> None:
    """An endless loop in a page: the process stays, the renderer goes, and a page that beats is there again."""
    program = open_kiosk(site_with(tmp_path, HANG), idle_seconds=4, warning_seconds=2, limit_page=3.5, limit_loading=12.0)
    first, before = screen.picture(), renderers(program.process.pid)
    touch_until_changed(screen, first)
    assert wait_for(lambda: set(renderers(program.process.pid)) - set(before), 12), program.errors
    assert program.process.poll() is None
    # The new page hangs as well. In a shop the next shopper would start from the first screen; here the visit comes to its end.
    assert "begins anew" not in "".join(program.errors)


@pytest.mark.long
def test_a_hung_loop_ends_the_process_and_the_next_one_shows_the_first_screen(
    open_kiosk: Opener, screen: Screen, tmp_path: Path
) -> None:
    """Nobody can close a window whose loop hangs: the app leaves at once, the supervisor starts it again."""
    program = open_kiosk(site_with(tmp_path, FAULT.format("loop")), supervised=True, limit_loop=3)
    first, app = screen.picture(), app_of(program)
    touch_until_changed(screen, first)
    assert program.told("loop_hung", 10), program.errors
    assert wait_for(lambda: is_another(program, app), 10)
    assert wait_for(lambda: screen.shows(first), 20)
    assert program.end() == 0


def test_a_killed_process_is_started_again(open_kiosk: Opener, screen: Screen) -> None:
    """By the kernel, for want of memory; nothing of the old one is left."""
    program = open_kiosk(supervised=True)
    first, app = screen.picture(), app_of(program)
    os.kill(app, signal.SIGKILL)
    assert wait_for(lambda: is_another(program, app), 10)
    assert wait_for(lambda: screen.shows(first), 20)
    touch_until_changed(screen, first)
    assert program.end() == 0


@pytest.mark.long
def test_too_much_memory_while_nobody_is_there_begins_anew(open_kiosk: Opener, screen: Screen, tmp_path: Path) -> None:
    """A planned end, which counts for no safe page."""
    budget: dict[str, Any] = {"limit_memory_mb": 700, "limit_memory_after": 1}
    program = open_kiosk(
        site_with(tmp_path, FAULT.format("memory")), supervised=True, idle_seconds=3, warning_seconds=2, **budget
    )
    first, app = screen.picture(), app_of(program)
    touch_until_changed(screen, first)
    assert program.told("started anew: too_much_memory", 30), program.errors
    assert wait_for(lambda: is_another(program, app), 10)
    assert wait_for(lambda: screen.shows(first), 20)
    assert program.end() == 0


@pytest.mark.long
def test_pages_that_cannot_be_drawn_end_the_process(open_kiosk: Opener, screen: Screen) -> None:
    """Each new renderer dies: a new process may have what the old one lacks."""
    program = open_kiosk(supervised=True, limit_breaks=3)
    first, app = screen.picture(), app_of(program)
    end = time.monotonic() + 60
    while not is_another(program, app) and time.monotonic() < end:
        for pid in renderers(app):
            os.kill(pid, signal.SIGKILL)
        time.sleep(2.5)  # WebKit itself ends the process when a renderer dies at its birth, which is another way to the same
    assert program.told("pages_dying", 5), program.errors
    assert wait_for(lambda: screen.shows(first), 30)
    assert program.end() == 0


@pytest.mark.long
def test_after_too_many_crashes_the_safe_page_asks_for_the_staff(open_kiosk: Opener, screen: Screen) -> None:
    """It is another screen than the first one, drawn by the same window, and it stays."""
    program = open_kiosk(supervised=True)
    first, app = screen.picture(), app_of(program)
    for _ in range(6):
        os.kill(app, signal.SIGKILL)
        assert wait_for(partial(is_another, program, app), 15)
        app = app_of(program)
    assert wait_for(screen.rests, 20)
    assert not screen.shows(first)
    safe, app = screen.picture(), app_of(program)
    screen.touch(WIDTH // 2, HEIGHT // 2)
    time.sleep(6)
    assert screen.shows(safe)
    assert app_of(program) == app
    assert program.end() == 0


@pytest.mark.long
def test_what_happened_is_written_down_without_words(open_kiosk: Opener, screen: Screen, tmp_path: Path) -> None:
    """The log holds events with numbers."""
    program = open_kiosk(state=str(tmp_path / "state"), idle_seconds=2, warning_seconds=2)
    first = screen.picture()
    touch_until_changed(screen, first)
    log = tmp_path / "state" / "kiosk.log"
    assert wait_for(lambda: "wipe" in log.read_text(), 15)
    for pid in renderers(program.process.pid):
        os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: "renderer_broke" in log.read_text(), 10)
    assert program.end() == 0
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [event["event"] for event in events if event["event"] != "renderer_broke"] == ["start", "wipe", "end"]
    assert all(
        isinstance(value, int | float) or name in ("at", "event", "why") for event in events for name, value in event.items()
    )
