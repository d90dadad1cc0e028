"""The newest word of each kiosk about itself, in the store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite

from service.store.tables import beats, kiosks, revocations

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.messages import KioskState


class Seen(NamedTuple):
    """A kiosk that may post, and what it last said; zeros and nothing where it never did."""

    kiosk: str
    store: str
    enrolled_at: int
    heard_at: int | None
    sent_at: int
    waiting: int
    oldest_seconds: int
    alarms: tuple[str, ...]
    parts: dict[str, dict[str, Any]]


def keep(connection: Connection, state: KioskState, store: str, now: int) -> None:
    """Keep what a kiosk says of itself, in place of what it said before."""
    told = {
        "store": store,
        "received_at": now,
        "sent_at": int(state.sent_at.timestamp() * 1000),
        "epoch": state.outbox.epoch,
        "acknowledged": state.outbox.acknowledged,
        "waiting": state.outbox.waiting,
        "oldest_seconds": state.outbox.oldest_seconds,
        "alarms": " ".join(state.outbox.alarms),
        "parts": json.dumps(state.parts, ensure_ascii=False),
    }
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(beats).values(kiosk=state.kiosk, **told)
    connection.execute(statement.on_conflict_do_update(index_elements=["kiosk"], set_=told))


def seen(connection: Connection) -> list[Seen]:
    """Return every kiosk that may post, by name."""
    gone = exists().where(and_(revocations.c.kiosk == kiosks.c.kiosk, revocations.c.public_key == kiosks.c.public_key))
    active = select(kiosks.c.kiosk, func.max(kiosks.c.store).label("store"), func.max(kiosks.c.enrolled_at).label("enrolled_at"))
    active = active.where(~gone).group_by(kiosks.c.kiosk)
    one = active.subquery()
    query = select(one, beats).outerjoin(beats, beats.c.kiosk == one.c.kiosk).order_by(one.c.kiosk)
    return [_seen(row) for row in connection.execute(query)]


def _seen(row: Any) -> Seen:
    name, store, enrolled = row[0], row[1], row[2]
    if row.received_at is None:
        return Seen(name, store, enrolled, None, 0, 0, 0, (), {})
    told = (
        row.received_at,
        row.sent_at,
        row.waiting,
        row.oldest_seconds,
        tuple(row.alarms.split()),
        json.loads(row.parts or "{}"),
    )
    return Seen(name, store, enrolled, *told)
