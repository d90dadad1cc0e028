"""What a window decides by the machine that it stands on."""

from pathlib import Path

from kiosk.window.settings import has_graphics_card


def test_a_graphics_card_is_one_that_this_user_may_draw_with(tmp_path: Path) -> None:
    """A screen's own node is none, nor is a folder that is not there."""
    assert not has_graphics_card(tmp_path / "absent")
    (tmp_path / "card0").touch()
    assert not has_graphics_card(tmp_path)
    (tmp_path / "renderD128").touch()
    assert has_graphics_card(tmp_path)
