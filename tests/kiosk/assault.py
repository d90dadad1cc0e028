"""Tries attacks one after the other in one window, and sees by itself which of them worked: the kiosk's or the control's."""

import os
import re
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from .attacks import PAGE, Attack
from .conftest import ROOT, Program, make_site, wait_for
from .windows import HEIGHT, WIDTH, Screen

MIDDLE = (WIDTH // 2, HEIGHT // 2)
FAKE = "#!/bin/sh\necho \"$@\" >> '{}'\n"
OPENERS = ("xdg-open", "x-www-browser", "sensible-browser", "www-browser", "firefox", "chromium", "gio", "open")


class _Far(BaseHTTPRequestHandler):
    hits: list[str]

    def do_GET(self) -> None:
        self.hits.append(self.path)
        body = b"<!doctype html><title>far</title>far away"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name of the base class

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


def site_under_attack(folder: Path, attacks: list[Attack], far: str) -> Path:
    """Make a site whose home page tries what it is told to."""
    site = make_site(folder / "site")
    (site / "assets" / "attacks").mkdir()
    for attack in attacks:
        script = f"export async function attack(far) {{\n{attack.js}\n}}\n"
        (site / "assets" / "attacks" / f"{attack.id}.js").write_text(script)
    (site / "assets" / "attack.js").write_text(PAGE)
    with (site / "assets" / "site.css").open("a") as css:
        css.write("\n.cover { position: fixed; inset: 600px 60px; font-size: 60px; overflow: hidden; z-index: 9 }\n")
    with zipfile.ZipFile(site / "media" / "data.zip", "w") as data:
        data.writestr("data.txt", "x" * 9999)
    (folder / "away").mkdir()
    (folder / "away" / "secret.txt").write_text("the crown jewels")
    (site / "media" / "away").symlink_to(folder / "away")
    home = site / "en" / "index.html"
    tag = f'<script type="module" src="../assets/attack.js?far={far}"></script></head>'
    home.write_text(home.read_text().replace("</head>", tag))
    return site


class Assault:
    """One window, and a folder in which everything lies that it may write."""

    def __init__(self, screen: Screen, folder: Path, backend: str, attacks: list[Attack]) -> None:
        """Make the site, the other server, and programs that note what the system is asked to open."""
        self.screen, self.folder, self.backend = screen, folder, backend
        self.home = folder / "home"
        (self.home / "Downloads").mkdir(parents=True)
        self.next, self.opened = folder / "next", folder / "opened"
        self.hits: list[str] = []
        self.far = ThreadingHTTPServer(("127.0.0.1", 0), type("Far", (_Far,), {"hits": self.hits}))
        threading.Thread(target=self.far.serve_forever, daemon=True).start()
        self.site = site_under_attack(folder, attacks, f"http://127.0.0.1:{self.far.server_port}")
        programs = folder / "programs"
        programs.mkdir()
        for name in OPENERS:
            (programs / name).write_text(FAKE.format(self.opened))
            (programs / name).chmod(0o755)
        self.env = {
            "DISPLAY": screen.display,
            "HOME": str(self.home),
            "XDG_DOWNLOAD_DIR": str(self.home / "Downloads"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_DATA_HOME": str(folder / "data"),
            "BROWSER": str(programs / "xdg-open"),
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HELPSTAND_TEST_NEXT": str(self.next),
            "GTK_USE_PORTAL": "0",
            **({"QTWEBENGINE_DISABLE_SANDBOX": "1"} if os.geteuid() == 0 else {}),
        }
        self.lines: list[str] = []
        self.number = 0

    def close(self) -> None:
        """End the other server."""
        self.far.shutdown()
        self.far.server_close()

    # What is seen ------------------------------------------------------------------------------------------------------

    def windows(self) -> set[str]:
        """Every window that can be seen on the screen."""
        return set(self.screen.tool("xdotool", "search", "--onlyvisible", "--maxdepth", "2", ".*").split())

    def traces(self) -> list[str]:
        """Everything that attacks may have left by the end."""
        time.sleep(2)
        opened = self.opened.read_text().splitlines() if self.opened.exists() else []
        return [*self.hits, *opened, *(str(path.name) for path in self.files())]

    def on_screen(self, window: str) -> bool:
        """Whether a person would see that window."""
        place = self.screen.tool("xdotool", "getwindowgeometry", window)
        found = re.search(r"Position: (-?\d+),(-?\d+)", place)
        return found is not None and -5000 < int(found[1]) < WIDTH

    def files(self) -> set[Path]:
        """Every file in the home folder."""
        return {path for path in self.home.rglob("*") if path.is_file() and ".cache" not in path.parts}

    def said(self, since: int) -> list[str]:
        """Give what pages said since then."""
        return [line.removeprefix("asked: ").strip() for line in self.lines[since:] if line.startswith("asked: ")]

    def polls(self, seconds: float) -> bool:
        """Whether a page of ours is there and asks what to do."""
        since = len(self.lines)
        return wait_for(lambda: "poll" in self.said(since), seconds / 3)

    def geometry(self) -> str:
        """Give place and size of the window."""
        name = "Tiny Shop" if self.is_kiosk else "Plain Window"
        return self.screen.tool("xdotool", "search", "--onlyvisible", "--name", name, "getwindowgeometry")

    is_kiosk = False
    patience = 1.0
    """By how much longer effects may take: the control ends its wait with the first effect, so that patience costs it little."""

    # What is done ------------------------------------------------------------------------------------------------------

    def worked(self, attack: Attack) -> str:
        """Try one, and say by what it was seen to work; nothing when it did not."""
        self.number += 1
        hits, since, files, windows, place = len(self.hits), len(self.lines), self.files(), self.windows(), self.geometry()
        opened = self.opened.read_text() if self.opened.exists() else ""
        self.next.write_text(f"{attack.id}~{self.number}")
        armed = f"armed {attack.id}~{self.number}"
        if not wait_for(lambda: armed in self.said(since), 4):
            return f"never armed: {self.said(since)[-5:]}"
        self.hand(attack.hand)
        end = time.monotonic() + attack.seconds * self.patience

        def seen() -> str:
            words = self.said(since)
            now = self.opened.read_text() if self.opened.exists() else ""
            found = {
                "hit": len(self.hits) > hits,
                "said": any(line.startswith("said worked") for line in words),
                "file": self.files() != files,
                "opened": now != opened,
                "window": any(map(self.on_screen, self.windows() - windows)),
                "moved": self.geometry() != place,
            }
            loads = [kind for kind in attack.by.split() if kind.startswith("load:") and self.loaded(kind, words)]
            return " ".join([*loads, *(kind for kind in attack.by.split() if found.get(kind))])

        result = f"result {attack.id}~{self.number}"
        while not (what := seen()) and time.monotonic() < end:
            if attack.by == "said" and result in self.said(since):
                break
            time.sleep(0.05)
        what = what or seen()
        if "gone" in attack.by.split() and not self.polls(2.0):
            what += " gone"
        if attack.by.startswith("left:"):
            return self.left(attack.by.removeprefix("left:"), since, windows)
        self.tidy(windows)
        return what.strip()

    def left(self, kind: str, since: int, windows: set[str]) -> str:
        """Say what a page that was loaded afterwards has found: in the next visit, where there are visits."""
        self.next.write_text("")  # that page has forgotten what it tried, and must not try again

        def came() -> bool:
            return any(word.startswith("load ") for word in self.said(since))

        for _ in range(20):
            if wait_for(came, 1):
                break
            self.screen.touch(*MIDDLE)
        else:
            return "never came back"
        self.tidy(windows)
        return f"left {kind}" if f"left {kind}" in self.said(since) else ""

    @staticmethod
    def loaded(kind: str, words: list[str]) -> bool:
        """Whether a page was loaded whose address holds that word."""
        return any(line.startswith("load ") and kind.removeprefix("load:") in line for line in words)

    def hand(self, what: str) -> None:
        """Do it on the glass."""
        x, y = (str(one) for one in MIDDLE)
        to_middle = ["mousemove", x, y]
        press = {"click": "1", "middle": "2", "right": "3"}
        if what in press:
            words = [*to_middle, "click", press[what]]
        elif what.startswith("key "):
            words = ["key", what.removeprefix("key ")]
        elif what == "double":
            words = [*to_middle, "click", "--repeat", "2", "--delay", "60", "1"]
        elif what == "wheel":
            words = [*to_middle, "keydown", "ctrl", "click", "4", "click", "5", "keyup", "ctrl"]
        elif what == "drag":
            words = [
                *to_middle,
                "mousedown",
                "1",
                "sleep",
                "0.1",
                *self.way(MIDDLE, (MIDDLE[0] + 200, MIDDLE[1] + 90)),
                "mouseup",
                "1",
            ]
        elif what == "clip":
            self.clip()
            return
        elif what.startswith("drop "):
            self.drop(what.removeprefix("drop "))
            return
        else:
            modifier, button = what.split("+")
            words = [*to_middle, "keydown", modifier, "click", button, "keyup", modifier]
        self.screen.tool("xdotool", *words)

    @staticmethod
    def way(start: tuple[int, int], end: tuple[int, int], steps: int = 8) -> list[str]:
        """Give the moves from one place to another, as a hand makes them."""
        words: list[str] = []
        for step in range(1, steps + 1):
            x, y = (round(one + (other - one) * step / steps) for one, other in zip(start, end, strict=True))
            words += ["mousemove", str(x), str(y), "sleep", "0.04"]
        return words

    def clip(self) -> None:
        """Let another program hold something in the clipboard, and click."""
        words = [sys.executable, str(ROOT / "tests" / "kiosk" / "drag_source.py"), "clip", "of another program"]
        source = subprocess.Popen(words, env={**os.environ, "DISPLAY": self.screen.display})
        try:
            time.sleep(1.5)
            self.screen.tool("xdotool", "mousemove", *(str(one) for one in MIDDLE), "click", "1")
            time.sleep(1.2)
        finally:
            source.terminate()
            source.wait(5)

    def drop(self, kind: str) -> None:
        """Drag something out of another window, and let it fall on this one."""
        secret = self.folder / "secret.txt"
        secret.write_text("the crown jewels")
        value = {"file": secret.as_uri(), "text": "dropped", "link": f"http://127.0.0.1:{self.far.server_port}/dropped"}[kind]
        source = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "kiosk" / "drag_source.py"), kind, value],
            env={**os.environ, "DISPLAY": self.screen.display},
        )
        try:
            before = self.windows()
            wait_for(lambda: self.windows() - before, 3)
            start = (60, 360)
            self.screen.tool(
                "xdotool",
                "mousemove",
                "60",
                "360",
                "mousedown",
                "1",
                "sleep",
                "0.1",
                *self.way(start, MIDDLE, 14),
                "sleep",
                "0.3",
                "mouseup",
                "1",
            )
            time.sleep(0.8)
        finally:
            source.terminate()
            source.wait(5)

    def tidy(self, windows: set[str]) -> None:
        """Close what opened, so that the next try begins where this one did."""


class OnKiosk(Assault):
    """The kiosk must come back by itself."""

    is_kiosk = True

    @contextmanager
    def running(self) -> Iterator["OnKiosk"]:
        """Open the kiosk and begin a visit."""
        program = Program(self.site, env=self.env, backend=self.backend, idle_seconds=900, limit_breaks=10_000)
        self.lines = program.errors
        try:
            assert program.told(f"window: {self.backend}"), program.errors
            assert wait_for(self.screen.rests, 60), program.errors
            self.screen.touch(*MIDDLE)
            assert self.polls(15), program.errors
            yield self
            assert program.process.poll() is None, program.errors
        finally:
            program.end()

    def tidy(self, windows: set[str]) -> None:
        """Wait until it has come back: nobody helps it."""
        if not self.polls(12):
            self.screen.touch(*MIDDLE)  # it rests on its first screen
            assert self.polls(12), self.lines[-5:]


class OnPlain(Assault):
    """The control has to be helped back."""

    debug = False
    patience = 3.0

    @contextmanager
    def running(self) -> Iterator["OnPlain"]:
        """Open the plain window."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def start(self) -> None:
        """Start it and wait for its page."""
        script = str(ROOT / "tests" / "kiosk" / "plain_window.py")
        self.process = subprocess.Popen(
            [sys.executable, script, self.backend, str(self.site), str(self.next), *(["debug"] if self.debug else [])],
            env={**os.environ, **self.env},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        assert self.polls(30), self.lines

    def read(self) -> None:
        """Keep what it says."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        self.reader.join(5)
        assert self.process.stderr is not None
        self.process.stderr.close()

    def tidy(self, windows: set[str]) -> None:
        """Close dialogs and menus, come home, and as the last resort begin anew."""
        for _ in range(3):
            if not self.windows() - windows:
                break
            self.screen.tool("xdotool", "key", "Escape")
            time.sleep(0.15)
        if self.windows() - windows or not self.polls(0.6) or "Plain" not in self.geometry() + "Plain":
            (self.folder / "go-home").write_text(str(self.number))
            if not self.polls(3) or self.windows() - windows:
                self.stop()
                self.start()
