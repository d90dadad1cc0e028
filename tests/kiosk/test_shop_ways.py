"""What the shop's kiosk gives along and keeps shut: reminders, slips, hours, the staff's door."""

import sys
import types
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.hours import Hours, is_lit, read_hours, within
from kiosk.pages import PageFacts, read_page, with_state
from kiosk.receipt import EscposPrinter, PrinterError, printer_of, slip
from kiosk.reminder import event, first_time
from kiosk.staff import Door, PinError, Tries, hashed, matches
from tests.kiosk.conftest import FakeClock

PAGE = PageFacts("Remove limescale, carefully", "https://help.example/en/kettle/descale.html", (3, "month"), "kettle/descale")


def test_a_reminder_is_an_event_that_comes_again() -> None:
    """First after one interval, then by its rule; commas are escaped, lines end as the standard says and are never too long."""
    text = event(PAGE, date(2026, 11, 30))
    assert text is not None
    lines = text.split("\r\n")
    assert "DTSTART;VALUE=DATE:20270228" in lines
    assert "RRULE:FREQ=MONTHLY;INTERVAL=3" in lines
    assert "UID:kettle/descale-20270228@helpstand" in lines
    assert "SUMMARY:Remove limescale\\, carefully" in lines
    assert "URL:https://help.example/en/kettle/descale.html" in lines
    long = event(PageFacts("ä" * 100, "", (1, "year")), date(2026, 1, 1))
    assert long is not None
    assert max(len(line.encode()) for line in long.split("\r\n")) <= 75
    assert event(PageFacts("Hours of use", "", (200, "h")), date(2026, 1, 1)) is None
    assert event(PageFacts("Never", ""), date(2026, 1, 1)) is None


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)), st.integers(1, 99), st.sampled_from(["day", "week", "month", "year"]))
def test_the_first_time_is_always_later(today: date, count: int, unit: str) -> None:
    """Also from the 31st, and from 29 February."""
    assert today < first_time(today, count, unit) <= today + timedelta(days=count * 366)


def test_a_page_tells_its_title_address_and_interval(tmp_path: Path) -> None:
    """Nothing outside the site is read."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "a.html").write_text(
        '<title>Clean &amp; dry</title><link rel="canonical" href="https://h.example/en/a.html">'
        '<article data-guide="a" data-every="2 weeks">'
    )
    assert read_page(tmp_path, "/en/a.html") == PageFacts("Clean & dry", "https://h.example/en/a.html", (2, "week"), "a")
    assert read_page(tmp_path, "/../etc/passwd") is None
    assert with_state("https://h.example/en/a.html", "?q=tea#repair?a=3.2") == "https://h.example/en/a.html?q=tea#repair?a=3.2"
    assert with_state("https://h.example/en/a.html", "\nhttps://evil.example") == "https://h.example/en/a.html"


BERLIN = Hours("Europe/Berlin", {"monday": ["09:30-20:00"]}, {"2026-12-28": ["10:00-12:00"]})


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("2026-11-23T08:29", False), ("2026-11-23T08:30", True), ("2026-11-23T18:59", True), ("2026-11-23T19:00", False),
     ("2026-11-24T12:00", False), ("2026-12-28T09:30", True), ("2026-12-28T12:00", False)],
)  # fmt: skip
def test_a_shop_is_open_by_its_own_clock(moment: str, is_open: bool) -> None:
    """Times here are UTC; Berlin is an hour ahead in winter, and holidays have hours of their own."""
    assert BERLIN.open_at(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == is_open


def test_the_screen_is_lit_a_little_longer_than_the_shop_is_open() -> None:
    """A quarter of an hour before and after; and always where nothing is known."""
    at = datetime(2026, 11, 23, 8, 16, tzinfo=UTC)
    assert is_lit("shop", BERLIN, at)
    assert not is_lit("shop", BERLIN, at - timedelta(minutes=2))
    assert is_lit("shop", None, at)
    assert is_lit("always", BERLIN, at.replace(hour=2))
    night = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert within("22:00-02:00", night)
    assert not within("22:00-02:00", night.replace(hour=3))
    assert within("00:00-24:00", night)
    assert not within("nonsense", night)


def test_a_site_without_that_page_has_no_hours(tmp_path: Path) -> None:
    """Then the screen simply stays lit."""
    assert read_hours(tmp_path, "en", "city") is None


def test_the_staffs_door_opens_by_pin_and_shuts_by_itself() -> None:
    """A pass is lengthened by use, and ends five minutes after."""
    clock = FakeClock()
    door = Door(hashed("482915"), clock)
    given = door.enter("482915")
    assert given
    clock.now += 299
    assert door.lets(given)
    clock.now += 299
    assert door.lets(given)
    clock.now += 301
    assert not door.lets(given)
    assert not door.lets("")
    door.shut()
    assert not Door(None).exists
    assert Door(None).enter("482915") is None


def test_wrong_pins_lock_the_door_and_the_right_one_does_not_help_then() -> None:
    """Five tries, then 15 minutes, then twice as long with each more."""
    clock = FakeClock()
    door = Door(hashed("482915"), clock)
    assert [door.enter("000000") for _ in range(5)] == [None] * 5
    assert door.locked_seconds() == 900
    assert door.enter("482915") is None
    clock.now += 901
    assert door.enter("111111") is None
    assert door.locked_seconds() == 1800
    clock.now += 1801
    assert door.enter("482915")
    assert Tries(40).failed(0.0).seconds_left(0.0) == 24 * 3600


@pytest.mark.parametrize("pin", ["", "12345", "1234567890123", "12345a", "111111", "123456", "987654", "٣٣٤٥٦٧"])
def test_a_pin_that_anybody_would_guess_is_refused(pin: str) -> None:
    """There is no default, and no easy one."""
    with pytest.raises(PinError):
        hashed(pin)


def test_what_stands_in_the_settings_is_not_the_pin() -> None:
    """Salted: the same PIN looks different on each kiosk; a broken line lets nobody in."""
    first, second = hashed("482915"), hashed("482915")
    assert first != second
    assert "482915" not in first
    assert matches("482915", first)
    assert not matches("482916", first)
    assert not matches("482915", "scrypt$broken")
    assert not matches("482915", "")


def test_a_slip_goes_to_cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By `lp`, as text, with the printer's name; a failure is told."""
    lp = tmp_path / "lp"
    lp.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/asked\ncat >{tmp_path}/text\n[ "$3" = RECEIPT ]\n')
    lp.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    lines = slip("Nordhaven", PAGE, PAGE.address)
    printer = printer_of("cups:RECEIPT")
    assert printer is not None
    printer.print(lines, PAGE.address)
    assert (
        tmp_path / "text"
    ).read_text() == "Nordhaven\n\nRemove limescale, carefully\n\nhttps://help.example/en/kettle/descale.html\n"
    assert (tmp_path / "asked").read_text().startswith("-s -d RECEIPT")
    absent = printer_of("cups:ABSENT")
    assert absent is not None
    with pytest.raises(PrinterError, match="lpstat"):
        absent.print(lines, "")


def test_a_receipt_printer_gets_text_a_code_and_a_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through python-escpos, which is optional; without it the cure is named."""
    with pytest.MonkeyPatch.context() as without:
        without.setitem(sys.modules, "escpos", None)
        without.setitem(sys.modules, "escpos.printer", None)
        with pytest.raises(PrinterError, match=r"requirements/printer\.txt"):
            EscposPrinter("/dev/usb/lp0").print(["x"], "")
    done: list[tuple[Any, ...]] = []

    class File:
        def __init__(self, device: str) -> None:
            done.append(("open", device))

        def __getattr__(self, name: str) -> Any:
            return lambda *given, **_: done.append((name, *given))

    module = types.ModuleType("escpos.printer")
    module.File = module.Network = File  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "escpos", types.ModuleType("escpos"))
    monkeypatch.setitem(sys.modules, "escpos.printer", module)
    EscposPrinter("/dev/usb/lp0").print(["one", "two"], "https://x")
    assert done == [
        ("open", "/dev/usb/lp0"),
        ("set",),
        ("textln", "one"),
        ("textln", "two"),
        ("qr", "https://x"),
        ("cut",),
        ("close",),
    ]
    assert printer_of(None) is None
