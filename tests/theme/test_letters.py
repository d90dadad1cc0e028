"""Letters that come late: on the web no line moves for them, on the kiosk they come all the same."""

from __future__ import annotations

import re
from pathlib import Path

THEME = Path(__file__).resolve().parents[2] / "theme"
_FACE = re.compile(r"@font-face \{(?P<face>.*?)\}", re.DOTALL)


def faces(path: str) -> list[str]:
    """Return the rules of a sheet that fetch the Latin letters."""
    found = [rule["face"] for rule in _FACE.finditer((THEME / path).read_text(encoding="utf-8"))]
    return [face for face in found if "atkinson-latin.woff2" in face]


def test_a_web_page_keeps_the_letters_that_it_began_with() -> None:
    """They are asked for at once, and used only when they are there for the first picture."""
    (face,) = faces("site/assets/css/tokens.css")
    assert "font-display: optional" in face
    assert 'rel="preload"' in (THEME / "site/base.html").read_text(encoding="utf-8")


def test_the_kiosk_always_gets_its_letters() -> None:
    """Its own rule stands after the site's, and has the same letters."""
    (web,), (kiosk,) = faces("site/assets/css/tokens.css"), faces("shell/shell.css")
    assert "font-display: swap" in kiosk
    assert re.findall("unicode-range: (.*?);", web) == re.findall("unicode-range: (.*?);", kiosk)
    for page in ("attract.html", "notice.html"):
        html = (THEME / "shell" / page).read_text(encoding="utf-8")
        assert html.index("tokens.css") < html.index("shell.css")
