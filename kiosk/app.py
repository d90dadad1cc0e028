"""The kiosk from start to end: server, window, visits, and a clean finish."""

import os
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from kiosk import server as web
from kiosk.config import ConfigError, KioskConfig
from kiosk.handover import open_intake
from kiosk.keeper import VisitKeeper
from kiosk.policy import Policy
from kiosk.searching import Find, IndexFind, Search
from kiosk.sessions import Holder, Sessions
from kiosk.shell import Shell
from kiosk.site import SiteError, SiteInfo, read_info
from kiosk.visit import State, Timing
from kiosk.window import Choice, Probe, Window, WindowError, WindowPlan, choose, open_window
from service.outbox import Intake

OK, CONTENT, MACHINE = 0, 1, 3
CLOSE_SECONDS = 4.0


@dataclass
class _Running:
    """What runs once the server serves."""

    server: web.Server
    sessions: Sessions
    visits: VisitKeeper
    search: Search
    stop: threading.Event
    closed: threading.Event

    def address(self, holder: Holder) -> str:
        """Give an address with a new key in it."""
        return f"http://{self.server.host}/?key={self.sessions.issue(holder)}"

    def start(self) -> str:
        """Give the window's address for a screen that nobody has touched yet."""
        return self.address(Holder.WINDOW) + "#start"


def run(
    config: KioskConfig,
    site: Path,
    index: Path,
    *,
    find: Find | None = None,
    probe: Probe | None = None,
    state: Path | None = None,
) -> int:
    """Run the kiosk until it is told to end; the answer is the exit code."""
    try:
        info = _info(config, site)
        sock = web.bind(config.port)
    except (SiteError, ConfigError) as error:
        return _fail(str(error), CONTENT)
    except web.PortInUseError as error:
        return _fail(str(error), MACHINE)
    if os.geteuid() == 0:
        _say("warning: running as root. In a shop the kiosk needs a user of its own, without rights.")
    running = _prepare(
        config, Shell(info, site, attract=config.attract), site, sock, find or IndexFind(index), open_intake(state, info)
    )
    try:
        running.server.start()
    except RuntimeError as error:
        return _fail(str(error), MACHINE)
    _on_signals(running.stop)
    print(f"ready: {running.address(Holder.PRINTED)}", flush=True)
    running.search.warm()
    code = _show(config, info, running, probe or Probe())
    running.stop.set()
    running.server.stop()
    running.search.close()
    return code


def _info(config: KioskConfig, site: Path) -> SiteInfo:
    info = read_info(site).in_store(config.store)
    if config.language and not info.knows(config.language):
        known = ", ".join(language.code for language in info.languages)
        raise ConfigError([f"{config.place('language')}: language '{config.language}' is not offered here. There are: {known}."])
    return replace(info, default=config.language or info.default)


def _prepare(config: KioskConfig, shell: Shell, site: Path, sock: socket.socket, find: Find, intake: Intake | None) -> _Running:
    sessions = Sessions()
    visits = VisitKeeper(Timing(config.idle_seconds, config.warning_seconds, config.extensions))
    search = Search(find)
    parts = web.Parts(site, shell, sessions, visits, search, intake)
    server = web.Server(sock, web.create_app(parts, sock.getsockname()[1]))
    return _Running(server, sessions, visits, search, threading.Event(), threading.Event())


def _show(config: KioskConfig, info: SiteInfo, running: _Running, probe: Probe) -> int:
    choice = choose(config.backend, probe)
    if choice.backend == "none":
        return _serve_only(choice, running)

    def home() -> str:
        return running.start() if running.visits.look().state is State.ATTRACT else running.address(Holder.WINDOW)

    plan = WindowPlan(info.name, Policy(running.server.host), config.fullscreen, home)
    try:
        window = open_window(choice.backend, plan)
    except WindowError as error:
        return _serve_only(Choice("none", str(error)), running)
    _say(f"window: {choice.backend} ({choice.why})")
    threading.Thread(target=_keep, args=(running, window), name="kiosk-visits", daemon=True).start()
    window.run(running.start())
    running.closed.set()
    return OK


def _serve_only(choice: Choice, running: _Running) -> int:
    cure = f" To cure it: {choice.cure}" if choice.cure else ""
    _say(f"no window: {choice.why}.{cure}\nThe kiosk goes on serving at the address above; end it with Ctrl+C.")
    _keep(running, None)
    return OK


def _keep(running: _Running, window: Window | None) -> None:
    """Watch over the visit until the end: when one is over, wipe it away."""
    while not running.stop.wait(0.25):
        if running.visits.look().state is State.WIPE:
            _wipe(running, window)
        if not running.server.alive:
            _say("the kiosk's server ended by itself")
            running.stop.set()
    if window is not None:
        _close(running, window)


def _wipe(running: _Running, window: Window | None) -> None:
    if window is None:
        # Somebody's own browser shows the pages: give each page a moment to see that the visit is over.
        running.stop.wait(2.0)
    else:
        running.sessions.revoke(Holder.WINDOW)
        if not window.wipe(running.start()):
            _say("the wipe after a visit was not seen to end in time")
    running.visits.wiped()


def _close(running: _Running, window: Window) -> None:
    end = time.monotonic() + CLOSE_SECONDS
    while time.monotonic() < end:
        window.close()
        if running.closed.wait(0.2):
            return
    # The window's loop hangs; everything that matters is in memory only, so leaving at once loses nothing.
    os._exit(OK)


def _on_signals(stop: threading.Event) -> None:
    def ask_to_end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask_to_end)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _fail(text: str, code: int) -> int:
    _say(text)
    return code
