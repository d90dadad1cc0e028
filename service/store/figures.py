"""What figures are made of, read from the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from service.cases import Case, fold
from service.store.cases import event_of
from service.store.tables import case_events, counts, heartbeats

if TYPE_CHECKING:
    from sqlalchemy import Connection


def counted(connection: Connection, first: str, last: str) -> dict[tuple[str, str], int]:
    """Return how much of each name and choice was counted from day to day."""
    total = func.sum(counts.c.n)
    query = select(counts.c.name, counts.c.choice, total).where(counts.c.day.between(first, last))
    return {(name, choice): int(n) for name, choice, n in connection.execute(query.group_by(counts.c.name, counts.c.choice))}


def cases_between(connection: Connection, first: int, last: int) -> list[Case]:
    """Return the cases that came in between two moments, with everything that happened to them."""
    begun = select(case_events.c.reference).where(case_events.c.number == 1, case_events.c.at.between(first, last))
    query = select(case_events).where(case_events.c.reference.in_(begun)).order_by(case_events.c.reference, case_events.c.number)
    found: dict[str, list] = {}  # type: ignore[type-arg]  # rows
    for row in connection.execute(query):
        found.setdefault(row.reference, []).append(event_of(row))
    return [fold(events) for events in found.values()]


def minutes_up(connection: Connection, first: str, last: str) -> list[int]:
    """Return for each kiosk and day the most minutes that it reported."""
    query = select(func.max(heartbeats.c.minutes_up)).where(heartbeats.c.day.between(first, last))
    return [int(value) for value in connection.execute(query.group_by(heartbeats.c.kiosk, heartbeats.c.day)).scalars()]
