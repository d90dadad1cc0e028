"""The reminder of a guide: made in the page, without any server, and the same event as on the kiosk."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.pages import PageFacts, read_page
from kiosk.reminder import event

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from bench.surfaces import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DAYS = [date(2026, 11, 30), date(2027, 1, 31), date(2028, 2, 29), date(2027, 12, 31), date(2026, 3, 29), date(2099, 10, 25)]
WORK = [(1, "day"), (10, "day"), (2, "week"), (1, "month"), (3, "month"), (18, "month"), (1, "year"), (4, "year")]
TITLES = ["Remove limescale, carefully; \\ twice", "Entkalken – " + "ä" * 90, "إزالة الكلس " * 12, "🫖" * 40]
MAKE = """async ([root, cases]) => {
  const { calendar } = await import(root + "/assets/js/reminder.js")
  return cases.map(({ page, today }) => calendar(page, today))
}"""


def test_the_file_is_the_event_of_the_kiosk(browser: Browser, demo_served: Served) -> None:
    """Byte for byte, for each kind of interval, at the ends of months, in leap years, in every script."""
    cases: list[dict[str, Any]] = []
    wanted = []
    for number, day in enumerate(DAYS):
        for count, unit in WORK:
            title = TITLES[number % len(TITLES)]
            facts = PageFacts(title, "https://h.example/en/a.html" if number % 2 else "", (count, unit), "kettle/descale, again")
            wanted.append(event(facts, day))
            page = {"guide": facts.guide, "title": title, "address": facts.address, "every": f"{count} {unit}{'s' * (count > 1)}"}
            cases.append({"page": page, "today": [day.year, day.month, day.day]})
    hours = {"page": {"guide": "a", "title": "a", "address": "", "every": "200 h"}, "today": [2026, 1, 1]}
    tab = browser.new_page()
    tab.goto(f"{demo_served.web}/en/kettle/descale.html")
    found = tab.evaluate(MAKE, [demo_served.web, [*cases, hours]])
    tab.close()
    assert found == [*wanted, None]


def test_a_guide_gives_its_reminder_with_the_network_out(browser: Browser, demo_served: Served, demo_searched: Path) -> None:
    """One press saves the file, and says its name; nothing is asked of any server."""
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.clock.install(time="2026-11-22T10:00:00")
    page.goto(f"{demo_served.web}/en/kettle/descale.html")
    button = page.locator("[data-remind] button")
    button.wait_for()
    context.set_offline(True)
    with page.expect_download() as saved:
        button.click()
    assert saved.value.suggested_filename == "descale.ics"
    facts = read_page(demo_searched / "site", "/en/kettle/descale.html")
    assert facts is not None
    assert saved.value.path().read_bytes().decode() == event(facts, date(2026, 11, 22))
    assert "descale.ics" in page.locator("[data-remind] [role=status]").inner_text()
    context.close()
