"""The page of figures, and the same as JSON and CSV."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from service.hours import BusinessHours
from service.metrics import DEFINITIONS, Figure, figures
from service.store.figures import cases_between, counted, minutes_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.store import Store

USUAL_DAYS = 30
ALWAYS = BusinessHours(
    week=dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), ("00:00-24:00",))
)
"""Where the desk knows no opening hours, every minute counts."""


def span(asked: Mapping[str, str], today: date) -> tuple[date, date]:
    """Return the days that were asked for; the last thirty where nothing sensible was."""
    try:
        first, last = date.fromisoformat(asked["first"]), date.fromisoformat(asked["last"])
    except (KeyError, ValueError):
        first = last = date.min
    if not all(2000 <= day.year <= 2100 for day in (first, last)):
        return today - timedelta(days=USUAL_DAYS - 1), today
    return (first, last) if first <= last else (last, first)


def figures_of(store: Store, first: date, last: date, now: int, hours: BusinessHours = ALWAYS) -> dict[str, Figure]:
    """Work out every figure from day to day."""

    def minutes(start: int, end: int) -> float:
        moments = (datetime.fromtimestamp(at / 1000, UTC) for at in (start, end))
        return hours.open_time(*moments).total_seconds() / 60

    begin = int(datetime.combine(first, time.min, UTC).timestamp() * 1000)
    end = int(datetime.combine(last + timedelta(days=1), time.min, UTC).timestamp() * 1000) - 1
    days = (first.isoformat(), last.isoformat())
    with store.read() as connection:
        return figures(
            counted(connection, *days), cases_between(connection, begin, end), minutes_up(connection, *days), now, minutes
        )


def as_json(found: Mapping[str, Figure]) -> dict[str, dict[str, object]]:
    """Return figures with their definitions, for other programs."""
    return {name: {**vars(DEFINITIONS[name]), **figure._asdict()} for name, figure in found.items()}


def as_csv(found: Mapping[str, Figure]) -> str:
    """Return figures as a table for a spreadsheet."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("figure", "value", "unit", "of", "why none", "definition"))
    for name, figure in found.items():
        about = DEFINITIONS[name]
        writer.writerow(
            (name, "" if figure.value is None else round(figure.value, 3), about.unit, figure.n, figure.why_none, about.says)
        )
    return table.getvalue()
