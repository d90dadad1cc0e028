"""The person page tells in a real browser whether the shop is open, by the shop's clock."""

from __future__ import annotations

import functools
import http.server
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from guides.settings import load_settings
from tests.engine.conftest import CONFIG, PRODUCT, built, guide
from tests.engine.test_person import STORE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOLIDAYS = 'holidays: [{date: "2026-11-23", hours: ["10:00-12:00"]}, {date: "2026-12-25", name: {en: Christmas Day}}]\n'


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Return the person page in a browser that stands in New York; its clock is set by the test."""
    site = tmp_path / "site"
    files = {
        "mkdocs.yml": CONFIG.replace("[en, de]", "[en]"),
        "content/products/lamp.yml": PRODUCT,
        "content/en/lamp/on.md": guide("Switch on"),
        "stores/city.yml": STORE + HOLIDAYS,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    built(load_settings(tmp_path / "mkdocs.yml"), site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    context = browser.new_context(base_url=address, timezone_id="America/New_York")
    yield context.new_page()
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def said(page: Page, now: str) -> tuple[str, list[str]]:
    """Return what the page says at a time, and the row that it marks."""
    page.clock.set_fixed_time(now)
    page.goto("/en/person.html")
    page.locator(".open-now:not([hidden])").wait_for()
    return page.locator(".open-now").inner_text(), page.locator(".hours [aria-current] dt").all_inner_texts()


def test_open_and_closed_by_the_clock_of_the_shop(page: Page) -> None:
    """Opens on the minute, closes on the minute, knows the break, the day off and the holiday."""
    for now, words, row in (
        ("2026-11-30T09:29:00+01:00", "Closed now. Opens Monday at 09:30", "Monday"),
        ("2026-11-30T09:30:00+01:00", "Open now", "Monday"),
        ("2026-11-30T13:00:00+01:00", "Closed now. Opens Monday at 14:00", "Monday"),
        ("2026-11-30T19:59:00+01:00", "Open now", "Monday"),
        ("2026-11-30T20:00:00+01:00", "Closed now. Opens Monday at 09:30", "Monday"),
        ("2026-12-01T10:00:00+01:00", "Closed now. Opens Monday at 09:30", "Tuesday"),
    ):
        assert said(page, now) == (words, [row]), now


def test_a_holiday_counts_and_is_forgotten_when_it_is_over(page: Page) -> None:
    """A special day's own hours hold on that day; the list keeps only days to come."""
    assert said(page, "2026-11-23T09:45:00+01:00")[0] == "Closed now. Opens Monday at 10:00"
    assert said(page, "2026-11-23T11:00:00+01:00")[0] == "Open now"
    page.locator(".holidays summary").click()
    assert page.locator(".holidays dt:visible").all_inner_texts() == ["23 November 2026", "25 December 2026\nChristmas Day"]
    said(page, "2026-11-24T11:00:00+01:00")
    page.locator(".holidays summary").click()
    assert page.locator(".holidays dt:visible").all_inner_texts() == ["25 December 2026\nChristmas Day"]
