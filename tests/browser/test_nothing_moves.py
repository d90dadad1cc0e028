"""Nothing that a reader looks at jumps away when scripts and letters come late, as they do on a slow line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from bench.phone import SCREEN, WATCH
from bench.surfaces import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LATE_S = 0.4
PAGES = ("menu", "search", "espresso/no-coffee", "kettle/descale", "index", "products/lamp/compare")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page of a phone's size to which every script comes late."""

    def late(route: Route) -> None:
        time.sleep(LATE_S)
        route.continue_()

    context = browser.new_context(viewport=SCREEN, has_touch=True)  # type: ignore[arg-type]
    found = context.new_page()
    found.add_init_script(WATCH)
    found.route("**/*.js", late)
    yield found
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves_when_the_scripts_come_late(page: Page, demo_served: Served, name: str) -> None:
    """The room of what a script adds is there before it."""
    page.goto(f"{demo_served.web}/en/{name}.html", wait_until="networkidle")
    seen = page.evaluate("benchSeen")
    assert seen["largest"] > 0
    assert (seen["shift"], seen["moved"]) == (0, [])
