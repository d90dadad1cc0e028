"""Photos in the store, each once in a case."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, func, insert, select

from service.store.tables import photos

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Row

MOST_OF_A_CASE = 60


class Photo(NamedTuple):
    """A picture that was drawn anew (JPEG), and the name that its file had."""

    name: str
    width: int
    height: int
    content: bytes


def keep(connection: Connection, store: str, reference: str, pictures: Iterable[Photo], now: int) -> list[str]:
    """Keep photos with a case; return their names in the store. What is there already is kept once."""
    kept: list[str] = []
    mine = and_(photos.c.store == store, photos.c.reference == reference)
    left = MOST_OF_A_CASE - connection.execute(select(func.count()).select_from(photos).where(mine)).scalar_one()
    for photo in pictures:
        name = hashlib.sha256(photo.content).hexdigest()[:32]
        known = connection.execute(select(photos.c.id).where(mine, photos.c.id == name)).first()
        if known is None:
            if left <= 0:
                continue
            row = {"store": store, "reference": reference, "id": name, "at": now, **photo._asdict()}
            connection.execute(insert(photos), row)
            left -= 1
        if name not in kept:
            kept.append(name)
    return kept


def of_case(connection: Connection, reference: str) -> dict[str, Row[Any]]:
    """Return what photos a case has, without the pictures."""
    columns = (photos.c.id, photos.c.name, photos.c.width, photos.c.height)
    rows: list[Row[Any]] = list(connection.execute(select(*columns).where(photos.c.reference == reference)))
    return {row.id: row for row in rows}


def picture(connection: Connection, reference: str, name: str) -> bytes | None:
    """Return one photo of a case."""
    return connection.execute(select(photos.c.content).where(photos.c.reference == reference, photos.c.id == name)).scalar()
