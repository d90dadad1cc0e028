"""Retention: what is over its time goes, and what is kept loses what it no longer needs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Text, cast, delete, distinct, exists, func, select, update

from service.cases import Kind
from service.store import people
from service.store.cases import erase
from service.store.sums import fold_before
from service.store.tables import (
    audit,
    case_events,
    cases,
    counts,
    heartbeats,
    mail_held,
    mail_in,
    phrases,
    quarantine,
    sessions,
    sums,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

COUNTS_MONTHS = 25
"""The longest that numbers for measuring an audience may be kept (CNIL); then they are gone."""
FOLD_DAYS = 2
PHRASE_DAYS = 90
PHRASE_WINDOW = 30
PHRASE_VISITS = 3
"""Words are kept that so many different visits searched for within the window; what fewer did is gone when that is over."""
CASE_MONTHS = 25
"""After its end a case is kept so long by default: two years of warranty, and a month."""
SESSION_DAYS = 2
HELD_DAYS = 90
"""A mail that belongs to no case waits so long for somebody to decide; then it is thrown away."""
SENDER_DAYS = 2
"""The hash of a mail's sender holds floods back within an hour; then it could only say who wrote."""
AUDIT_MONTHS = 25
"""What the desk's people did. That something was erased or handed out stays: it is the proof that it was done."""
PROOFS = ("erased", "exported")
MOST_CASES = 500
BY = "retention"


class Tidied(NamedTuple):
    """What was done."""

    folded: int
    counts: int
    phrases: int
    sessions: int
    erased: int
    held: int
    quarantined: int
    audit: int


def tidy(connection: Connection, now: int, *, case_months: int = CASE_MONTHS) -> Tidied:
    """Take away what is over its time, in the caller's transaction; `case_months` 0 keeps closed cases for ever."""
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    oldest = months_before(today, COUNTS_MONTHS).isoformat()
    folded = fold_before(connection, (today - timedelta(days=FOLD_DAYS)).isoformat())
    gone = sum(connection.execute(delete(table).where(table.c.day < oldest)).rowcount for table in (counts, sums, heartbeats))
    over = now - SESSION_DAYS * 86_400_000
    ended = connection.execute(delete(sessions).where(sessions.c.began_at < over)).rowcount
    forgotten = now - SENDER_DAYS * 86_400_000
    connection.execute(update(mail_in).where(mail_in.c.at < forgotten, mail_in.c.sender != "").values(sender=""))
    return Tidied(
        folded,
        gone,
        _phrases(connection, today),
        ended,
        _cases(connection, now, case_months) if case_months else 0,
        _held(connection, now),
        # A box that nobody could open may be a case: it is kept as long as one.
        connection.execute(delete(quarantine).where(quarantine.c.received_at < _moment(now, case_months))).rowcount
        if case_months
        else 0,
        connection.execute(delete(audit).where(audit.c.at < _moment(now, AUDIT_MONTHS), audit.c.what.not_in(PROOFS))).rowcount,
    )


def _held(connection: Connection, now: int) -> int:
    """Throw away mails that nobody has decided on for so long; that they came stays known."""
    gone = connection.execute(delete(mail_held).where(mail_held.c.at < now - HELD_DAYS * 86_400_000)).rowcount
    if gone:
        people.note(connection, BY, "threw held mails away", str(gone), now)
    return gone


def _moment(now: int, months: int) -> int:
    """Return the beginning of the day so many months ago."""
    day = months_before(datetime.fromtimestamp(now / 1000, UTC).date(), months)
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def months_before(day: date, months: int) -> date:
    """Return the same day so many months ago, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


def _phrases(connection: Connection, today: date) -> int:
    gone = connection.execute(delete(phrases).where(phrases.c.day < (today - timedelta(days=PHRASE_DAYS)).isoformat())).rowcount
    settled = (today - timedelta(days=PHRASE_WINDOW)).isoformat()
    days = connection.execute(select(phrases.c.day).where(phrases.c.day < settled).distinct()).scalars().all()
    return gone + sum(_lone_of(connection, day) for day in days)


def _lone_of(connection: Connection, day: str) -> int:
    """Take away the words of a day that too few visits searched for within the window before and after."""
    first, last = ((date.fromisoformat(day) + timedelta(days=days)).isoformat() for days in (-PHRASE_WINDOW, PHRASE_WINDOW))
    near = phrases.alias("near")
    visit = near.c.kiosk + " " + near.c.epoch + " " + cast(near.c.seq, Text)
    visits = (
        select(func.count(distinct(visit)))
        .where(near.c.words == phrases.c.words, near.c.language == phrases.c.language, near.c.day.between(first, last))
        .scalar_subquery()
    )
    return connection.execute(delete(phrases).where(phrases.c.day == day, visits < PHRASE_VISITS)).rowcount


def _cases(connection: Connection, now: int, months: int) -> int:
    """Erase what is personal of cases that ended long ago, some at a time; what figures need stays."""
    limit = _moment(now, months)
    events = case_events.c
    emptied = exists().where(
        events.store == cases.c.store, events.reference == cases.c.reference, events.kind == Kind.ERASED.value
    )
    query = select(cases.c.reference).where(cases.c.closed_at < limit, ~emptied)
    old = connection.execute(query.limit(MOST_CASES)).scalars().all()
    for reference in old:
        erase(connection, reference, BY, now)
        people.note(connection, BY, "erased", reference, now)
    return len(old)
