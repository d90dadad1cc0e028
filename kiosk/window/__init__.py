"""The kiosk's window: which backend shows it, and what every backend promises."""

import importlib.util
import os
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kiosk.policy import Policy

GTK_CURE = "apt-get install -y python3-gi gir1.2-webkit2-4.1"
QT_CURE = "pip install --require-hashes -r requirements/qt.txt"
DISPLAY_CURE = "start it inside a graphical session, or: xvfb-run -a ./helpstand kiosk"


class WindowError(Exception):
    """The window cannot be shown; the text says why."""


@dataclass(frozen=True)
class WindowPlan:
    """What a window needs to know before it opens."""

    title: str
    policy: Policy
    fullscreen: bool
    home: Callable[[], str]
    """Where to go when a page broke down: asked at that moment, because the visit may have changed."""
    monitor: int = 0
    """Which of the screens, counted from 0 as the system counts them."""
    broke: Callable[[], None] = lambda: None
    """Told each time a renderer died or a page could not be loaded."""


class Window(Protocol):
    """What the kiosk asks of a backend."""

    name: str

    def run(self, url: str) -> None:
        """Show the window until it is closed; only in the main thread."""

    def wipe(self, url: str, seconds: float = 20.0) -> bool:
        """Remove everything of the visit, with a new renderer, and show url; whether that was seen to end in time."""

    def renew(self) -> None:
        """Throw the renderer of a page that hangs away, and load home with a new one; from any thread."""

    def ask(self, answer: Callable[[], None]) -> None:
        """Call back out of the window's loop, as soon as it comes round; from any thread."""

    @property
    def loading_since(self) -> float | None:
        """When the load that is under way began, on the monotonic clock; None when none is."""

    def close(self) -> None:
        """Close the window soon; may be called from any thread, more than once."""


def _has_gtk() -> bool:
    try:
        import gi  # noqa: PLC0415

        gi.require_version("Gtk", "3.0")
        gi.require_version("WebKit2", "4.1")
    except (ImportError, ValueError):
        return False
    return True


def _has_qt() -> bool:
    # PySide6 is not taken: with Python 3.11 it dies after some 1,600 calls into a page.
    return all(importlib.util.find_spec(name) is not None for name in ("qtpy", "PyQt6", "PyQt6.QtWebEngineCore"))


def _display_answers(name: str) -> bool:
    host, _, number = name.partition(":")
    if host not in ("", "unix"):
        return True
    path = f"/tmp/.X11-unix/X{number.partition('.')[0]}"  # noqa: S108 - the fixed place of X servers
    for address in (f"\0{path}", path):
        if address.startswith("/") and not Path(address).exists():
            continue
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(2)
            try:
                sock.connect(address)
            except OSError:
                continue
            return True
    return False


@dataclass(frozen=True)
class Probe:
    """How this machine is asked; tests put their own answers in."""

    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
    platform: str = sys.platform
    has_gtk: Callable[[], bool] = _has_gtk
    has_qt: Callable[[], bool] = _has_qt
    display_answers: Callable[[str], bool] = _display_answers

    def screen(self) -> str | None:
        """Say what is wrong with the screen, or None when there is one."""
        if self.platform != "linux" or self.env.get("WAYLAND_DISPLAY"):
            return None
        display = self.env.get("DISPLAY", "")
        if not display:
            return "there is no screen (DISPLAY and WAYLAND_DISPLAY are not set)"
        return None if self.display_answers(display) else f"the screen {display} does not answer"


@dataclass(frozen=True)
class Choice:
    """The backend that was taken ("none" when no window is possible), why, and what cures it."""

    backend: str
    why: str
    cure: str = ""


def choose(wanted: str, probe: Probe) -> Choice:  # noqa: PLR0911, one answer a line
    """Take the backend that was asked for, or the best one that this machine can show."""
    if wanted == "none":
        return Choice("none", "no window was asked for (backend none)")
    if no_screen := probe.screen():
        offscreen = wanted == "qt" and probe.env.get("QT_QPA_PLATFORM") == "offscreen"
        if not offscreen:
            return Choice("none", no_screen, DISPLAY_CURE)
    if probe.platform == "win32" and wanted in ("auto", "webview2"):
        return Choice("webview2", "experimental: nobody has run it in a shop")
    has: dict[str, Callable[[], bool]] = {"gtk": probe.has_gtk, "qt": probe.has_qt, "webview2": bool}
    cures = {"gtk": GTK_CURE, "qt": QT_CURE, "webview2": "use it on Windows, with the WebView2 runtime"}
    if wanted != "auto":
        if has[wanted]():
            return Choice(wanted, "it was asked for")
        return Choice("none", f"backend {wanted} was asked for, but its parts are not installed", cures[wanted])
    for name, why in (("gtk", "the default"), ("qt", "GTK is not installed, Qt is")):
        if has[name]():
            return Choice(name, why)
    return Choice("none", "neither GTK (WebKitGTK) nor Qt is installed", GTK_CURE)


def open_window(backend: str, plan: WindowPlan) -> Window:
    """Make the window of that backend ready to run; WindowError when it cannot be."""
    try:
        if backend == "webview2":
            from kiosk.window.webview2 import WebView2Window  # noqa: PLC0415 - exists on Windows only

            return WebView2Window(plan)
        if backend == "qt":
            from kiosk.window.qt import QtWindow  # noqa: PLC0415 - only the backend in use may be imported

            return QtWindow(plan)
        from kiosk.window.gtk import GtkWindow  # noqa: PLC0415

        return GtkWindow(plan)
    except (ImportError, ValueError, AttributeError) as error:
        raise WindowError(f"the {backend} window cannot be opened: {error}") from error
