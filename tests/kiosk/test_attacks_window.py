"""Every way out of the window: tried in a plain pywebview window, where it works, and in the kiosk, where nothing must."""

from collections import Counter
from pathlib import Path

import pytest

from kiosk.window import Probe

from .assault import OnKiosk, OnPlain
from .attacks import ATTACKS, Attack
from .windows import Screen

SAMPLE = [attack for number, attack in enumerate(ATTACKS) if number % 6 == 0]
pytestmark = [pytest.mark.window, pytest.mark.slow]


@pytest.fixture(params=["gtk", "qt"])
def backend(request: pytest.FixtureRequest) -> str:
    """Give each backend that is installed."""
    name = str(request.param)
    if not {"gtk": Probe().has_gtk, "qt": Probe().has_qt}[name]():
        pytest.skip(f"the backend {name} is not installed")
    return name


def on_kiosk(screen: Screen, folder: Path, backend: str, attacks: list[Attack]) -> dict[str, str]:
    """Try them in the kiosk; give what worked, and by what."""
    assault = OnKiosk(screen, folder, backend, attacks)
    try:
        with assault.running():
            found = {attack.id: what for attack in attacks if (what := assault.worked(attack))}
            # What a slow machine brings late is found here, without the name of the attack that did it.
            return found | {f"late {what}": "seen" for what in assault.traces()}
    finally:
        assault.close()


def on_plain(screen: Screen, folder: Path, backend: str, attacks: list[Attack], *, debug: bool = False) -> dict[str, str]:
    """Try them in the control; give what worked, and by what."""
    assault = OnPlain(screen, folder, backend, attacks)
    assault.debug = debug
    try:
        with assault.running():
            # A second try: on a busy machine an effect may come after the time that it is given.
            return {attack.id: what for attack in attacks if (what := assault.worked(attack) or assault.worked(attack))}
    finally:
        assault.close()


def controls(screen: Screen, folder: Path, backend: str, attacks: list[Attack]) -> dict[str, str]:
    """Try each in the control that it needs."""
    found = on_plain(screen, folder / "plain", backend, [one for one in attacks if not one.debug])
    debug = [one for one in attacks if one.debug]
    return found | (on_plain(screen, folder / "debug", backend, debug, debug=True) if debug else {})


def test_there_are_enough_of_them() -> None:
    """Sixty and more with a control on each backend, three or more for each way, at most fifteen keys, each with its own name."""
    assert len({attack.id for attack in ATTACKS}) == len(ATTACKS)
    for backend in ("gtk", "qt"):
        assert len([attack for attack in ATTACKS if backend in attack.on]) >= 60
    ways = Counter(attack.way for attack in ATTACKS)
    assert ways["keys"] <= 15
    assert min(ways.values()) >= 3, ways


@pytest.mark.long
def test_a_sample_of_attacks_is_blocked(screen: Screen, tmp_path: Path) -> None:
    """One in six, on the backend that is the default: the whole set is long."""
    if not Probe().has_gtk():
        pytest.skip("the backend gtk is not installed")
    assert on_kiosk(screen, tmp_path, "gtk", SAMPLE) == {}


@pytest.mark.long
def test_every_attack_is_blocked(screen: Screen, tmp_path: Path, backend: str) -> None:
    """All of them, one after the other, in one window that must still be there at the end."""
    assert on_kiosk(screen, tmp_path, backend, ATTACKS) == {}


@pytest.mark.long
def test_every_attack_works_in_a_plain_window(screen: Screen, tmp_path: Path, backend: str) -> None:
    """Else its being blocked would prove nothing."""
    tried = [attack for attack in ATTACKS if backend in attack.on]
    found = controls(screen, tmp_path, backend, tried)
    assert {attack.id for attack in tried} - {one for one, what in found.items() if not what.startswith("never")} == set()
