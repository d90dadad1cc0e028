"""What is missing on this machine for a kiosk, each with the one line that cures it."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.window import DISPLAY_CURE, GTK_CURE, Probe

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


@dataclass(frozen=True)
class Machine:
    """How the machine is asked; tests put their own answers in."""

    probe: Probe = field(default_factory=Probe)
    has_program: Callable[[str], bool] = _has_program
    font_families: Callable[[], str | None] = _font_families
    user: Callable[[], int] = os.geteuid


def findings(machine: Machine | None = None) -> list[Finding]:
    """Everything that is missing here, in the order in which to cure it; an empty list when nothing is."""
    asked = machine or Machine()
    checks = (_user, _backend, _screen, _manager, _fonts, _speech)
    return [finding for check in checks if (finding := check(asked))]


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
