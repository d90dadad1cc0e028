"""Cases in the store: their events, and the list that is made from them."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.cases import (
    DUE,
    OPEN,
    SUMMARY_LENGTH,
    CannotError,
    Case,
    CaseEvent,
    Kind,
    Status,
    begin,
    check_possible,
    erased,
    fold,
    happened,
)
from service.store.bulk import insert_rows
from service.store.deliveries import enqueue
from service.store.tables import case_events, cases, mail_in, mail_out, photos

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from service.messages import CaseRequest

PAGE_ROWS = 50
NOTHING_MORE: Mapping[str, dict[str, Any]] = MappingProxyType({})
NOBODY = "-"
"""In a filter: assigned to nobody."""


_PRESSING: tuple[Any, ...] = (cases.c.urgent.desc(), func.coalesce(cases.c.answer_by, 2**62), cases.c.received_at)


class ClashError(Exception):
    """The same reference number came with other words."""


class NoCaseError(Exception):
    """There is no case of that number."""


class Filter(NamedTuple):
    """What a list shows."""

    status: str = "open"
    store: str = ""
    flow: str = ""
    assignee: str = ""
    level: int = 0
    words: str = ""
    page: int = 0


def receive(
    connection: Connection, came: Sequence[tuple[CaseRequest, str, str, int]], told: Mapping[str, dict[str, Any]] = NOTHING_MORE
) -> list[str]:
    """Keep cases that came in (case, hash of its box, sender, moment). Return for each `new`, `known` or `clash`.

    `told` has what the first event of a case tells beside it, such as its photos, by number.
    """
    hashes = _hashes(connection, {case.reference for case, *_ in came})
    outcome, made, rows = [], [], []
    for case, digest, sender, at in came:
        known = hashes.get(case.reference)
        outcome.append("new" if known is None else "known" if known == digest else "clash")
        if known is not None:
            continue
        hashes[case.reference] = digest
        event = CaseEvent(
            Kind.RECEIVED,
            sender,
            at,
            {"case": case.model_dump(mode="json", exclude_defaults=True), "hash": digest, **told.get(case.reference, {})},
        )
        # Without its defaults a case is half as long; `flow` tells its details apart and must stay.
        event.data["case"]["details"]["flow"] = case.details.flow
        begun = Case(case, received_at=at, changed_at=at, events=(event,))
        made.append(_event_row(case.store, case.reference, 1, event))
        rows.append(_row(begun))
    insert_rows(connection, case_events, made)
    insert_rows(connection, cases, rows)
    # In the same transaction: no case can be kept and forgotten on its way.
    enqueue(connection, [(row["store"], row["reference"], row["received_at"]) for row in rows])
    return outcome


def begin_case(connection: Connection, event: CaseEvent) -> Case:
    """Keep a case that begins at the desk itself."""
    case = begin(event)
    insert_rows(connection, case_events, [_event_row(case.request.store, case.request.reference, 1, event)])
    insert_rows(connection, cases, [_row(case)])
    enqueue(connection, [(case.request.store, case.request.reference, case.received_at)])
    return case


def load(connection: Connection, reference: str) -> Case:
    """Return a case as it stands; NoCaseError when there is none."""
    query = select(case_events).where(case_events.c.reference == reference).order_by(case_events.c.number)
    events = [event_of(row) for row in connection.execute(query)]
    if not events:
        raise NoCaseError(f"There is no case {reference}.")
    return fold(events)


def add(connection: Connection, reference: str, event: CaseEvent) -> Case:
    """Let something happen to a case, in the transaction of the caller; CannotError when it makes no sense."""
    # Two clerks at once: the second one waits here and then sees what the first one did. SQLite's transaction has locked all.
    connection.execute(select(cases.c.reference).where(cases.c.reference == reference).with_for_update())
    case = load(connection, reference)
    check_possible(case, event.kind)
    after = happened(case, event)
    connection.execute(insert(case_events), _event_row(case.request.store, reference, len(after.events), event))
    _replace(connection, after)
    return after


def erase(connection: Connection, reference: str, by: str, at: int) -> None:
    """Empty everything personal of a case, and note that it was done: the one thing that is ever overwritten."""
    case = load(connection, reference)
    emptied = erased(case.events)
    where = and_(case_events.c.store == case.request.store, case_events.c.reference == reference)
    statement = update(case_events).where(where, case_events.c.number == bindparam("which")).values(data=bindparam("emptied"))
    connection.execute(statement, [{"which": number, "emptied": _json(event)} for number, event in enumerate(emptied, 1)])
    for table in (mail_out, photos):
        connection.execute(delete(table).where(table.c.store == case.request.store, table.c.reference == reference))
    connection.execute(update(mail_in).where(mail_in.c.reference == reference).values(sender="", message=""))
    event = CaseEvent(Kind.ERASED, by, at)
    connection.execute(insert(case_events), _event_row(case.request.store, reference, len(emptied) + 1, event))
    _replace(connection, fold([*emptied, event]))


def rebuild(connection: Connection) -> int:
    """Make the list anew from all events; return how many cases there are."""
    connection.execute(delete(cases))
    query = select(case_events).order_by(case_events.c.store, case_events.c.reference, case_events.c.number)
    case: Case | None = None
    count = 0
    for row in connection.execute(query):
        if row.number == 1:
            count += 1
            if case is not None:
                connection.execute(insert(cases), _row(case))
            case = begin(event_of(row))
        elif case is not None:
            case = happened(case, event_of(row))
    if case is not None:
        connection.execute(insert(cases), _row(case))
    return count


class Beside(NamedTuple):
    """What a list tells of a case beside its row."""

    who: str = ""
    """The customer's name, else the address."""
    way: str = ""
    """Where it came in: the kiosk's name, `mail`, or `desk`."""
    said: str = ""
    """What the customer wrote last; empty where the first words were the last."""


def beside(connection: Connection, references: Sequence[str]) -> dict[str, Beside]:
    """Return who wrote, and what last, of the cases of one page of the list."""
    table = case_events
    where = and_(table.c.reference.in_(references), or_(table.c.number == 1, table.c.kind == Kind.ANSWERED.value))
    found: dict[str, Beside] = {}
    for row in connection.execute(select(table).where(where).order_by(table.c.reference, table.c.number)):
        data = json.loads(row.data)
        if row.number == 1:
            reply, surface = data["case"].get("reply", {}), data["case"].get("surface", "kiosk")
            who = reply.get("name") or reply.get("address") or ""
            found[row.reference] = Beside(who, row.by.removeprefix("kiosk:") if surface == "kiosk" else surface)
        else:
            said = " ".join(data.get("text", "").split())
            found[row.reference] = found[row.reference]._replace(said=said[:SUMMARY_LENGTH])
    return found


def listed(connection: Connection, wanted: Filter, now: int = 0) -> tuple[list[Row[Any]], int]:
    """Return one page of the list, the most pressing first, and how many there are in all; what is late, it is at `now`."""
    where = and_(True, *_conditions(wanted, now))
    total = connection.execute(select(func.count()).select_from(cases).where(where)).scalar_one()
    order = _PRESSING
    if wanted.status == Status.CLOSED:
        order = (cases.c.closed_at.desc(), cases.c.received_at, cases.c.reference)
    query = select(cases).where(where).order_by(*order, cases.c.reference).limit(PAGE_ROWS).offset(wanted.page * PAGE_ROWS)
    return list(connection.execute(query)), total


def tally(connection: Connection, now: int, me: str = "") -> dict[str, int]:
    """Return how many cases are open, due, late, and due to one of the desk."""
    waiting = cases.c.status.in_(DUE)
    query = select(
        func.count().filter(cases.c.status.in_(OPEN)).label("open"),
        func.count().filter(waiting).label("due"),
        func.count().filter(_late(now)).label("late"),
        func.count().filter(waiting, cases.c.assignee == me).label("mine"),
    )
    return dict(connection.execute(query).one()._mapping)  # noqa: SLF001, SQLAlchemy's public name for it


def following(connection: Connection, reference: str, me: str) -> Row[Any] | None:
    """Return the most pressing case for somebody of the desk but this one: their own, or nobody's."""
    free = and_(cases.c.status.in_(DUE), cases.c.assignee.in_(["", me]), cases.c.reference != reference)
    return connection.execute(select(cases).where(free).order_by(*_PRESSING, cases.c.reference).limit(1)).first()


def named(connection: Connection, number: str) -> str:
    """Return the case of a number: its own, or the one that the customer knows by it; empty where there is none."""
    if references_of(connection, [number]):
        return number
    found = listed(connection, Filter("all", words=number))[0]
    return str(found[0].reference) if len(found) == 1 else ""


def _late(now: int) -> Any:
    return and_(cases.c.status.in_(DUE), cases.c.first_reply_at.is_(None), cases.c.answer_by < now)


def stores(connection: Connection) -> list[str]:
    """Return the shops that cases came from."""
    return [name for name in connection.execute(select(cases.c.store).distinct().order_by(cases.c.store)).scalars() if name]


def products(connection: Connection) -> list[str]:
    """Return the products that cases are about."""
    return [name for name in connection.execute(select(cases.c.product).distinct().order_by(cases.c.product)).scalars() if name]


def last_change(connection: Connection) -> str:
    """Return a word that is another one when any case has changed."""
    row = connection.execute(select(func.max(cases.c.changed_at), func.sum(cases.c.events))).one()
    return f"{row[0] or 0}.{row[1] or 0}"


def merge(connection: Connection, reference: str, into: str, by: str, at: int) -> None:
    """Merge a case into another one: both tell it, and what comes for the first goes to the second from now on."""
    if reference == into:
        raise CannotError("A case cannot be merged into itself.")
    try:
        target = load(connection, into)
    except NoCaseError:
        raise CannotError(f"There is no case {into}.") from None
    if target.merged_into:
        raise CannotError(f"{into} was merged into {target.merged_into}. Take that one.")
    if target.erased or target.status is Status.CLOSED:
        raise CannotError(f"{into} is {'erased' if target.erased else 'closed. Open it again first'}.")
    add(connection, reference, CaseEvent(Kind.MERGED, by, at, {"into": into}))
    add(connection, into, CaseEvent(Kind.JOINED, by, at, {"from": reference}))


def references_of(connection: Connection, wanted: Iterable[str]) -> set[str]:
    """Return which of these numbers exist."""
    return {row.reference for row in connection.execute(select(cases.c.reference).where(cases.c.reference.in_(list(wanted))))}


def _conditions(wanted: Filter, now: int) -> list[Any]:
    conditions: list[Any] = []
    if wanted.status == "open":
        conditions.append(cases.c.status.in_(OPEN))
    elif wanted.status == "due":
        conditions.append(cases.c.status.in_(DUE))
    elif wanted.status == "late":
        conditions.append(_late(now))
    elif wanted.status != "all":
        conditions.append(cases.c.status == wanted.status)
    fields = ("store", "flow", "assignee", "level")
    told = {name: getattr(wanted, name) for name in fields}
    conditions.extend(cases.c[name] == value for name, value in told.items() if value and value != NOBODY)
    if wanted.assignee == NOBODY:
        conditions.append(cases.c.assignee == "")
    for word in wanted.words.casefold().split()[:8]:
        in_number = cases.c.reference.contains(word.upper(), autoescape=True)
        conditions.append(or_(cases.c.found_by.contains(word, autoescape=True), in_number))
    return conditions


def _hashes(connection: Connection, references: set[str]) -> dict[str, str]:
    """Return the hash under which each of these cases came."""
    known: dict[str, str] = {}
    ordered = sorted(references)
    for at in range(0, len(ordered), 500):
        where = and_(case_events.c.reference.in_(ordered[at : at + 500]), case_events.c.number == 1)
        for row in connection.execute(select(case_events.c.reference, case_events.c.data).where(where)):
            known[row.reference] = json.loads(row.data).get("hash", "")
    return known


def event_of(row: Row[Any]) -> CaseEvent:
    """Return a row as an event."""
    return CaseEvent(Kind(row.kind), row.by, row.at, json.loads(row.data))


def _event_row(store: str, reference: str, number: int, event: CaseEvent) -> dict[str, Any]:
    told = {"kind": event.kind.value, "by": event.by, "at": event.at, "data": _json(event)}
    return {"store": store, "reference": reference, "number": number, **told}


def _json(event: CaseEvent) -> str:
    return json.dumps(event.data, ensure_ascii=False, separators=(",", ":"))


def _row(case: Case) -> dict[str, Any]:
    request = case.request
    return {
        "store": request.store,
        "reference": request.reference,
        "flow": request.flow.value,
        "product": request.product,
        "language": request.language,
        "status": case.status.value,
        "urgent": int(case.urgent),
        "level": case.level,
        "assignee": case.assignee,
        "received_at": case.received_at,
        "answer_by": case.answer_by,
        "first_reply_at": case.first_reply_at,
        "changed_at": case.changed_at,
        "closed_at": case.closed_at,
        "events": len(case.events),
        "summary": case.summary,
        "found_by": case.found_by,
    }


def _replace(connection: Connection, case: Case) -> None:
    row = _row(case)
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(cases).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["store", "reference"], set_=row))
