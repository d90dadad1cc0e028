"""Many rows at once: the statement is made once, and rows go to the driver as they are."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Table
    from sqlalchemy.engine import Dialect

MOST_AT_ONCE = 128
"""Rows of one statement in SQLite: its threads meet once for a statement, not once for a row."""


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same keys."""
    if not rows:
        return
    columns = tuple(rows[0])
    values = itemgetter(*columns)
    if connection.dialect.name == "postgresql":
        _copy(connection, table, columns, map(values, rows))
        return
    done = 0
    while done < len(rows):
        # Powers of two: a handful of statements for each table, which SQLite keeps prepared.
        size = min(MOST_AT_ONCE, 1 << ((len(rows) - done).bit_length() - 1))
        flat = tuple(chain.from_iterable(map(values, rows[done : done + size])))
        connection.exec_driver_sql(_by_rows(connection.dialect, table, columns, size), flat)
        done += size


@lru_cache(maxsize=256)
def _by_rows(dialect: Dialect, table: Table, columns: tuple[str, ...], rows: int) -> str:
    """Return the statement that takes the values of so many rows, one after the other."""
    quote = dialect.identifier_preparer.quote
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, columns))}) VALUES {', '.join([row] * rows)}"  # noqa: S608, our own names


def _copy(connection: Connection, table: Table, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Let rows stream in, at a third of what an INSERT costs: no value is made ready one by one."""
    quote = connection.dialect.identifier_preparer.quote
    statement = f"COPY {quote(table.name)} ({', '.join(map(quote, columns))}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as stream:
            for row in rows:
                stream.write_row(row)
    except psycopg.Error as error:  # SQLAlchemy is passed by, so its own words must be given here
        raise DBAPIError.instance(statement, None, error, psycopg.Error, dialect=connection.dialect) from error
