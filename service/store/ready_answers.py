"""Answers that lie ready, in the store: each change is a new version, and the newest counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, func, insert, select

from service.store.tables import ready_answers

if TYPE_CHECKING:
    from sqlalchemy import Connection


class ReadyAnswer(NamedTuple):
    """An answer that is written once and used often."""

    id: str
    title: str
    language: str
    text: str


def all_answers(connection: Connection) -> list[ReadyAnswer]:
    """Return the answers that are in use, by their titles."""
    table = ready_answers
    newest = select(table.c.id, func.max(table.c.version).label("version")).group_by(table.c.id).subquery()
    query = select(table).join(newest, and_(table.c.id == newest.c.id, table.c.version == newest.c.version))
    rows = connection.execute(query.where(table.c.withdrawn == 0).order_by(table.c.title, table.c.id))
    return [ReadyAnswer(row.id, row.title, row.language, row.text) for row in rows]


def save_answer(connection: Connection, answer: ReadyAnswer, by: str, now: int, *, withdrawn: bool = False) -> None:
    """Keep a new version of an answer, or that it is no longer used."""
    last = connection.execute(select(func.max(ready_answers.c.version)).where(ready_answers.c.id == answer.id)).scalar() or 0
    row = {**answer._asdict(), "version": last + 1, "by": by, "at": now, "withdrawn": int(withdrawn)}
    connection.execute(insert(ready_answers), row)
