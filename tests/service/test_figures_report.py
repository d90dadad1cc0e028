"""The page of figures, its charts and its exports tell the same numbers, and none of so few that they could be known."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from service.desk.app import Parts, create_app
from service.desk.charts import Point, chart, round_top
from service.desk.figures import Report, as_csv, as_json, csv_of, minutes_of, report_of, slice_of, span
from service.desk.keyring import Keyring
from service.desk.manager import charts_of
from service.desk.project import ALONE, Project
from service.desk.server import Running
from service.messages import Count, Counter, Counts
from service.store import Store, open_store
from service.store.figures import Slice
from service.store.ingest import Post, Read, take
from tests.service.conftest import NOW
from tests.service.desk_demo import PASSWORD, fill
from tests.service.figures_demo import count, tell_of_cases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FIRST, LAST = date(2026, 11, 16), date(2026, 11, 22)
AT = int(NOW.timestamp() * 1000)


def counted(store: Store, *lines: tuple[str, int, str, str]) -> None:
    """Let pages be read: day, how often, product, store."""
    for number, (day, n, product, shop) in enumerate(lines, 1):
        line = Count(day=date.fromisoformat(day), name=Counter.PAGE_VIEWS, n=n, product=product, stage="use", language="en")
        read = Read(number, "counts", str(number), "", Counts(lines=(line,)))
        with store.write() as connection:
            take(connection, [Post(f"{shop}-1", shop, "e", [read])], AT)


def report(store: Store, wanted: Slice | None = None, project: Project = ALONE) -> Report:
    """Return the report of a week."""
    return report_of(store, project, FIRST, LAST, wanted or Slice(), AT)


def test_a_week_by_hand(store: Store) -> None:
    """Seven days in order, the empty ones too; parts add up to the whole; a part alone is its own whole."""
    counted(
        store,
        ("2026-11-16", 30, "kettle", "city"),
        ("2026-11-18", 20, "lamp", "city"),
        ("2026-11-18", 15, "kettle", "harbour"),
        ("2026-11-23", 99, "kettle", "city"),
    )
    found = report(store)
    assert [part.totals["page-views"] for part in found.series] == [30, 0, 35, 0, 0, 0, 0]
    assert [(part.name, part.totals["page-views"]) for part in found.by["product"]] == [("kettle", 45), ("lamp", 20)]
    assert [(part.name, part.totals["page-views"]) for part in found.by["kiosk"]] == [("city-1", 50), ("harbour-1", 15)]
    assert found.totals["page-views"] == 65
    assert report(store, Slice(product="kettle", store="city")).totals["page-views"] == 30
    assert found.choices["product"] == ["kettle", "lamp"]


def test_few_are_told_nowhere(store: Store) -> None:
    """Neither on the chart nor in a table nor in an export, and not by what is left of the whole."""
    counted(store, ("2026-11-16", 7, "kettle", "city"), ("2026-11-17", 40, "lamp", "city"), ("2026-11-18", 12, "washer", "city"))
    found = report(store)
    assert [part.totals["page-views"] for part in found.series] == [None, 40, None, 0, 0, 0, 0]
    assert {part.name: part.totals["page-views"] for part in found.by["product"]} == {"kettle": None, "lamp": 40, "washer": None}
    bars = charts_of(found)[1].bars
    assert [bar.missing for bar in bars] == [True, False, True, False, False, False, False]
    told = [as_csv(found, table) for table in ("", "day", "product")] + [json.dumps(as_json(found)["by"]["product"])]
    for text in told:
        assert '"page-views": 7' not in text
        assert "kettle,0,7" not in text
    rows = list(csv.DictReader(io.StringIO(as_csv(found, "product"))))
    assert [(row["product"], row["page-views"]) for row in rows] == [("lamp", "40"), ("kettle", ""), ("washer", "")]
    assert report(store, Slice(product="kettle")).totals["page-views"] is None


@pytest.mark.parametrize(
    ("first", "last", "bars", "begins"),
    [
        ("2026-09-01", "2026-10-31", 61, "2026-09-01"),
        ("2026-06-03", "2026-11-22", 25, "2026-06-01"),
        ("2024-11-15", "2026-11-22", 25, "2024-11-01"),
    ],
)
def test_long_times_are_told_in_weeks_and_months(store: Store, first: str, last: str, bars: int, begins: str) -> None:
    """So that no chart has more bars than a phone can show."""
    counted(store, ("2026-10-20", 30, "kettle", "city"))
    found = report_of(store, ALONE, date.fromisoformat(first), date.fromisoformat(last), Slice(), AT)
    assert (len(found.series), found.series[0].name) == (bars, begins)
    assert sum(part.totals["page-views"] or 0 for part in found.series) == 30


def test_opening_hours_are_those_of_the_shop(store: Store, tmp_path: Path) -> None:
    """Twelve cases that waited from Saturday to Monday: most of that time the shop was closed."""
    (tmp_path / "build" / "site").mkdir(parents=True)
    hours = {"zone": "UTC", "week": {"monday": ["09:00-17:00"]}, "holidays": {}}
    told = {"stores": {"city": {"hours": hours}}}
    (tmp_path / "build" / "site" / "helpstand.json").write_text(json.dumps(told), encoding="utf-8")
    saturday, monday = (int(NOW.replace(day=day, hour=10).timestamp() * 1000) for day in (21, 23))
    assert minutes_of(Project(tmp_path))("city", saturday, monday) == 60
    assert minutes_of(Project(tmp_path))("elsewhere", saturday, monday) == 2 * 24 * 60


@pytest.mark.parametrize(("value", "top"), [(0, 1), (1, 1), (1.1, 2), (7, 10), (10, 10), (11, 20), (430, 500), (0.3, 0.5)])
def test_a_scale_ends_at_a_round_number(value: float, top: float) -> None:
    """1, 2 or 5 times a power of ten, never below what is shown."""
    assert round_top(value) == pytest.approx(top)


def test_bars_stand_in_their_box() -> None:
    """The highest value of a share is 100 per cent; what is missing leaves a stump, and nought leaves nothing."""
    made = chart("Share", "%", [Point("a", 50.0, ""), Point("b", None, ""), Point("c", 0.0, ""), Point("d", 100.0, "")])
    assert (made.wide, made.top) == (40, 100)
    assert [(bar.y, bar.height, bar.missing) for bar in made.bars] == [
        (50, 50, False),
        (98.5, 1.5, True),
        (100, 0, False),
        (0, 100, False),
    ]
    assert all(bar.x >= 0 and bar.x + bar.width <= made.wide for bar in made.bars)


def test_no_cell_is_a_formula() -> None:
    """A spreadsheet must not run what somebody typed; numbers stay numbers."""
    told = csv_of([("=1+1", "+49", "-3", "@x", "\tx", "plain")])
    assert next(csv.reader(io.StringIO(told))) == ["'=1+1", "+49", "-3", "'@x", "'\tx", "plain"]


def test_nonsense_asks_for_the_last_thirty_days() -> None:
    """Days out of order are turned round; zero bytes and endless words do no harm."""
    today = date(2026, 11, 22)
    assert span({"first": "never", "last": ""}, today) == (date(2026, 10, 24), today)
    assert span({"first": "2026-11-22", "last": "2026-11-01"}, today) == (date(2026, 11, 1), today)
    assert slice_of({"product": "a\x00b", "kiosk": "x" * 500}) == Slice(product="ab", kiosk="x" * 128)


@pytest.fixture
def filled(blank: Path, tmp_path: Path, private: bytes) -> Iterator[str]:
    """Serve a desk with a month of counts and cases."""
    path = tmp_path / "desk.sqlite"
    path.write_bytes(blank.read_bytes())
    store = open_store(f"sqlite:///{path}", migrated=True)
    now = datetime.now(UTC).replace(microsecond=0)
    fill(store, now)
    count(store, now)
    tell_of_cases(store, now)
    with Running(create_app(Parts(store, Keyring([private])))) as server:
        yield server.address
    store.close()


@pytest.mark.browser
@pytest.mark.slow
def test_managers_pages_in_a_real_browser(filled: str, browser: Browser) -> None:
    """On a phone and a desk: no finding of axe, no sideways page, no word on the console; charts and definitions work."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(filled) else said.append(request.url))
    page.goto(filled)
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(filled + "/")
    for path in ("/figures", "/insights"):
        for width in (390, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(filled + path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
    page.goto(f"{filled}/figures")
    page.locator("select[name=product]").select_option("washer")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**product=washer**")
    assert page.locator("#by-product ~ .wide tbody th").all_inner_texts() == ["washer"]
    about = page.locator(".figures li", has_text="Zero-result rate")
    about.get_by_text("What it says").click()
    assert about.get_by_text("Searches without a result ÷ searches.").is_visible()
    table = page.locator(".chart", has_text="Pages read")
    table.get_by_text("As a table").click()
    assert table.locator("tbody tr").count() == 30
    assert said == []
    context.close()
