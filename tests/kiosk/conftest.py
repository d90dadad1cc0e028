"""A tiny built site, and the kiosk's real server over it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from kiosk import server as web
from kiosk.counting import Counting
from kiosk.keeper import VisitKeeper
from kiosk.searching import Search, SearchUnavailableError
from kiosk.sessions import Holder, Sessions
from kiosk.shell import Shell
from kiosk.shop import ShopParts
from kiosk.site import read_info
from kiosk.visit import Timing
from kiosk.window import Probe
from service.outbox import Intake

if TYPE_CHECKING:
    from .ears import Ear
    from .windows import Opener, Screen

PAGE = """<!doctype html>
<html lang="{lang}" dir="ltr" data-surface="web" data-root="{root}" data-lang="{lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="stylesheet" href="{root}/assets/site.css"></head>
<body><header><a href="{root}/{lang}/index.html">Tiny Shop</a></header>
<main><article data-guide="{guide}" data-product="kettle" data-stage="maintain" data-lang="{lang}" data-type="howto">
<h1>{title}</h1><p>{text}</p><p><a href="https://example.com/far">An outside address</a></p>
<p><a href="{root}/{lang}/kettle/descale.html">Descale</a></p></article></main></body></html>
"""

PAGES = {
    "en/index.html": ("en", "..", "home", "How can we help?", "Search, or choose."),
    "en/kettle/descale.html": ("en", "../..", "kettle/descale", "Remove limescale", "The white crust is limescale."),
    "en/404.html": ("en", "..", "404", "Page not found", "Nothing here."),
    "de/index.html": ("de", "..", "home", "Wie können wir helfen?", "Suchen oder wählen."),
    "de/404.html": ("de", "..", "404", "Seite nicht gefunden", "Hier ist nichts."),
}


def make_site(folder: Path) -> Path:
    """Write a site of a few pages in the form that every built site has."""
    for name, (lang, root, guide, title, text) in PAGES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(lang=lang, root=root, guide=guide, title=title, text=text), encoding="utf-8")
    (folder / "index.html").write_text("<!doctype html><html lang=en><title>x</title>choose", encoding="utf-8")
    (folder / "assets").mkdir()
    (folder / "assets" / "site.css").write_text("body { font-size: 24px; margin: 48px; background: #fbf8f1 }", encoding="utf-8")
    (folder / "assets" / "app.js").write_text("export const one = 1\n", encoding="utf-8")
    (folder / "media").mkdir()
    (folder / "media" / "sound.ogg").write_bytes(bytes(range(256)) * 40)
    (folder / ".secret").write_text("hidden", encoding="utf-8")
    languages = [{"code": "en", "name": "English", "dir": "ltr"}, {"code": "de", "name": "Deutsch", "dir": "ltr"}]
    info = {"format": 1, "site_name": "Tiny Shop", "default": "en", "languages": languages, "as_of": "2026-11-22", "digest": "0"}
    (folder / "helpstand.json").write_text(json.dumps(info), encoding="utf-8")
    return folder


def twin_find(query: str, lang: str, product: str | None, stage: str | None = None) -> Mapping[str, Any]:
    """Search without an index: finds one guide, and fails on demand."""
    if query == "broken":
        raise SearchUnavailableError("The index is missing.")
    if query == "crash":
        raise RuntimeError("secret inner words")
    result = {
        "id": "kettle/descale",
        "url": f"{lang}/kettle/descale.html",
        "title": "Remove limescale",
        "product": product or "kettle",
    }
    return {"query": query, "lang": lang, "results": [result], "did_you_mean": None, "zero_result_help": None}


class FakeClock:
    """A monotonic clock that only tests move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now


@dataclass
class Live:
    """A running server and its parts."""

    parts: web.Parts
    server: web.Server
    clock: FakeClock
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        """Open a client that follows nothing by itself."""
        self.client = httpx.Client(base_url=self.origin, timeout=10, trust_env=False)

    @property
    def origin(self) -> str:
        """Where it answers."""
        return f"http://{self.server.host}"

    def enter(self) -> httpx.Client:
        """Open a session the way the window does; the client keeps the cookie."""
        answer = self.client.get("/", params={"key": self.parts.sessions.issue(Holder.WINDOW)})
        assert answer.status_code == 303, answer.text
        return self.client

    def post(self, path: str, body: Mapping[str, Any] | None = None, **headers: str) -> httpx.Response:
        """POST as a page of our own does."""
        return self.client.post(path, json=dict(body or {}), headers={"Origin": self.origin, **headers})


@pytest.fixture(scope="session")
def tiny_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a site on disk, shared by the tests that only read it."""
    return make_site(tmp_path_factory.mktemp("build") / "site")


def serve(
    site: Path,
    *,
    attract: bool = True,
    find: Any = twin_find,
    search_seconds: float = 3.0,
    intake: Intake | None = None,
    shop: ShopParts | None = None,
) -> Iterator[Live]:
    """Run the real server over a site until the generator is closed."""
    clock = FakeClock()
    search = Search(find, seconds=search_seconds)
    visits = VisitKeeper(Timing(), clock)
    shell = Shell(read_info(site), site, attract=attract)
    counter = Counting(intake, visits, clock=clock)
    parts = web.Parts(site, shell, Sessions(), visits, search, intake=intake, counter=counter)
    parts = replace(parts, shop=shop) if shop else parts
    sock = web.bind(0)
    server = web.Server(sock, web.create_app(parts, sock.getsockname()[1]))
    server.start()
    live = Live(parts, server, clock)
    try:
        yield live
    finally:
        live.client.close()
        server.stop()
        search.close()


@pytest.fixture(scope="session")
def steady(tiny_site: Path) -> Iterator[Live]:
    """Run one server for all the tests that only ask and change nothing."""
    yield from serve(tiny_site)


@pytest.fixture
def live(tiny_site: Path) -> Iterator[Live]:
    """Run the kiosk's server over the tiny site."""
    yield from serve(tiny_site)


ROOT = Path(__file__).resolve().parents[2]


class Program:
    """The kiosk as a process of its own."""

    def __init__(self, site: Path, *, env: Mapping[str, str] | None = None, supervised: bool = False, **settings: object) -> None:
        """Start it; settings are those of kiosk.toml, and what run_kiosk.py adds to them."""
        given = [f"{key}={json.dumps(value)}" for key, value in settings.items()]
        without_screen = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
        above = ["-m", "kiosk.supervisor", sys.executable] if supervised else []
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, *above, str(ROOT / "tests" / "kiosk" / "run_kiosk.py"), str(site), *given],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**without_screen, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), **(env or {})},
        )
        self.errors: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline()
        self.ready_after = time.monotonic() - self.began

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.errors.extend(self.process.stderr)

    @property
    def address(self) -> str:
        """The address that it printed."""
        assert self.first_line.startswith("ready: http://127.0.0.1:"), (self.first_line, self.errors)
        return self.first_line.removeprefix("ready: ").strip()

    @property
    def origin(self) -> str:
        """The address without its key."""
        return self.address.partition("/?key=")[0]

    def told(self, words: str, seconds: float = 10) -> bool:
        """Whether it says these words in time."""
        return wait_for(lambda: words in "".join(self.errors), seconds)

    def end(self, number: int = signal.SIGTERM, seconds: float = 15) -> int:
        """Send a signal and give the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(seconds)
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join(5)
            assert self.process.stdout is not None
            assert self.process.stderr is not None
            self.process.stdout.close()
            self.process.stderr.close()


PATIENCE = 3
"""How many times slower than expected a busy machine may be before a test fails."""


def wait_for(condition: Callable[[], object], seconds: float = 10) -> bool:
    """Look again and again until it is so, or time is up."""
    end = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


@pytest.fixture(scope="module")
def ear(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Ear"]:
    """Listen to a sound server of our own, or skip where its programs are not installed."""
    from .ears import listening

    with listening(tmp_path_factory.mktemp("sound")) as found:
        yield found


@pytest.fixture(scope="module")
def screen() -> Iterator["Screen"]:
    """Start a screen, or skip where its programs are not installed."""
    from .windows import NEEDED, Screen

    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    screen = Screen()
    yield screen
    screen.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a site to open."""
    return make_site(tmp_path_factory.mktemp("window") / "site")


@pytest.fixture(params=["gtk", "qt"])
def open_kiosk(request: pytest.FixtureRequest, screen: "Screen", site: Path) -> Iterator["Opener"]:
    """Open kiosks on the screen and end them afterwards, with each backend that is installed."""
    from .windows import Opener

    if not {"gtk": Probe().has_gtk, "qt": Probe().has_qt}[request.param]():
        pytest.skip(f"the backend {request.param} is not installed")
    opener = Opener(screen, site, request.param)
    yield opener
    for program in opener.programs:
        program.end()
