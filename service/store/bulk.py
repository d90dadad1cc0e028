"""Many rows at once: the statement is compiled once, and rows go to the driver as they are."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, insert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection
    from sqlalchemy.engine import Dialect


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same keys."""
    if not rows:
        return
    statement, order = _compiled(connection.dialect, table, tuple(rows[0]))
    values: Any = [tuple(row[name] for name in order) for row in rows] if order else list(rows)
    connection.exec_driver_sql(statement, values)


@lru_cache(maxsize=64)
def _compiled(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the statement, and the order of its values where the driver wants them by place."""
    compiled: Any = insert(table).values(dict.fromkeys(columns)).compile(dialect=dialect, column_keys=list(columns))
    return str(compiled), tuple(compiled.positiontup or ())
