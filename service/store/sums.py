"""Counts that have lost where they came from: sums per hour, to which pages on the web and older counts of kiosks are added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from service.store.figures import WEB
from service.store.tables import counts, sums

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from service.messages import Daily

KEYS = ("kiosk", "store", "day", "hour", "name", "choice", "language", "product", "stage", "page")


def add(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Add numbers to their sums, in the transaction of the caller."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(sums)
    statement = statement.on_conflict_do_update(index_elements=list(KEYS), set_={"n": sums.c.n + statement.excluded.n})
    # In one order everywhere: two desks that add at once must not wait for each other in a ring.
    for row in sorted(rows, key=lambda row: tuple(row[name] for name in KEYS)):
        connection.execute(statement, row)


def add_daily(connection: Connection, told: Daily, day: str) -> None:
    """Add what a page on the web counted to the sums of a day: no hour, no sender."""
    empty = {"kiosk": WEB, "store": "", "day": day, "hour": 0, "choice": ""}
    rows = [{**empty, **line.model_dump(mode="json")} for line in told.lines]
    for answer in told.answers:
        place = answer.model_dump(mode="json", include={"language", "product", "stage", "page"})
        rows.append({**empty, **place, "name": answer.question, "choice": str(answer.value), "n": 1})
        if answer.reason:
            rows.append({**empty, **place, "name": "reason", "choice": answer.reason, "n": 1})
    add(connection, rows)


def fold_before(connection: Connection, day: str) -> int:
    """Move the counts of kiosks before a day into sums, in which nothing tells what came in together; return how many lines."""
    keys = [counts.c[name] for name in KEYS]
    query = select(*keys, func.sum(counts.c.n).label("n")).where(counts.c.day < day).group_by(*keys)
    add(connection, [{**row, "n": int(row["n"])} for row in connection.execute(query).mappings()])
    return connection.execute(delete(counts).where(counts.c.day < day)).rowcount
