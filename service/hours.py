"""When somebody will answer: business hours, holidays and the time zone of a shop, and the promise that they allow."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FARTHEST_DAYS = 60
"""A shop that stays closed longer than this promises nothing."""


class Span(BaseModel):
    """One stretch of open time on one day, in real moments."""

    model_config = ConfigDict(frozen=True)
    opens: datetime
    closes: datetime


class BusinessHours(BaseModel):
    """The hours of a shop, in the form in which the built site tells them: spans such as 09:30-20:00 per weekday."""

    model_config = ConfigDict(frozen=True)

    zone: str = "UTC"
    week: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    holidays: dict[date, tuple[str, ...]] = Field(default_factory=dict)

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"unknown time zone '{zone[:64]}'") from None
        return zone

    def on(self, day: date) -> tuple[Span, ...]:
        """Return the open spans of a day, earliest first; none when the shop is closed."""
        zone = ZoneInfo(self.zone)
        told = self.holidays.get(day, self.week.get(DAYS[day.weekday()], ()))
        spans = (Span(opens=_moment(day, span[:5], zone), closes=_moment(day, span[6:], zone)) for span in told)
        return tuple(sorted(spans, key=lambda span: span.opens))

    def after(self, now: datetime) -> Iterator[Span]:
        """Yield the spans that have not ended yet, as far as promises go."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        for ahead in range(FARTHEST_DAYS):
            yield from (span for span in self.on(today + timedelta(days=ahead)) if span.closes > now)

    def open_days_after(self, now: datetime) -> Iterator[tuple[Span, ...]]:
        """Yield the spans of each open day after today."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        for ahead in range(1, FARTHEST_DAYS):
            spans = self.on(today + timedelta(days=ahead))
            if spans:
                yield spans

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of the time between two moments the shop was open."""
        total = timedelta()
        day, last = (moment.astimezone(ZoneInfo(self.zone)).date() for moment in (start, end))
        while day <= last:
            for span in self.on(day):
                total += max(timedelta(), min(span.closes, end) - max(span.opens, start))
            day += timedelta(days=1)
        return total


class Promise(BaseModel):
    """How soon a kind of request is answered: minutes of open time, or open days after the day it came in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    minutes: int | None = Field(default=None, ge=1, le=1440)
    days: int | None = Field(default=None, ge=1, le=30)


def answer_by(hours: BusinessHours, promise: Promise | None, now: datetime) -> datetime | None:
    """Return the moment (UTC) by which an answer is promised; None where nothing can honestly be promised."""
    if promise is None:
        return None
    if promise.minutes is not None:
        return _after_open_minutes(hours, timedelta(minutes=promise.minutes), now)
    for number, spans in enumerate(hours.open_days_after(now), 1):
        if number == promise.days:
            return spans[-1].closes
    return None


def _after_open_minutes(hours: BusinessHours, left: timedelta, now: datetime) -> datetime | None:
    for span in hours.after(now):
        begins = max(span.opens, now)
        if span.closes - begins >= left:
            return (begins + left).astimezone(UTC)
        left -= span.closes - begins
    return None


def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    if clock == "24:00":
        day, clock = day + timedelta(days=1), "00:00"
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)
