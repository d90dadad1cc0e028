"""Enrolment: a one-time code for a kiosk, its public key, and the end of its rights."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, exists, insert, select

from service import signing
from service.reference import ALPHABET
from service.store.tables import codes, kiosks, revocations

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.messages import Enrolment

CODE_MINUTES = 15
CODE_SYMBOLS = 12
"""31^12 codes, each for a quarter of an hour: nobody guesses one."""


class EnrolmentRefusedError(Exception):
    """The code is wrong, used or too old, or the signature is not the key's."""


class Kiosk(NamedTuple):
    """A kiosk that may post."""

    kiosk: str
    store: str
    public_key: str


def new_code(connection: Connection, kiosk: str, store: str, now: int) -> str:
    """Return a code that lets one kiosk enrol once, within a quarter of an hour."""
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(CODE_SYMBOLS))
    expires = now + CODE_MINUTES * 60_000
    connection.execute(insert(codes), {"kiosk": kiosk, "store": store, "hash": _hash(symbols), "expires_at": expires})
    return "-".join(symbols[at : at + 4] for at in range(0, CODE_SYMBOLS, 4))


def enrol(connection: Connection, asked: Enrolment, now: int) -> Kiosk:
    """Take a kiosk in; a second use of a code fails on the key of the table, also at the same moment."""
    row = connection.execute(select(codes).where(codes.c.hash == _hash(asked.code))).one_or_none()
    if row is None or row.expires_at < now:
        raise EnrolmentRefusedError("This code is wrong or too old. Make a new one at the desk: ./helpstand desk enrol NAME")
    if not signing.is_signed(asked.public_key, asked.signature, "enrol", asked.code.strip(), asked.public_key.encode()):
        raise EnrolmentRefusedError("The signature does not belong to the key.")
    if connection.execute(select(kiosks.c.kiosk).where(kiosks.c.code == row.hash)).one_or_none() is not None:
        raise EnrolmentRefusedError("This code was used already. Make a new one at the desk: ./helpstand desk enrol NAME")
    made = {"kiosk": row.kiosk, "store": row.store, "public_key": asked.public_key, "code": row.hash, "enrolled_at": now}
    connection.execute(insert(kiosks), made)
    return Kiosk(row.kiosk, row.store, asked.public_key)


def keys_of(connection: Connection, kiosk: str) -> list[Kiosk]:
    """Return the keys with which a kiosk may sign now."""
    gone = exists().where(and_(revocations.c.kiosk == kiosks.c.kiosk, revocations.c.public_key == kiosks.c.public_key))
    query = select(kiosks.c.kiosk, kiosks.c.store, kiosks.c.public_key).where(kiosks.c.kiosk == kiosk, ~gone)
    return [Kiosk(*row) for row in connection.execute(query.order_by(kiosks.c.enrolled_at.desc()))]


def revoke(connection: Connection, kiosk: str, by: str, now: int) -> int:
    """Take all rights from a kiosk; return how many keys lost them."""
    keys = keys_of(connection, kiosk)
    for key in keys:
        connection.execute(insert(revocations), {"kiosk": kiosk, "public_key": key.public_key, "by": by, "at": now})
    return len(keys)


def _hash(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign in ALPHABET)
    return hashlib.sha256(plain.encode()).hexdigest()
