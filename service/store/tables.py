"""The tables. Keys are text and begin with the kiosk or the shop, so that Citus and its kin can share them out.

Moments are milliseconds since 1970, days are words such as 2026-11-23.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, PrimaryKeyConstraint, Table, Text

metadata = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, nullable=False, primary_key=key, server_default=None if key else "")


def _moment(name: str, *, optional: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=optional)


def _item() -> list[Column[str] | Column[int]]:
    return [
        _text("kiosk", key=True),
        _text("epoch", key=True),
        Column("seq", BigInteger, primary_key=True, nullable=False, autoincrement=False),
    ]


def _line() -> list[Column[str] | Column[int]]:
    return [*_item(), Column("line", Integer, primary_key=True, nullable=False, autoincrement=False)]


# --- kiosks ------------------------------------------------------------------------------------------------------------

codes = Table("codes", metadata, _text("kiosk"), _text("store"), _text("hash", key=True), _moment("expires_at"))
"""One-time codes that were printed; a used one is one with a kiosk."""

kiosks = Table(
    "kiosks",
    metadata,
    _text("kiosk", key=True),
    _text("public_key", key=True),
    _text("store"),
    _text("code"),
    _moment("enrolled_at"),
)
Index("kiosks_code", kiosks.c.code, unique=True)

revocations = Table("revocations", metadata, _text("kiosk", key=True), _text("public_key", key=True), _text("by"), _moment("at"))

beats = Table(
    "beats",
    metadata,
    _text("kiosk", key=True),
    _text("store"),
    _moment("received_at"),
    _moment("sent_at"),
    _text("epoch"),
    Column("acknowledged", BigInteger, nullable=False),
    Column("waiting", BigInteger, nullable=False),
    Column("oldest_seconds", BigInteger, nullable=False),
    _text("alarms"),
    _text("parts"),
)
"""The newest word of each kiosk about itself; `parts` is JSON, numbers and versions only."""

# --- what came in ------------------------------------------------------------------------------------------------------

received = Table("received", metadata, *_item(), _text("kind"), _text("hash"), _moment("received_at"))
"""Every item that was acknowledged: its body went to the table of its kind, its hash stays."""

quarantine = Table(
    "quarantine",
    metadata,
    *_item(),
    _text("hash", key=True),
    _text("kind"),
    _text("reason"),
    _text("body"),
    _moment("received_at"),
)
"""What was acknowledged and could not be used, whole, with the reason."""

counts = Table(
    "counts",
    metadata,
    *_line(),
    _text("store"),
    _text("day"),
    Column("hour", Integer, nullable=False),
    _text("name"),
    _text("choice"),
    _text("language"),
    _text("product"),
    _text("stage"),
    _text("page"),
    Column("n", BigInteger, nullable=False),
)
Index("counts_day", counts.c.day, counts.c.name)

sums = Table(
    "sums",
    metadata,
    *(_text(name, key=True) for name in ("kiosk", "store", "day")),
    Column("hour", Integer, primary_key=True, autoincrement=False, nullable=False),
    *(_text(name, key=True) for name in ("name", "choice", "language", "product", "stage", "page")),
    Column("n", BigInteger, nullable=False),
)
"""Counts of pages on the web, and of kiosks after two days: by then nothing tells any more which came in together."""
Index("sums_day", sums.c.day, sums.c.name)

phrases = Table(
    "phrases", metadata, *_line(), _text("day"), _text("words"), _text("language"), Column("results", Integer, nullable=False)
)
Index("phrases_day", phrases.c.day)
Index("phrases_words", phrases.c.words, phrases.c.language, phrases.c.day)

heartbeats = Table(
    "heartbeats",
    metadata,
    *_item(),
    _text("day"),
    Column("minutes_up", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("oldest_seconds", Integer, nullable=False),
    _text("release"),
    _text("alarms"),
    _moment("received_at"),
)

# --- cases -------------------------------------------------------------------------------------------------------------

case_events = Table(
    "case_events",
    metadata,
    _text("store"),
    _text("reference"),
    Column("number", Integer, nullable=False),
    _text("kind"),
    _text("by"),
    _moment("at"),
    _text("data"),
    PrimaryKeyConstraint("store", "reference", "number"),
)
"""The truth about a case: what happened, by whom, when. Only an erasure empties `data`."""
Index("case_events_reference", case_events.c.reference)

cases = Table(
    "cases",
    metadata,
    _text("store", key=True),
    _text("reference", key=True),
    _text("flow"),
    _text("product"),
    _text("language"),
    _text("status"),
    Column("urgent", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    _text("assignee"),
    _moment("received_at"),
    _moment("answer_by", optional=True),
    _moment("first_reply_at", optional=True),
    _moment("changed_at"),
    _moment("closed_at", optional=True),
    Column("events", Integer, nullable=False),
    _text("summary"),
    _text("found_by"),
)
"""A case as its events make it, for lists and search; can be made anew from them at any time."""
Index("cases_reference", cases.c.reference)
Index("cases_open", cases.c.status, cases.c.answer_by)

clusters = Table(
    "clusters",
    metadata,
    *(_text(name, key=True) for name in ("product", "model", "code")),
    Column("raised_at", BigInteger, primary_key=True, autoincrement=False, nullable=False),
    Column("cases", Integer, nullable=False),
    _moment("seen_at"),
)
"""The same defect again and again: raised once for the maker, until it has been quiet for a month."""

# --- what is handed on ------------------------------------------------------------------------------------------------

deliveries = Table(
    "deliveries",
    metadata,
    _text("store", key=True),
    _text("reference", key=True),
    _text("target", key=True),
    _text("state"),
    _text("priority"),
    _text("group"),
    Column("tries", Integer, nullable=False, server_default="0"),
    _moment("due_at"),
    _moment("leased_until"),
    _moment("made_at"),
    _moment("first_at", optional=True),
    _moment("done_at", optional=True),
    _text("their_id"),
    _text("their_state"),
    _text("why"),
)
"""A case on its way to a target; with an empty target it waits for its route. Nothing of a person stands here."""
Index("deliveries_due", deliveries.c.state, deliveries.c.target, deliveries.c.due_at)

switched_off = Table("switched_off", metadata, _text("target", key=True), _text("why"), _moment("at"))
"""Targets that want nothing any more, until somebody switches them on again."""

# --- people of the desk ------------------------------------------------------------------------------------------------

accounts = Table(
    "accounts",
    metadata,
    _text("name", key=True),
    _text("shown_name"),
    _text("role"),
    _text("password"),
    _moment("changed_at"),
    Column("disabled", Integer, nullable=False, server_default="0"),
    _text("issuer"),
    _text("subject"),
)
"""`issuer` and `subject` say who it is at the company's own sign-in; names change there, these do not."""
Index("accounts_subject", accounts.c.issuer, accounts.c.subject)

sessions = Table("sessions", metadata, _text("hash", key=True), _text("account"), _moment("began_at"), _moment("seen_at"))

audit = Table(
    "audit",
    metadata,
    Column("at", BigInteger, primary_key=True, autoincrement=False, nullable=False),
    _text("id", key=True),
    _text("by"),
    _text("what"),
    _text("about"),
)
"""Who did what: sign-ins, views of cases, accounts, enrolments, erasures."""

# --- mail --------------------------------------------------------------------------------------------------------------

mail_out = Table(
    "mail_out",
    metadata,
    _text("store", key=True),
    _text("reference", key=True),
    _text("id", key=True),
    _text("kind"),
    _text("recipient"),
    _text("subject"),
    _text("content"),
    _text("state"),
    Column("tries", Integer, nullable=False),
    _moment("made_at"),
    _moment("next_at"),
    _moment("done_at", optional=True),
    _text("error"),
)
"""Mails of the desk, whole, by their Message-ID: those that wait, and what became of the others."""
Index("mail_out_id", mail_out.c.id)
Index("mail_out_waiting", mail_out.c.state, mail_out.c.next_at)

mail_in = Table(
    "mail_in",
    metadata,
    _text("id", key=True),
    _text("message"),
    _text("reference"),
    _text("outcome"),
    _text("sender"),
    _moment("at"),
)
"""Hashes of every mail that was looked at: none is taken twice, and an answer to one finds its case."""
Index("mail_in_message", mail_in.c.message)
Index("mail_in_sender", mail_in.c.sender, mail_in.c.at)
Index("mail_in_reference", mail_in.c.reference)

mail_held = Table(
    "mail_held",
    metadata,
    _text("id", key=True),
    _text("sender"),
    _text("subject"),
    _text("reason"),
    Column("content", LargeBinary, nullable=False),
    _moment("at"),
)
"""Mails that belong to no case, whole, with the reason: a person decides."""

mail_servers = Table(
    "mail_servers",
    metadata,
    _text("name", key=True),
    _text("place"),
    _moment("worked_at", optional=True),
    _moment("failed_since", optional=True),
    _moment("next_at"),
    Column("failures", Integer, nullable=False),
    _text("error"),
)
"""How the mail servers were last found, and up to where the mailbox was read."""

photos = Table(
    "photos",
    metadata,
    _text("store", key=True),
    _text("reference", key=True),
    _text("id", key=True),
    _text("name"),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    _moment("at"),
)
"""Pictures of a case, drawn anew: nothing but their dots is left of the file that came."""

ready_answers = Table(
    "ready_answers",
    metadata,
    _text("id", key=True),
    Column("version", Integer, primary_key=True, autoincrement=False, nullable=False),
    _text("title"),
    _text("language"),
    _text("text"),
    _text("by"),
    _moment("at"),
    Column("withdrawn", Integer, nullable=False, server_default="0"),
)
"""Answers that are written once; a change is a new version."""
