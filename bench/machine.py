"""What a figure was measured on, and what is missing here to measure it."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

MACHINE = 3
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PROGRAMS = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool"}
"""What the kiosk's window needs to be measured, and the Debian package of each."""
PACKAGES = ("helpstand", "mkdocs", "mkdocs-material", "pywebview", "playwright", "starlette", "uvicorn")


class BenchError(click.ClickException):
    """The machine, not the user, stands in the way; the text says what to do."""

    exit_code = MACHINE

    def __init__(self, message: str) -> None:
        super().__init__(message)

    def show(self, file: object = None) -> None:  # noqa: ARG002, click's signature
        """Print the message as it is."""
        click.echo(self.message, err=True)


def chromium(found: Callable[[str], str | None] = shutil.which) -> str | None:
    """Return the program of the browser, or None."""
    return next((path for name in BROWSERS if (path := found(name))), None)


def has_gtk() -> bool:
    """Whether the kiosk's window can be shown with GTK."""
    from kiosk.window import Probe  # noqa: PLC0415, so that the rest of the bench needs no window

    return Probe().has_gtk()


def has_playwright() -> bool:
    """Whether the browser can be driven."""
    return importlib.util.find_spec("playwright") is not None


def missing(
    found: Callable[[str], str | None] = shutil.which,
    gtk: Callable[[], bool] = has_gtk,
    playwright: Callable[[], bool] = has_playwright,
) -> str:
    """Say what has to be installed before pages can be measured, and how; an empty text when nothing is missing."""
    wanted = {name: package for name, package in PROGRAMS.items() if found(name) is None}
    if chromium(found) is None:
        wanted["Chromium"] = "chromium"
    if not gtk():
        wanted["GTK with WebKitGTK"] = "python3-gi gir1.2-webkit2-4.1"
    lines = []
    if wanted:
        names, packages = ", ".join(wanted), " ".join(wanted.values())
        lines.append(f"not installed: {names}. On Debian: apt-get install -y --no-install-recommends {packages}")
    if not playwright():
        lines.append("not installed: playwright (Python). It comes with the tools of the tests: ./helpstand test --fast")
    return "\n".join(lines)


def machine() -> dict[str, str | int | float]:
    """Return what this machine is, and how busy it is now; not whose it is."""
    return {
        "system": _system(),
        "processor": _line("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": os.cpu_count() or 0,
        "memory_mib": int((_line("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) // 1024,
        "load": round(os.getloadavg()[0], 2),
    }


def versions(names: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Return the versions of what takes part."""
    known = {"python": platform.python_version()}
    for name in names:
        try:
            known[name] = version(name)
        except PackageNotFoundError:
            continue
    return known


def webkit_version() -> str:
    """Return the version of the window's engine."""
    import gi  # noqa: PLC0415, only a machine that has a window needs it

    gi.require_version("WebKit2", "4.1")
    from gi.repository import WebKit2  # noqa: PLC0415

    return f"{WebKit2.get_major_version()}.{WebKit2.get_minor_version()}.{WebKit2.get_micro_version()}"


def _system() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except OSError:
        return platform.system()


def _line(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
