"""Many rows at once: the statement is made once, and rows go to the driver as they are."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table
    from sqlalchemy.engine import Dialect

MOST_AT_ONCE = 128
"""Rows of one statement in SQLite: its threads meet once for a statement, not once for a row."""


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same keys."""
    if not rows:
        return
    columns = tuple(rows[0])
    if connection.dialect.name == "postgresql":
        # One statement with an array for each column: what each row would cost on its way is paid once.
        statement = _by_columns(connection.dialect, table, columns)
        connection.exec_driver_sql(statement, {name: [row[name] for row in rows] for name in columns})
        return
    done = 0
    values = itemgetter(*columns)
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


@lru_cache(maxsize=64)
def _by_columns(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> str:
    """Return the statement that takes an array for each column."""
    quote = dialect.identifier_preparer.quote
    kinds = {name: "text" if table.c[name].type.python_type is str else "bigint" for name in columns}
    arrays = ", ".join(f"%({name})s::{kind}[]" for name, kind in kinds.items())
    return f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, columns))}) SELECT * FROM unnest({arrays})"  # noqa: S608, our own names
