"""What is promised can be kept: within business hours, around holidays, in the shop's own time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.hours import BusinessHours, Promise, answer_by

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ("09:30-20:00",))
SHOP = BusinessHours.model_validate(
    {
        "zone": "Europe/Berlin",
        "week": {**WEEK, "saturday": ["09:30-18:00"]},
        "holidays": {"2026-12-24": ["09:30-14:00"], "2026-12-25": [], "2026-12-26": []},
    }
)


def berlin(text: str) -> datetime:
    """Return a moment given by the shop's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("promise", "now", "expected"),
    [
        ({"days": 1}, "2026-11-23T10:00", "2026-11-24T20:00"),
        ({"days": 1}, "2026-11-22T10:00", "2026-11-23T20:00"),  # a Sunday
        ({"days": 2}, "2026-11-27T19:59", "2026-11-30T20:00"),  # Friday: Saturday is one, Monday the second
        ({"days": 1}, "2026-12-23T12:00", "2026-12-24T14:00"),  # shorter on Christmas Eve
        ({"days": 1}, "2026-12-24T12:00", "2026-12-28T20:00"),  # two holidays and a Sunday
        ({"minutes": 10}, "2026-11-23T10:00", "2026-11-23T10:10"),
        ({"minutes": 10}, "2026-11-23T07:00", "2026-11-23T09:40"),
        ({"minutes": 10}, "2026-11-23T19:55", "2026-11-24T09:35"),  # five minutes today, five tomorrow
        ({"minutes": 10}, "2026-11-22T12:00", "2026-11-23T09:40"),
    ],
)
def test_the_promised_time(promise: dict[str, int], now: str, expected: str) -> None:
    """An open day ends at its closing time; minutes run only while the shop is open."""
    assert answer_by(SHOP, Promise.model_validate(promise), berlin(now)) == berlin(expected)


def test_the_clocks_of_the_day_are_the_shops() -> None:
    """20:00 in Berlin is 18:00 UTC in summer and 19:00 in winter; the kiosk's own zone does not matter."""
    summer = answer_by(SHOP, Promise(days=1), datetime(2026, 7, 1, 8, tzinfo=UTC))
    winter = answer_by(SHOP, Promise(days=1), datetime(2026, 12, 1, 8, tzinfo=UTC))
    assert (summer, winter) == (datetime(2026, 7, 2, 18, tzinfo=UTC), datetime(2026, 12, 2, 19, tzinfo=UTC))


def test_late_at_night_elsewhere_is_the_shops_own_day() -> None:
    """23:30 UTC on Sunday is Monday in Berlin: the next open day is Tuesday."""
    assert answer_by(SHOP, Promise(days=1), datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == berlin("2026-11-24T20:00")


def test_a_shop_open_until_midnight_closes_the_next_day() -> None:
    """24:00 is the begin of the day after."""
    late = BusinessHours.model_validate({"zone": "Europe/Berlin", "week": {"tuesday": ["12:00-24:00"]}})
    assert answer_by(late, Promise(days=1), berlin("2026-11-23T10:00")) == berlin("2026-11-25T00:00")


@pytest.mark.parametrize("hours", [BusinessHours(), BusinessHours.model_validate({"week": {"monday": []}})])
def test_nothing_is_promised_that_nobody_can_keep(hours: BusinessHours) -> None:
    """Without opening hours, and without a promise, no time is shown."""
    assert answer_by(hours, Promise(days=1), berlin("2026-11-23T10:00")) is None
    assert answer_by(hours, Promise(minutes=5), berlin("2026-11-23T10:00")) is None
    assert answer_by(SHOP, None, berlin("2026-11-23T10:00")) is None


def test_open_time_counts_business_hours_only() -> None:
    """From Saturday 17:00 to Monday 10:30 a shop was open two hours."""
    assert SHOP.open_time(berlin("2026-11-21T17:00"), berlin("2026-11-23T10:30")) == timedelta(hours=2)


def test_a_zone_that_is_none_is_refused() -> None:
    """A wrong zone is told at once, not at the first case."""
    with pytest.raises(ValueError, match="unknown time zone 'Berlin/Europe'"):
        BusinessHours(zone="Berlin/Europe")


@given(st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)), st.integers(1, 480))  # noqa: DTZ001
def test_promised_minutes_are_exactly_that_much_open_time(now: datetime, minutes: int) -> None:
    """Whatever the moment, summer time and holidays too: between now and the promise the shop is open for so long."""
    due = answer_by(SHOP, Promise(minutes=minutes), now)
    assert due is not None
    assert SHOP.open_time(now, due) == timedelta(minutes=minutes)
