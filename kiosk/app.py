"""The kiosk from start to end: server, window, visits, and a clean finish."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType

from kiosk import server as web
from kiosk.condition import condition_of
from kiosk.config import ConfigError, KioskConfig
from kiosk.counting import Counting
from kiosk.ends import End
from kiosk.handover import open_intake
from kiosk.health import Health, about_machine
from kiosk.keeper import VisitKeeper
from kiosk.ladder import Limits
from kiosk.log import Event, Log
from kiosk.mending import Mender
from kiosk.outfit import page_options, shop_parts, speaker_of
from kiosk.policy import Policy
from kiosk.searching import Find, IndexFind, Search
from kiosk.sessions import Holder, Sessions
from kiosk.shell import Shell
from kiosk.site import SiteError, SiteInfo, read_info
from kiosk.speech.speaker import Speaker
from kiosk.staff_pages import StaffPages
from kiosk.supervisor import BEAT_FD
from kiosk.visit import State, Timing
from kiosk.watcher import Counts, Watcher
from kiosk.window import Choice, Probe, Window, WindowError, WindowPlan, choose, open_window
from service.outbox import Intake

OK, CONTENT, MACHINE = End.TOLD, End.CONTENT, End.MACHINE
CLOSE_SECONDS = 4.0


@dataclass
class _Running:
    """What runs once the server serves."""

    server: web.Server
    sessions: Sessions
    visits: VisitKeeper
    search: Search
    watcher: Watcher
    speaker: Speaker
    counting: Counting
    stop: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)
    end: End = End.TOLD

    def address(self, holder: Holder) -> str:
        """Give an address with a new key in it."""
        return f"http://{self.server.host}/?key={self.sessions.issue(holder)}"

    def start(self) -> str:
        """Give the window's address for a screen that nobody has touched yet."""
        return self.address(Holder.WINDOW) + "#start"

    def home(self) -> str:
        """Give the address to go on from when a page broke down: a visit goes on from its first page."""
        return self.start() if self.visits.look().state is State.ATTRACT else self.address(Holder.WINDOW)

    def wipe(self, window: Window | None) -> bool:
        """Remove everything of a visit, and say whether that was seen to end."""
        self.speaker.forget()
        if window is None:
            # Somebody's own browser shows the pages: give each page a moment to see that the visit is over.
            self.stop.wait(2.0)
            return True
        self.sessions.revoke(Holder.WINDOW)
        return window.wipe(self.start())


@dataclass(frozen=True)
class Options:
    """What the shop's settings do not say."""

    find: Find | None = None
    """How search is asked; the index on disk when None."""
    probe: Probe = field(default_factory=Probe)
    limits: Limits | None = None
    """When the ladder's steps are taken; from the settings when None."""
    state: Path | None = None
    """The folder of heartbeat and log; nothing is written when None."""
    reindex: tuple[str, ...] = ()
    """The command that builds the index anew from the site, for when it is broken; none where it is empty."""
    staff: Path | None = None
    """The folder of the pages for staff; none are shown when None."""
    safe: bool = False
    """Whether only the safe page is shown, because everything else broke down again and again."""
    started: Callable[[Watcher], None] = lambda _: None
    """Handed the watcher as soon as there is one: for tests and benches, which cause what it must see."""


def run(config: KioskConfig, site: Path, index: Path, options: Options | None = None) -> int:
    """Run the kiosk until it is told to end; the answer is the exit code."""
    chosen = options or Options()
    try:
        info = _info(config, site) if not chosen.safe else _any_info(site)
        sock = web.bind(config.port)
    except (SiteError, ConfigError) as error:
        return _fail(str(error), CONTENT)
    except web.PortInUseError as error:
        return _fail(str(error), MACHINE)
    if os.geteuid() == 0:
        if "NOTIFY_SOCKET" in os.environ:
            return _fail("refused: systemd started the kiosk as root. Set User= in its unit: ./helpstand doctor", MACHINE)
        _say("warning: running as root. In a shop the kiosk needs a user of its own, without rights.")
    speaker = speaker_of(config)
    shell = Shell(info, site, attract=config.attract, safe=chosen.safe, options=page_options(config, speaker))
    ways = Ways(chosen.find or _index(index, chosen, config), speaker, open_intake(chosen.state, info))
    running = _prepare(config, shell, sock, chosen, ways)
    try:
        running.server.start()
    except RuntimeError as error:
        return _fail(str(error), MACHINE)
    _on_signals(running.stop)
    print(f"ready: {running.address(Holder.PRINTED)}", flush=True)
    if not chosen.safe:
        running.search.warm()
    _show(config, info, running, chosen.probe)
    running.stop.set()
    running.speaker.stop()
    running.server.stop()
    running.search.close()
    running.counting.look(last=True)
    running.watcher.log.event(Event.END, why=running.end)
    return running.end


def _index(index: Path, options: Options, config: KioskConfig) -> IndexFind:
    return IndexFind(index, mender=Mender(options.reindex) if options.reindex else None, meaning=config.meaning)


def _info(config: KioskConfig, site: Path) -> SiteInfo:
    info = read_info(site).in_store(config.store)
    if config.language and not info.knows(config.language):
        known = ", ".join(language.code for language in info.languages)
        raise ConfigError([f"{config.place('language')}: language '{config.language}' is not offered here. There are: {known}."])
    return replace(info, default=config.language or info.default)


def _any_info(site: Path) -> SiteInfo:
    """Read what can be read: the safe page must show when nothing else does."""
    try:
        return read_info(site)
    except SiteError:
        return SiteInfo.nothing()


@dataclass(frozen=True)
class Ways:
    """By what a shopper is answered: search, voice and hand-over."""

    find: Find
    speaker: Speaker
    intake: Intake | None


def _prepare(config: KioskConfig, shell: Shell, sock: socket.socket, options: Options, ways: Ways) -> _Running:
    sessions = Sessions()
    visits = VisitKeeper(Timing(config.idle_seconds, config.warning_seconds, config.extensions))
    search = Search(ways.find)
    shop = replace(
        shop_parts(config, options.state),
        restart=lambda: watcher.end(End.STAFF),
        condition=condition_of(options.state, ways.intake, config.name),
        pages=StaffPages(options.staff),
    )
    counting = Counting(ways.intake, visits)
    parts = web.Parts(shell.site or Path(), shell, sessions, visits, search, ways.speaker, shop, ways.intake, counting)
    server = web.Server(sock, web.create_app(parts, sock.getsockname()[1]))
    limits = options.limits or config.limits()
    watcher = Watcher(visits, server, lambda: True, limits=limits, log=Log(options.state), alive=_beat())
    watcher.log.event(Event.START, safe=options.safe)
    options.started(watcher)
    running = _Running(server, sessions, visits, search, watcher, ways.speaker, counting)
    if options.state is not None:
        record = _recorder(Health(options.state), config, safe=options.safe)

        def look_and_record(counts: Counts) -> None:
            counting.look()
            record(counts)

        watcher.record = look_and_record
    return running


def _recorder(health: Health, config: KioskConfig, *, safe: bool) -> Callable[[Counts], None]:
    began = time.monotonic()

    def record(counts: Counts) -> None:
        facts = {**about_machine(health.folder), **vars(counts), "uptime_s": round(time.monotonic() - began)}
        try:
            health.beat("app", {**facts, "safe": safe, "store": config.store})
        except OSError as error:
            _say(f"the heartbeat cannot be written: {error.strerror}")

    return record


def _beat() -> Callable[[], bool]:
    """Give the call that tells the supervisor that all is well; without a supervisor it tells nobody."""
    given = os.environ.get(BEAT_FD, "")
    if not given:
        return lambda: True
    fd = int(given)
    os.set_inheritable(fd, False)  # a renderer that held it would hide our end from the supervisor
    os.set_blocking(fd, False)

    def beat() -> bool:
        try:
            os.write(fd, b"beat\n")
        except BlockingIOError:
            return True  # nobody has read for long, which is theirs to mend
        except OSError:
            return False  # the supervisor is gone, and so must we be
        return True

    return beat


def _show(config: KioskConfig, info: SiteInfo, running: _Running, probe: Probe) -> None:
    choice = choose(config.backend, probe)
    if choice.backend == "none":
        _serve_only(choice, running)
        return
    watcher = running.watcher
    policy = Policy(running.server.host)
    plan = WindowPlan(info.name, policy, config.fullscreen, running.home, config.monitor - 1, watcher.broke)
    try:
        window = open_window(choice.backend, plan)
    except WindowError as error:
        _serve_only(Choice("none", str(error)), running)
        return
    _say(f"window: {choice.backend} ({choice.why})")
    watcher.window = window
    threading.Thread(target=_keep, args=(running, window), name="kiosk-visits", daemon=True).start()
    window.run(running.start())
    running.closed.set()


def _serve_only(choice: Choice, running: _Running) -> None:
    cure = f" To cure it: {choice.cure}" if choice.cure else ""
    _say(f"no window: {choice.why}.{cure}\nThe kiosk goes on serving at the address above; end it with Ctrl+C.")
    _keep(running, None)


def _keep(running: _Running, window: Window | None) -> None:
    """Watch until the end, remember why it is the end, and close the window."""
    running.watcher.wipe = lambda: running.wipe(window)
    running.end = End.WATCHER_BROKE
    try:
        running.end = running.watcher.run(running.stop)
    finally:
        if running.end is not End.TOLD:
            _say(f"the kiosk begins anew: {running.end.name.lower()}")
        running.stop.set()
        if window is not None:
            _close(running, window)


def _close(running: _Running, window: Window) -> None:
    end = time.monotonic() + CLOSE_SECONDS
    while running.end is not End.LOOP_HUNG and time.monotonic() < end:
        window.close()
        if running.closed.wait(0.2):
            return
    # The window's loop hangs; everything that matters is in memory only, so leaving at once loses nothing.
    os._exit(running.end)


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
