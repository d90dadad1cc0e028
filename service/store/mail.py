"""Mail in the store: what is to go out and what became of it, what came in, and how the servers were found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, delete, func, insert, select, update

from service.store.tables import mail_held, mail_in, mail_out, mail_servers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Row

WAITING, TAKEN, HANDING, SENT, REFUSED, UNSURE, RETURNED = "waiting", "taken", "handing", "sent", "refused", "unsure", "returned"
"""A mail waits, is taken by a sender, handed to the server, and then sent; or refused, not known to be sent, or returned."""
TROUBLED = (REFUSED, UNSURE, RETURNED)
LEASE = 15 * 60_000
"""Milliseconds after which a sender that took a mail is held for dead. No sender works at one for so long."""


class Outgoing(NamedTuple):
    """A mail that is to go out."""

    store: str
    reference: str
    id: str
    kind: str
    recipient: str
    subject: str
    content: str


class Server(NamedTuple):
    """How a mail server was last found."""

    name: str
    place: str = ""
    worked_at: int | None = None
    failed_since: int | None = None
    next_at: int = 0
    failures: int = 0
    error: str = ""


def queue(connection: Connection, mail: Outgoing, now: int) -> None:
    """Let a mail wait for the sender."""
    row = {**mail._asdict(), "state": WAITING, "tries": 0, "made_at": now, "next_at": now}
    connection.execute(insert(mail_out), row)


def is_due(connection: Connection, now: int) -> bool:
    """Whether a mail waits whose time has come."""
    return connection.execute(select(mail_out.c.id).where(_due(now)).limit(1)).first() is not None


def take(connection: Connection, now: int) -> Row[Any] | None:
    """Take the mail that has waited longest, so that no other sender has it too."""
    row = connection.execute(select(mail_out).where(_due(now)).order_by(mail_out.c.next_at, mail_out.c.id).limit(1)).one_or_none()
    if row is None:
        return None
    mine = connection.execute(
        update(mail_out).where(_key(row), mail_out.c.state == WAITING).values(state=TAKEN, next_at=now + LEASE)
    )
    return row if mine.rowcount else take(connection, now)


def hand(connection: Connection, row: Row[Any], now: int) -> bool:
    """Note that the words go to the server now; False when another sender has it meanwhile, or it was erased."""
    done = connection.execute(
        update(mail_out).where(_key(row), mail_out.c.state == TAKEN).values(state=HANDING, next_at=now + LEASE)
    )
    return done.rowcount > 0


def settle(connection: Connection, row: Row[Any], state: str, now: int, **told: Any) -> None:
    """Write down what became of a mail."""
    done = None if state == WAITING else now
    connection.execute(update(mail_out).where(_key(row)).values(state=state, done_at=done, **told))


def is_left_behind(connection: Connection, now: int) -> bool:
    """Whether a sender has died with a mail in its hands."""
    query = select(mail_out.c.id).where(mail_out.c.state.in_((TAKEN, HANDING)), mail_out.c.next_at <= now)
    return connection.execute(query.limit(1)).first() is not None


def left_behind(connection: Connection, now: int) -> list[Row[Any]]:
    """Return to the queue what a dead sender had taken; what it was handing over is not known to be sent: return those."""
    over = mail_out.c.next_at <= now
    connection.execute(update(mail_out).where(mail_out.c.state == TAKEN, over).values(state=WAITING))
    lost = list(connection.execute(select(mail_out).where(mail_out.c.state == HANDING, over)))
    for row in lost:
        settle(connection, row, UNSURE, now, error="the desk ended while it handed the mail over")
    return lost


def again(connection: Connection, message: str, now: int) -> Row[Any] | None:
    """Let a mail that did not arrive wait again; None when there is no such mail."""
    row = by_id(connection, message)
    if row is None or row.state not in TROUBLED:
        return None
    settle(connection, row, WAITING, now, tries=0, next_at=now, error="")
    return row


def by_id(connection: Connection, message: str) -> Row[Any] | None:
    """Return a mail by its Message-ID."""
    return connection.execute(select(mail_out).where(mail_out.c.id == message)).one_or_none()


def of_case(connection: Connection, reference: str) -> dict[str, Row[Any]]:
    """Return the mails of a case by their Message-ID."""
    return {row.id: row for row in connection.execute(select(mail_out).where(mail_out.c.reference == reference))}


def unsent(connection: Connection, most: int = 200) -> list[Row[Any]]:
    """Return what waits and what did not arrive, the troubled first, then the oldest."""
    troubled = mail_out.c.state.in_(TROUBLED)
    query = select(mail_out).where(mail_out.c.state != SENT).order_by(troubled.desc(), mail_out.c.made_at, mail_out.c.id)
    return list(connection.execute(query.limit(most)))


def receipts_to(connection: Connection, recipient: str, since: int) -> int:
    """Return how many receipts an address got since a moment."""
    where = and_(mail_out.c.recipient == recipient, mail_out.c.kind == "receipt", mail_out.c.made_at > since)
    return connection.execute(select(func.count()).select_from(mail_out).where(where)).scalar_one()


# --- what came in ------------------------------------------------------------------------------------------------------


def is_known(connection: Connection, digest: str) -> bool:
    """Whether a mail was looked at before."""
    return connection.execute(select(mail_in.c.id).where(mail_in.c.id == digest)).first() is not None


def note_in(connection: Connection, row: dict[str, Any]) -> None:
    """Remember a mail that was looked at."""
    connection.execute(insert(mail_in), row)


def came_from(connection: Connection, sender: str, since: int) -> int:
    """Return how many mails came from an address (its hash) since a moment."""
    where = and_(mail_in.c.sender == sender, mail_in.c.at > since)
    return connection.execute(select(func.count()).select_from(mail_in).where(where)).scalar_one()


def noted_automatic(connection: Connection, reference: str, since: int) -> int:
    """Return how many automatic mails a case got since a moment."""
    where = and_(mail_in.c.reference == reference, mail_in.c.outcome == "automatic", mail_in.c.at > since)
    return connection.execute(select(func.count()).select_from(mail_in).where(where)).scalar_one()


def case_of(connection: Connection, ours: Iterable[str], theirs: Iterable[str]) -> str:
    """Return the case to which one of these mails belongs: ours by Message-ID, theirs by its hash. Empty when none does."""
    query = select(mail_out.c.reference).where(mail_out.c.id.in_(list(ours))).order_by(mail_out.c.made_at.desc())
    found = connection.execute(query.limit(1)).scalar()
    if found is None:
        known = and_(mail_in.c.message.in_(list(theirs)), mail_in.c.reference != "")
        found = connection.execute(select(mail_in.c.reference).where(known).order_by(mail_in.c.at.desc()).limit(1)).scalar()
    return str(found or "")


def hold(connection: Connection, row: dict[str, Any]) -> None:
    """Keep a mail that belongs to no case, until a person has decided."""
    connection.execute(insert(mail_held), row)


def held(connection: Connection, most: int = 100) -> list[Row[Any]]:
    """Return what is held, the newest first, without the mails themselves."""
    columns = [column for column in mail_held.c if column.name != "content"]
    return list(connection.execute(select(*columns).order_by(mail_held.c.at.desc(), mail_held.c.id).limit(most)))


def held_mail(connection: Connection, digest: str) -> Row[Any] | None:
    """Return a held mail, whole."""
    return connection.execute(select(mail_held).where(mail_held.c.id == digest)).one_or_none()


def drop(connection: Connection, digest: str) -> bool:
    """Throw a held mail away; that it came stays known, so that it is not taken in again."""
    return connection.execute(delete(mail_held).where(mail_held.c.id == digest)).rowcount > 0


def release(connection: Connection, digest: str) -> bool:
    """Take a held mail out, so that it can be taken in; False when a colleague was faster."""
    if not drop(connection, digest):
        return False
    connection.execute(delete(mail_in).where(mail_in.c.id == digest))
    return True


def counts(connection: Connection) -> dict[str, int]:
    """Return how many mails wait, did not arrive, and are held."""
    states = (("waiting", mail_out.c.state.in_((WAITING, TAKEN, HANDING))), ("troubled", mail_out.c.state.in_(TROUBLED)))
    row = connection.execute(
        select(*(func.count().filter(where).label(name) for name, where in states)).select_from(mail_out)
    ).one()
    return {**row._asdict(), "held": connection.execute(select(func.count()).select_from(mail_held)).scalar_one()}


# --- servers -----------------------------------------------------------------------------------------------------------


def server(connection: Connection, name: str) -> Server:
    """Return how a server was last found."""
    row = connection.execute(select(mail_servers).where(mail_servers.c.name == name)).one_or_none()
    return Server(**row._asdict()) if row else Server(name)


def note_server(connection: Connection, found: Server) -> None:
    """Write down how a server was found."""
    row = found._asdict()
    if not connection.execute(update(mail_servers).where(mail_servers.c.name == found.name).values(row)).rowcount:
        connection.execute(insert(mail_servers), row)


def _due(now: int) -> Any:
    return and_(mail_out.c.state == WAITING, mail_out.c.next_at <= now)


def _key(row: Row[Any]) -> Any:
    return and_(mail_out.c.store == row.store, mail_out.c.reference == row.reference, mail_out.c.id == row.id)
