"""What the GTK window decides by the machine that it stands on."""

from pathlib import Path

import pytest

from kiosk.window import Probe

# PyGObject warns about itself when it is imported.
pytestmark = [pytest.mark.filterwarnings("ignore::ImportWarning"), pytest.mark.filterwarnings("ignore::DeprecationWarning")]


def test_a_graphics_card_is_one_that_this_user_may_draw_with(tmp_path: Path) -> None:
    """A screen's own node is none, nor is a folder that is not there."""
    if not Probe().has_gtk():
        pytest.skip("GTK is not installed")
    from kiosk.window.gtk import has_graphics_card

    assert not has_graphics_card(tmp_path / "absent")
    (tmp_path / "card0").touch()
    assert not has_graphics_card(tmp_path)
    (tmp_path / "renderD128").touch()
    assert has_graphics_card(tmp_path)
