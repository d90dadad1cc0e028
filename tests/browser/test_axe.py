"""axe-core finds nothing on any kind of page, on web and kiosk, in every theme and both directions; text has 7:1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from bench.surfaces import SURFACES, THEMES, Served, Surface, screen, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"]},
    # Text of 7:1, large text of 4.5:1: beyond AA, and what the design promises.
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}
DIRECTIONS = {"en": "ltr", "ar": "rtl"}
PHONE, PORTRAIT = SURFACES[0], SURFACES[3]
SAMPLE = {("phone", "light", "en"), ("kiosk-portrait", "contrast", "ar"), ("phone", "dark", "ar")}
"""Run each time; `test --all` runs every combination on every surface."""


def combinations() -> Iterator[pytest.ParameterSet]:
    """Yield each surface, theme and direction; those outside of the sample are long."""
    for surface in SURFACES:
        for theme in THEMES:
            for lang, direction in DIRECTIONS.items():
                marks = [] if (surface.name, theme, lang) in SAMPLE else [pytest.mark.long]
                yield pytest.param(surface, theme, lang, marks=marks, id=f"{surface.name}-{theme}-{direction}")


@pytest.mark.parametrize(("surface", "theme", "lang"), list(combinations()))
def test_axe_finds_nothing(browser: Browser, demo_served: Served, surface: Surface, theme: str, lang: str) -> None:
    """Every kind of page, as a reader with that theme sees it."""
    found = []
    with screen(browser, surface, theme) as context:
        page = context.new_page()
        for kind in surface.kinds():
            page.goto(demo_served.address(surface, kind, lang))
            settle(page)
            assert page.evaluate("document.documentElement.dir || 'ltr'") == (DIRECTIONS[lang] if kind != "language" else "ltr")
            violations = Axe().run(page, options=OPTIONS).response["violations"]
            found += [f"{kind}: {one['id']}: {node['html'][:120]}" for one in violations for node in one["nodes"]]
    assert found == []


def test_axe_would_find_it(browser: Browser, demo_served: Served) -> None:
    """A pale word, a picture without words and a nameless button are found: the test above can fail."""
    bad = '<p style="color:#666;background:#fff">pale</p><img src="/none.png"><button></button>'
    with screen(browser, PHONE, "light", bypass_csp=True) as context:
        page = context.new_page()
        page.goto(demo_served.address(PHONE, "guide", "en"))
        page.evaluate("(html) => document.querySelector('main').insertAdjacentHTML('beforeend', html)", bad)
        ids = {one["id"] for one in Axe().run(page, options=OPTIONS).response["violations"]}
    assert {"color-contrast-enhanced", "image-alt", "button-name"} <= ids, ids
