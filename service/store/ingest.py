"""Taking items in: each once, whatever is sent twice; nothing silently dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Text, and_, column, insert, select, values

from service.messages import CaseRequest, Count, Counts, Feedback, Heartbeat, Phrases
from service.store.bulk import insert_rows
from service.store.cases import receive
from service.store.tables import counts, heartbeats, phrases, quarantine, received

if TYPE_CHECKING:
    from sqlalchemy import Connection

Content = CaseRequest | Phrases | Counts | Feedback | Heartbeat


@dataclass(frozen=True)
class Read:
    """An item as the desk read it: its content, or why there is none."""

    seq: int
    kind: str
    hash: str
    body: str
    content: Content | None
    reason: str = ""


@dataclass(frozen=True)
class Post:
    """What one kiosk posted at once, proven to be its own."""

    kiosk: str
    store: str
    epoch: str
    items: Sequence[Read]


@dataclass
class _Rows:
    """What goes into each table, gathered over all posts of one transaction."""

    received: list[dict[str, Any]] = field(default_factory=list)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    counts: list[dict[str, Any]] = field(default_factory=list)
    phrases: list[dict[str, Any]] = field(default_factory=list)
    heartbeats: list[dict[str, Any]] = field(default_factory=list)
    cases: list[tuple[dict[str, Any], Read]] = field(default_factory=list)


def take(connection: Connection, posts: Sequence[Post], now: int) -> list[tuple[int, ...]]:
    """Keep the items of many posts in the caller's transaction. Return for each post which items went into quarantine."""
    rows = _Rows()
    seen = _known(connection, posts)
    bad: list[list[int]] = [[] for _ in posts]
    for post, its_bad in zip(posts, bad, strict=True):
        for item in post.items:
            key = {"kiosk": post.kiosk, "epoch": post.epoch, "seq": item.seq}
            known = seen.get((post.kiosk, post.epoch, item.seq))
            if known == item.hash:
                continue
            if known is not None:
                rows.quarantine.append(_quarantined(key, item, "the same number came before with another body", now))
                its_bad.append(item.seq)
                continue
            seen[post.kiosk, post.epoch, item.seq] = item.hash
            rows.received.append({**key, "kind": item.kind, "hash": item.hash, "received_at": now})
            if item.content is None:
                rows.quarantine.append(_quarantined(key, item, item.reason, now))
                its_bad.append(item.seq)
            else:
                _sort(rows, key, item, post.store, now)
    clashed = _write(connection, rows, now)
    for post, its_bad in zip(posts, bad, strict=True):
        its_bad += [seq for kiosk, epoch, seq in clashed if (kiosk, epoch) == (post.kiosk, post.epoch)]
    return [tuple(sorted(set(seqs))) for seqs in bad]


def _known(connection: Connection, posts: Sequence[Post]) -> dict[tuple[str, str, int], str]:
    """Return what of these posts came before, in one question: each answer may wait for the thread that reads posts."""
    spans = values(column("its_kiosk", Text), column("its_epoch", Text), column("first", BigInteger), column("last", BigInteger))
    told = spans.data([(post.kiosk, post.epoch, post.items[0].seq, post.items[-1].seq) for post in posts]).cte("spans")
    mine = and_(
        received.c.kiosk == told.c.its_kiosk,
        received.c.epoch == told.c.its_epoch,
        received.c.seq.between(told.c.first, told.c.last),
    )
    query = select(received.c.kiosk, received.c.epoch, received.c.seq, received.c.hash).join(told, mine)
    return {(kiosk, epoch, seq): digest for kiosk, epoch, seq, digest in connection.execute(query)}


def _sort(rows: _Rows, key: dict[str, Any], item: Read, store: str, now: int) -> None:
    match item.content:
        case CaseRequest():
            rows.cases.append((key, item))
        case Counts(lines=lines):
            rows.counts += [_count({**key, "line": number}, store, line) for number, line in enumerate(lines)]
        case Feedback() as answer:
            rows.counts += _answers(key, store, answer)
        case Phrases(day=day, phrases=found):
            rows.phrases += [
                {**key, "line": number, "day": day.isoformat(), **phrase.model_dump()} for number, phrase in enumerate(found)
            ]
        case Heartbeat() as beat:
            told = beat.model_dump(include={"minutes_up", "waiting", "oldest_seconds", "release"})
            rows.heartbeats.append(
                {**key, **told, "day": beat.day.isoformat(), "alarms": " ".join(beat.alarms), "received_at": now}
            )
        case None:
            pass


def _count(key: dict[str, Any], store: str, line: Count) -> dict[str, Any]:
    return {
        **key,
        "store": store,
        "day": line.day.isoformat(),
        "hour": line.hour,
        "name": str(line.name),
        "choice": line.choice,
        "language": line.language,
        "product": line.product,
        "stage": line.stage,
        "page": line.page,
        "n": line.n,
    }


def _answers(key: dict[str, Any], store: str, answer: Feedback) -> list[dict[str, Any]]:
    """Make two numbers of an answer, how and why, that nobody can join again."""
    place = answer.model_dump(include={"hour", "language", "product", "stage", "page"})
    row = {**key, **place, "store": store, "day": answer.day.isoformat(), "n": 1}
    found = [{**row, "line": 0, "name": answer.question, "choice": str(answer.value)}]
    if answer.reason:
        found.append({**row, "line": 1, "name": "reason", "choice": answer.reason})
    return found


def _quarantined(key: dict[str, Any], item: Read, reason: str, now: int) -> dict[str, Any]:
    body = item.body.replace("\x00", "\ufffd")  # PostgreSQL keeps no zero byte
    return {**key, "hash": item.hash, "kind": item.kind, "reason": reason, "body": body, "received_at": now}


def _write(connection: Connection, rows: _Rows, now: int) -> list[tuple[str, str, int]]:
    clashed: list[tuple[str, str, int]] = []
    came = [
        (item.content, item.hash, f"kiosk:{key['kiosk']}", now)
        for key, item in rows.cases
        if isinstance(item.content, CaseRequest)
    ]
    for (key, item), outcome in zip(rows.cases, receive(connection, came), strict=True):
        if outcome == "clash":
            rows.quarantine.append(_quarantined(key, item, "another case has this reference number", now))
            clashed.append((key["kiosk"], key["epoch"], key["seq"]))
    _set_aside(connection, rows.quarantine)
    tables = ((received, rows.received), (counts, rows.counts), (phrases, rows.phrases), (heartbeats, rows.heartbeats))
    for table, made in tables:
        insert_rows(connection, table, made)
    return clashed


def _set_aside(connection: Connection, made: list[dict[str, Any]]) -> None:
    """Keep a wrong body once, however often it is offered."""
    for row in made:
        mine = and_(*(quarantine.c[name] == row[name] for name in ("kiosk", "epoch", "seq", "hash")))
        if connection.execute(select(quarantine.c.seq).where(mine)).first() is None:
            connection.execute(insert(quarantine), row)
