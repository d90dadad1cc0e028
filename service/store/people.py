"""People of the desk in the store: accounts, sessions, and who did what."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, delete, insert, or_, select, update

from service.store.tables import accounts, audit, sessions

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


class Account(NamedTuple):
    """Somebody who works at the desk."""

    name: str
    shown_name: str
    role: str
    password: str


class CompanyAccount(NamedTuple):
    """Somebody whom the company's own sign-in vouches for."""

    issuer: str
    subject: str
    name: str
    shown_name: str
    role: str


class AccountRefusedError(Exception):
    """The provider knows this person, and the desk does not let them in; the words say why."""


def company_account(connection: Connection, known: CompanyAccount, now: int) -> str:
    """Find or make the account of somebody by what never changes at the provider, with today's role; return its name here."""
    mine = and_(accounts.c.issuer == known.issuer, accounts.c.subject == known.subject)
    told = {"shown_name": known.shown_name, "role": known.role, "changed_at": now}
    row = connection.execute(select(accounts.c.name, accounts.c.disabled).where(mine)).first()
    if row is None:
        # A name can be given to somebody else at the provider: it alone never opens an account that is there.
        if connection.execute(select(accounts.c.name).where(accounts.c.name == known.name)).first() is not None:
            raise AccountRefusedError(f"There is another account '{known.name}' at this desk. Ask who looks after it.")
        made = {"name": known.name, "issuer": known.issuer, "subject": known.subject, "password": "", "disabled": 0}
        connection.execute(insert(accounts), {**made, **told})
        return known.name
    if row.disabled:
        raise AccountRefusedError("This account may no longer sign in at this desk.")
    connection.execute(update(accounts).where(mine).values(told))
    return str(row.name)


def account(connection: Connection, name: str) -> Account | None:
    """Return an account that may sign in."""
    query = select(accounts).where(accounts.c.name == name, accounts.c.disabled == 0)
    row = connection.execute(query).one_or_none()
    return Account(row.name, row.shown_name, row.role, row.password) if row else None


def everybody(connection: Connection) -> list[Account]:
    """Return all accounts that may sign in."""
    rows = connection.execute(select(accounts).where(accounts.c.disabled == 0).order_by(accounts.c.name))
    return [Account(row.name, row.shown_name, row.role, "") for row in rows]


def save_account(connection: Connection, wanted: Account, now: int) -> None:
    """Make an account, or give it another password and role; whoever is signed in by it is signed out."""
    row = {**wanted._asdict(), "changed_at": now, "disabled": 0}
    if connection.execute(update(accounts).where(accounts.c.name == wanted.name).values(row)).rowcount == 0:
        connection.execute(insert(accounts), row)
    connection.execute(delete(sessions).where(sessions.c.account == wanted.name))


def disable_account(connection: Connection, name: str, now: int) -> bool:
    """Let an account sign in no more; what it did stays told under its name."""
    connection.execute(delete(sessions).where(sessions.c.account == name))
    done = connection.execute(update(accounts).where(accounts.c.name == name).values(disabled=1, password="", changed_at=now))
    return done.rowcount > 0


def begin_session(connection: Connection, digest: str, name: str, now: int) -> None:
    """Remember that somebody signed in."""
    connection.execute(insert(sessions), {"hash": digest, "account": name, "began_at": now, "seen_at": now})


def whose_session(connection: Connection, digest: str, began_after: int, seen_after: int) -> tuple[Account, int] | None:
    """Return whose session that is and when it was last used, unless it is over."""
    query = select(accounts, sessions.c.seen_at).join(sessions, sessions.c.account == accounts.c.name)
    query = query.where(
        sessions.c.hash == digest, sessions.c.began_at > began_after, sessions.c.seen_at > seen_after, accounts.c.disabled == 0
    )
    row = connection.execute(query).one_or_none()
    return (Account(row.name, row.shown_name, row.role, ""), row.seen_at) if row else None


def seen(connection: Connection, digest: str, now: int) -> None:
    """Note that a session is in use."""
    connection.execute(update(sessions).where(sessions.c.hash == digest).values(seen_at=now))


def end_session(connection: Connection, digest: str, over_before: int) -> None:
    """Forget a session, and those that are long over."""
    connection.execute(delete(sessions).where(or_(sessions.c.hash == digest, sessions.c.began_at < over_before)))


def note(connection: Connection, by: str, what: str, about: str, now: int) -> None:
    """Write down who did what."""
    connection.execute(insert(audit), {"at": now, "id": secrets.token_hex(8), "by": by, "what": what, "about": about})


def noted(connection: Connection, most: int = 200) -> list[Row[Any]]:
    """Return what was last written down."""
    return list(connection.execute(select(audit).order_by(audit.c.at.desc(), audit.c.id).limit(most)))
