"""What is missing on this machine for a kiosk, each with the one line that cures it."""

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.install.screens import SERVER
from kiosk.install.units import AGENT, APP
from kiosk.window import DISPLAY_CURE, GTK_CURE, Probe

_EACH = ("Type=notify", "Restart=always", "LimitCORE=0", "NoNewPrivileges=yes")
NEEDED_LINES = {
    "helpstand-kiosk": (*_EACH, "WatchdogSec=60", "PrivateNetwork=yes"),
    "helpstand-agent": _EACH,
    "helpstand-screens": (*_EACH, "PrivateNetwork=yes"),
}
"""By the beginning of a unit's name: each screen of a machine with several has its own app and agent."""
MANAGERS = ("matchbox-window-manager", "openbox", "cage", "labwc", "xfwm4", "mutter", "kwin_x11", "metacity", "i3")
SPEECH_CURE = "apt-get install -y espeak-ng alsa-utils"
FONTS_CURE = "apt-get install -y fonts-noto-core fonts-noto-cjk"
MANAGER_CURE = "apt-get install -y matchbox-window-manager"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as a kiosk in a shop needs it."""

    what: str
    cure: str

    def __str__(self) -> str:
        """Both, in one line."""
        return f"{self.what}. To cure it: {self.cure}"


def _has_program(name: str) -> bool:
    return shutil.which(name) is not None


def _font_families() -> str | None:
    try:
        asked = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, timeout=10, check=True)  # noqa: S607
    except (OSError, subprocess.SubprocessError):
        return None
    return asked.stdout


def _installed() -> Mapping[str, str]:
    """Read what an installation has put on this machine; nothing where there is none."""
    found = {}
    for path in sorted(Path("/etc/systemd/system").glob("helpstand-*.service")):
        with contextlib.suppress(OSError):
            found[path.name] = path.read_text(encoding="utf-8")
    return found


def _read(name: str) -> str:
    try:
        return Path(name).read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


@dataclass(frozen=True)
class Machine:
    """How the machine is asked; tests put their own answers in."""

    probe: Probe = field(default_factory=Probe)
    has_program: Callable[[str], bool] = _has_program
    font_families: Callable[[], str | None] = _font_families
    user: Callable[[], int] = os.geteuid
    installed: Callable[[], Mapping[str, str]] = _installed
    read: Callable[[str], str] = _read
    enabled: Callable[[str], bool] = lambda name: bool(list(Path("/etc/systemd/system").glob(f"*.wants/{name}")))


def findings(machine: Machine | None = None) -> list[Finding]:
    """Everything that is missing here, in the order in which to cure it; an empty list when nothing is."""
    asked = machine or Machine()
    checks = (_user, _backend, _screen, _manager, _fonts, _speech)
    found = [finding for check in checks if (finding := check(asked))]
    return [*found, *_installation(asked)]


def _installation(machine: Machine) -> Iterator[Finding]:
    """Look at the units, where there are some: on a writer's desk none are needed."""
    units = machine.installed()
    if not units:
        return
    again = "sudo ./helpstand kiosk --install, then systemctl daemon-reload"
    if APP in units and len(units.keys() - {APP, AGENT}) > 0:
        yield Finding(
            "units for one screen and units for several are both there, and would fight for the screen",
            f"systemctl disable --now {APP} {AGENT}, delete them from /etc/systemd/system, then systemctl daemon-reload",
        )
    for name in _expected(units):
        text = units.get(name, "")
        if not text:
            yield Finding(f"the unit {name} is missing", again)
            continue
        kind = "-".join(name.removesuffix(".service").split("-")[:2])
        missing = [line for line in NEEDED_LINES[kind] if line not in text.splitlines()]
        if missing:
            yield Finding(f"the unit {name} lacks {', '.join(missing)}", again)
        if re.search(r"^User=(root|0)?$", text, re.MULTILINE) or "\nUser=" not in text:
            yield Finding(f"the unit {name} runs as root", "sudo ./helpstand kiosk --install --user kiosk")
        if not machine.enabled(name):
            yield Finding(f"the unit {name} does not start with the machine", f"systemctl enable {name}")
    if len(machine.read("/proc/swaps").splitlines()) > 1:
        yield Finding(
            "swap is on, so what a visitor types could reach the disk", "swapoff --all, and take swap out of /etc/fstab"
        )
    pattern = machine.read("/proc/sys/kernel/core_pattern").strip()
    if pattern.startswith("|") and "systemd-coredump" not in pattern:
        yield Finding(f"core dumps go to {pattern.split()[0][1:]}", "sysctl -w kernel.core_pattern=core")


def _expected(units: Mapping[str, str]) -> list[str]:
    """Give the units that must be there, seen from those that are: app and agent in pairs, and the server of several screens."""
    several = {name for name in units if name not in (APP, AGENT, SERVER)}
    pairs = {name.replace(one, other) for name in several for one, other in _PAIR}
    expected = sorted(several | pairs) + ([SERVER] if several or SERVER in units else [])
    return [APP, AGENT, *expected] if APP in units or AGENT in units or not expected else expected


_PAIR = (("helpstand-kiosk", "helpstand-agent"), ("helpstand-agent", "helpstand-kiosk"))


def _user(machine: Machine) -> Finding | None:
    if machine.user() != 0:
        return None
    return Finding("the kiosk runs as root", "useradd --create-home kiosk, and start it as that user")


def _backend(machine: Machine) -> Finding | None:
    if machine.probe.has_gtk() or machine.probe.has_qt():
        return None
    return Finding("no window backend is installed (WebKitGTK)", GTK_CURE)


def _screen(machine: Machine) -> Finding | None:
    wrong = machine.probe.screen()
    return Finding(wrong, DISPLAY_CURE) if wrong else None


def _manager(machine: Machine) -> Finding | None:
    # Under Wayland the compositor is the window manager.
    is_x11 = machine.probe.platform == "linux" and not machine.probe.env.get("WAYLAND_DISPLAY")
    if not is_x11 or any(machine.has_program(name) for name in MANAGERS):
        return None
    return Finding("no window manager is installed, so full screen and the keyboard's focus are not certain", MANAGER_CURE)


def _fonts(machine: Machine) -> Finding | None:
    families = machine.font_families()
    if families is not None and "Noto Sans" in families:
        return None
    return Finding("the Noto fonts are missing, so some languages show as boxes", FONTS_CURE)


def _speech(machine: Machine) -> Finding | None:
    if machine.has_program("espeak-ng") and (machine.has_program("aplay") or machine.has_program("pacat")):
        return None
    return Finding("espeak-ng or a program that plays sound is missing, so the kiosk cannot read aloud", SPEECH_CURE)
