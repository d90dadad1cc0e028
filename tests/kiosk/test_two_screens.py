"""Two kiosks on one X server with two outputs: each covers its own screen, and each has only its own touches and keys."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kiosk.install.screens import openbox

from .conftest import Program, wait_for
from .windows import HEIGHT, NEEDED, SLOW, WIDTH, Screen, asked, site_with

pytestmark = [pytest.mark.window, pytest.mark.slow, pytest.mark.long]

# Xvfb has one output, and GTK sees no screen without one, so that monitors made by `xrandr --setmonitor` do not help.
CARD = f"""
Section "ServerFlags"
  Option "AutoAddDevices" "false"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 65536
EndSection
Section "Monitor"
  Identifier "glass"
  HorizSync 5.0 - 1000.0
  VertRefresh 5.0 - 200.0
  Modeline "upright" 176.50 {WIDTH} 1168 1280 1480 {HEIGHT} 1923 1933 1989
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "glass"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "upright"
    Virtual {2 * WIDTH} {HEIGHT}
  EndSubSection
EndSection
"""

# Says each key that it gets.
KEYS = 'addEventListener("keydown", ({ key }) => fetch("/api/search?lang=en&q=" + encodeURIComponent("key " + key)), true)\n'


class TwoScreens(Screen):
    """An X server whose card has two upright outputs beside each other, under the window manager of an installation."""

    def __init__(self, folder: Path) -> None:
        """Start both on a free display."""
        (folder / "card.conf").write_text(CARD)
        (folder / "openbox.xml").write_text(openbox())
        reader, writer = os.pipe()
        files = ["-config", str(folder / "card.conf"), "-logfile", str(folder / "xorg.log")]
        self.server = subprocess.Popen(
            ["Xorg", "-displayfd", str(writer), *files, "-noreset", "-novtswitch", "-sharevts", "-nolisten", "tcp"],
            pass_fds=[writer],
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        with os.fdopen(reader) as pipe:
            self.display = f":{pipe.readline().strip()}"
        self.env = {**os.environ, "DISPLAY": self.display}
        assert wait_for(self._is_beside, 10), self.tool("xrandr")
        self.manager = subprocess.Popen(
            ["openbox", "--config-file", str(folder / "openbox.xml")], env=self.env, stderr=subprocess.DEVNULL
        )

    def _is_beside(self) -> bool:
        self.tool("xrandr", "--addmode", "DUMMY1", "upright")
        self.tool("xrandr", "--output", "DUMMY1", "--mode", "upright", "--right-of", "DUMMY0")
        return "Monitors: 2" in self.tool("xrandr", "--listmonitors")

    def half(self, place: int) -> bytes:
        """Take a small grey picture of one of the screens."""
        area = f"{WIDTH}x{HEIGHT}+{place * WIDTH}+0"
        words = ["import", "-window", "root", "-crop", area, "-resize", "54x96!", "-colorspace", "Gray", "-depth", "8", "gray:-"]
        return subprocess.run(words, env=self.env, capture_output=True, timeout=20, check=False).stdout

    def is_drawn(self, place: int) -> bool:
        """Whether something is to be seen there."""
        return len(set(self.half(place))) > 10

    def places(self) -> set[str]:
        """Size and place of every window of a kiosk."""
        found = self.tool("xdotool", "search", "--onlyvisible", "--name", "Tiny Shop").split()
        told = (self.tool("xdotool", "getwindowgeometry", "--shell", window) for window in found)
        given = [dict(line.split("=") for line in one.split()) for one in told]
        return {f"{one['WIDTH']}x{one['HEIGHT']} at {one['X']},{one['Y']}" for one in given}


@pytest.fixture(params=["gtk", "qt"])
def backend(request: pytest.FixtureRequest) -> str:
    """Run with each backend that this machine has."""
    name = str(request.param)
    pytest.importorskip("gi" if name == "gtk" else "PyQt6.QtWebEngineCore")
    return name


@pytest.fixture
def screens(tmp_path: Path) -> Iterator[TwoScreens]:
    """Put up an X server with two outputs."""
    missing = [name for name in (*NEEDED, "xrandr") if shutil.which(name) is None]
    if missing or shutil.which("Xorg") is None or os.geteuid() != 0:
        pytest.skip("needs root, xrandr, and an X server: apt-get install -y xserver-xorg-core xserver-xorg-video-dummy")
    found = TwoScreens(tmp_path)
    yield found
    found.close()


def test_each_kiosk_has_its_own_screen(screens: TwoScreens, backend: str, tmp_path: Path) -> None:
    """Window over window would hide one; a touch or key on one screen must not reach the other."""
    site = site_with(tmp_path, KEYS)
    env = {"DISPLAY": screens.display, "QTWEBENGINE_DISABLE_SANDBOX": "1"}
    with ExitStack() as ending:
        kiosks = []
        for monitor in (1, 2):
            kiosks.append(Program(site, env=env, **{**SLOW, "backend": backend, "monitor": monitor}))  # type: ignore[arg-type]
            ending.callback(kiosks[-1].end)
        for place, kiosk in enumerate(kiosks):
            assert kiosk.told(f"window: {backend} (it was asked for)"), kiosk.errors
            assert wait_for(lambda place=place: screens.is_drawn(place), 30), kiosk.errors  # type: ignore[misc]
            assert "is not connected" not in "".join(kiosk.errors)
        own = {f"{WIDTH}x{HEIGHT} at 0,0", f"{WIDTH}x{HEIGHT} at {WIDTH},0"}
        assert wait_for(lambda: screens.places() == own, 15), screens.places()
        for place, key in ((1, "5"), (0, "7")):
            before = [screens.half(0), screens.half(1)]
            screens.touch(place * WIDTH + WIDTH // 2, HEIGHT // 2)
            assert wait_for(lambda place=place, before=before: screens.half(place) != before[place], 15)  # type: ignore[misc]
            assert wait_for(lambda place=place, key=key: _hears(screens, kiosks[place], key), 15)  # type: ignore[misc]
            assert screens.half(1 - place) == before[1 - place]
        assert [sorted(set(asked(kiosk, "key"))) for kiosk in kiosks] == [["7"], ["5"]]


def _hears(screens: TwoScreens, kiosk: Program, key: str) -> bool:
    screens.tool("xdotool", "key", key)
    return wait_for(lambda: key in asked(kiosk, "key"), 1)
