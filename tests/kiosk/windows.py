"""A screen of its own with a real kiosk window on it, and what can be seen of both."""

import os
import re
import subprocess
import time
from pathlib import Path

from .conftest import Program, make_site, wait_for

NEEDED = ("Xvfb", "openbox", "xdotool", "import", "identify")
WIDTH, HEIGHT = 1080, 1920
SLOW = {"limit_page": 60.0, "limit_loading": 120.0, "limit_patience": 120.0, "limit_loop": 60.0, "limit_breaks": 99}
"""Limits under which a slow machine is no breakdown: the ladder has tests of its own."""


class Screen:
    """A screen of its own, with a window manager."""

    def __init__(self) -> None:
        """Start both on a free display."""
        reader, writer = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"],
            pass_fds=[writer],
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        with os.fdopen(reader) as pipe:
            self.display = f":{pipe.readline().strip()}"
        self.env = {**os.environ, "DISPLAY": self.display}
        self.manager = subprocess.Popen(["openbox"], env=self.env, stderr=subprocess.DEVNULL)

    def close(self) -> None:
        """End both."""
        for process in (self.manager, self.server):
            process.terminate()
            process.wait(10)

    def tool(self, *words: str) -> str:
        """Run a program on this screen."""
        return subprocess.run(words, env=self.env, capture_output=True, text=True, timeout=20, check=False).stdout

    def touch(self, x: int, y: int) -> None:
        """Press and release there."""
        self.tool("xdotool", "mousemove", str(x), str(y), "click", "1")

    def colours(self) -> int:
        """How many colours the screen shows."""
        return int(self.tool("import", "-window", "root", "-format", "%k", "info:") or 0)

    def picture(self) -> bytes:
        """Take a small grey picture of the screen, in which a mouse pointer or a focus ring hardly counts."""
        words = ["import", "-window", "root", "-resize", "54x96!", "-colorspace", "Gray", "-depth", "8", "gray:-"]
        return subprocess.run(words, env=self.env, capture_output=True, timeout=20, check=False).stdout

    def shows(self, picture: bytes) -> bool:
        """Whether the screen looks like that picture."""
        now = self.picture()
        far = sum(abs(one - other) for one, other in zip(now, picture, strict=True))
        return far / len(picture) < 1.0

    def is_still(self) -> bool:
        """Whether a page is drawn, and nothing on the screen moves any more."""
        before = self.picture()
        time.sleep(0.5)
        return self.colours() > 50 and self.picture() == before

    def rests(self) -> bool:
        """Whether the kiosk's window is there too."""
        return self.is_still() and "Geometry" in self.found()

    def found(self) -> str:
        """Give what is known of the kiosk's window."""
        return self.tool("xdotool", "search", "--onlyvisible", "--name", "Tiny Shop", "getwindowgeometry")

    def geometry(self) -> str:
        """Position and size of the window."""
        found = self.found()
        position, size = re.search(r"Position: (\S+)", found), re.search(r"Geometry: (\S+)", found)
        return f"{size[1]} at {position[1]}" if size and position else found


def site_with(folder: Path, script: str, query: str = "") -> Path:
    """Make a site whose English home runs that script."""
    site = make_site(folder / "site")
    (site / "assets" / "home.js").write_text(script)
    home = site / "en" / "index.html"
    tag = f'<script type="module" src="../assets/home.js{query}"></script></head>'
    home.write_text(home.read_text().replace("</head>", tag))
    return site


class Opener:
    """Starts the kiosk's window and waits until its first screen is there."""

    def __init__(self, screen: Screen, site: Path, backend: str) -> None:
        """Nothing runs yet."""
        self.screen, self.site, self.backend = screen, site, backend
        self.programs: list[Program] = []

    def __call__(self, site: Path | None = None, *, supervised: bool = False, rested: bool = True, **settings: object) -> Program:
        """Open one; `rested` waits until nothing on the screen moves any more."""
        # Chromium refuses to run as root with its sandbox, and tests in containers often are root.
        env = {"DISPLAY": self.screen.display, **({"QTWEBENGINE_DISABLE_SANDBOX": "1"} if os.geteuid() == 0 else {})}
        program = Program(site or self.site, env=env, supervised=supervised, backend=self.backend, **{**SLOW, **settings})
        self.programs.append(program)
        assert program.told(f"window: {self.backend} (it was asked for)"), program.errors
        assert not rested or wait_for(self.screen.rests, 30), program.errors
        return program


def renderers(pid: int) -> list[int]:
    """Find the processes that draw this kiosk's pages, however deep below it they were started."""
    parents, engines, drawing = {}, set(), []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            words = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        child = int(stat.parent.name)
        parents[child] = int(parent)
        if state != "Z" and b"WebKitWebProcess" in words:
            drawing.append(child)
        if state != "Z" and b"QtWebEngineProcess" in words:
            engines.add(child)
    # Chromium's renderers are copies of a process that waits for that; only their place tells them apart.
    drawing += [child for child in engines if parents[child] in engines]

    def is_below(child: int) -> bool:
        while child not in (0, 1, pid):
            child = parents.get(child, 0)
        return child == pid

    return sorted(filter(is_below, drawing))


def asked(program: Program, start: str) -> list[str]:
    """Everything that pages said with that first word."""
    lines = [line.removeprefix("asked: ").strip() for line in program.errors if line.startswith("asked: ")]
    return [line.removeprefix(f"{start} ") for line in lines if line.startswith(f"{start} ")]
