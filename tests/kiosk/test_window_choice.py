"""Which backend is taken, why, and what cures its absence; and the doctor that asks the same questions."""

from collections.abc import Callable

import pytest

from kiosk.doctor import Machine, findings
from kiosk.window import GTK_CURE, QT_CURE, Probe, choose
from kiosk.window.backoff import Backoff

from .conftest import FakeClock


def probe(*, gtk: bool = True, qt: bool = False, display: str | None = ":0", answers: bool = True, **env: str) -> Probe:
    """Make a machine up."""
    values = {**({"DISPLAY": display} if display else {}), **env}
    return Probe(values, "linux", lambda: gtk, lambda: qt, lambda _name: answers)


@pytest.mark.parametrize(
    ("wanted", "machine", "backend", "why"),
    [
        ("auto", probe(), "gtk", "the default"),
        ("auto", probe(qt=True), "gtk", "the default"),
        ("auto", probe(gtk=False, qt=True), "qt", "GTK is not installed, Qt is"),
        ("auto", probe(gtk=False), "none", "neither GTK (WebKitGTK) nor Qt is installed"),
        ("auto", probe(display=None), "none", "there is no screen (DISPLAY and WAYLAND_DISPLAY are not set)"),
        ("auto", probe(answers=False), "none", "the screen :0 does not answer"),
        ("auto", probe(display=None, WAYLAND_DISPLAY="wayland-0"), "gtk", "the default"),
        ("gtk", probe(qt=True), "gtk", "it was asked for"),
        ("qt", probe(qt=True), "qt", "it was asked for"),
        ("qt", probe(), "none", "backend qt was asked for, but its parts are not installed"),
        ("qt", probe(qt=True, display=None, QT_QPA_PLATFORM="offscreen"), "qt", "it was asked for"),
        ("gtk", probe(gtk=False), "none", "backend gtk was asked for, but its parts are not installed"),
        ("none", probe(), "none", "no window was asked for (backend none)"),
    ],
)
def test_the_choice_and_its_reason(wanted: str, machine: Probe, backend: str, why: str) -> None:
    """Every case says why; every absence but the wanted one says how to cure it."""
    choice = choose(wanted, machine)
    assert (choice.backend, choice.why) == (backend, why)
    assert bool(choice.cure) == (backend == "none" and wanted != "none")


def test_the_cures_fit() -> None:
    """The line that installs what was missing."""
    assert choose("gtk", probe(gtk=False)).cure == GTK_CURE
    assert choose("auto", probe(gtk=False)).cure == GTK_CURE
    assert choose("qt", probe()).cure == QT_CURE
    assert "xvfb-run" in choose("auto", probe(display=None)).cure


def has(*names: str) -> Callable[[str], bool]:
    """Make up which programs are installed."""
    return lambda name: name in names


def test_a_whole_machine_has_no_findings() -> None:
    """The doctor is silent when all is there."""
    assert (
        findings(Machine(probe(), has("openbox", "espeak-ng", "aplay"), lambda: "Noto Sans\nDejaVu Sans\n", lambda: 1000)) == []
    )


def test_the_doctor_tells_everything_at_once_with_cures() -> None:
    """One line each, in the order in which to cure them."""
    bare = Machine(probe(gtk=False, display=None), has(), lambda: None, lambda: 0)
    told = [str(finding) for finding in findings(bare)]
    assert [line.split(". To cure it: ")[0] for line in told] == [
        "the kiosk runs as root",
        "no window backend is installed (WebKitGTK)",
        "there is no screen (DISPLAY and WAYLAND_DISPLAY are not set)",
        "no window manager is installed, so full screen and the keyboard's focus are not certain",
        "the Noto fonts are missing, so some languages show as boxes",
        "espeak-ng or a program that plays sound is missing, so the kiosk cannot read aloud",
    ]
    assert "apt-get install -y python3-gi gir1.2-webkit2-4.1" in told[1]
    assert "apt-get install -y matchbox-window-manager" in told[3]
    assert "apt-get install -y fonts-noto-core" in told[4]


def test_wayland_needs_no_window_manager() -> None:
    """The compositor is one."""
    machine = Machine(
        probe(display=None, WAYLAND_DISPLAY="wayland-0"), has("espeak-ng", "pacat"), lambda: "Noto Sans", lambda: 1000
    )
    assert findings(machine) == []


def test_breakdowns_are_mended_soon_at_first_and_calmly_when_they_repeat() -> None:
    """A page that breaks again and again does not make the kiosk spin."""
    clock = FakeClock()
    backoff = Backoff(first=0.2, most=2, calm=60, clock=clock)
    assert [round(backoff.wait(), 1) for _ in range(6)] == [0.2, 0.4, 0.8, 1.6, 2, 2]
    clock.now += 61
    assert backoff.wait() == 0.2
