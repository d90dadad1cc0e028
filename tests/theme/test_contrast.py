"""Every text can be read: the tokens of each theme stand at 7:1, controls and marks at 3:1."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guides.contrast import contrast

TOKENS = (Path(__file__).parents[2] / "theme/site/assets/css/tokens.css").read_text(encoding="utf-8")

TEXT = [
    (text, ground) for text in ("ink", "soft", "accent") for ground in ("paper", "card", "tint", "caution-tint", "danger-tint")
] + [
    ("on-accent", "accent"),
    ("on-danger", "danger"),
    ("caution", "caution-tint"),
    ("caution", "card"),
    ("danger", "danger-tint"),
    ("danger", "card"),
    ("danger", "paper"),
    ("caution-tint", "caution"),
    ("danger-tint", "danger"),
]
"""What stands on what, somewhere on a page."""


def blocks() -> dict[str, dict[str, str]]:
    """Return the colours of each theme, under the selector that sets them."""
    found = {}
    for selector, body in re.findall(r"(\S[^{}]*?)\s*\{([^{}]*--paper:[^{}]*)\}", TOKENS):
        found[selector.splitlines()[-1].strip()] = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", body))
    return found


THEMES = blocks()
LIGHT, AUTO_DARK, DARK = ":root", 'html:not([data-theme], [data-surface="kiosk"])', 'html[data-theme="dark"]'
AUTO_CONTRAST, HIGH = "html:not([data-theme])", 'html[data-theme="contrast"]'


def test_there_are_the_three_themes_and_their_twins() -> None:
    """Light, dark and high contrast; the device's wish gives the same colours as the reader's."""
    assert set(THEMES) == {LIGHT, AUTO_DARK, DARK, AUTO_CONTRAST, HIGH}
    assert THEMES[AUTO_DARK] == THEMES[DARK]
    assert THEMES[AUTO_CONTRAST] == THEMES[HIGH]
    assert THEMES[DARK].keys() == THEMES[HIGH].keys() == THEMES[LIGHT].keys()


@pytest.mark.parametrize("theme", [LIGHT, DARK, HIGH])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_at_seven_to_one(theme: str, text: str, ground: str) -> None:
    """Enough for a reader with tired eyes, a metre away."""
    colours = THEMES[theme]
    assert contrast(colours[text], colours[ground]) >= 7, (theme, text, ground)


@pytest.mark.parametrize("theme", [LIGHT, DARK, HIGH])
@pytest.mark.parametrize("ground", ["paper", "card"])
def test_edges_of_controls_stand_at_three_to_one(theme: str, ground: str) -> None:
    """A button is seen to be one."""
    assert contrast(THEMES[theme]["edge"], THEMES[theme][ground]) >= 3


def test_no_colour_stands_outside_the_tokens() -> None:
    """The other style sheets name tokens only, so that no theme forgets a place; white and black are for codes and paper."""
    for name in ("site.css", "search.css"):
        text = (Path(__file__).parents[2] / "theme/site/assets/css" / name).read_text(encoding="utf-8")
        bare = re.sub(r"var\([^)]*\)", "", text)
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", bare)) <= {"#ffffff", "#000000"}, name
