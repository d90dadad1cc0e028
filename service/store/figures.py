"""What figures are made of, read from the store."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, case, func, select, union_all

from service.cases import Case, fold
from service.store.cases import event_of
from service.store.tables import case_events, counts, heartbeats, kiosks, sums

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row

WEB = "web"
"""The name under which pages on the web count, beside those of kiosks."""
FROM_PAGE = "handoff-from-page"
"""Hand-overs whose sender came from a page; every one is also a `handoff-sent`."""
Counts = dict[tuple[str, str], int]
_SHARED = ("kiosk", "store", "day", "hour", "name", "choice", "language", "product", "stage", "page", "n")


class Slice(NamedTuple):
    """Which part is looked at; nothing means all."""

    product: str = ""
    stage: str = ""
    language: str = ""
    store: str = ""
    kiosk: str = ""


ALL = Slice()


def counted_by(connection: Connection, first: str, last: str, wanted: Slice = ALL, by: str = "") -> dict[str, Counts]:
    """Return how much of each name and choice was counted from day to day, for each value of a column, or under ''."""
    lines = union_all(*(select(*(table.c[name] for name in _SHARED)) for table in (counts, sums))).subquery()
    where = and_(lines.c.day.between(first, last), *_matching(lines.c, wanted))
    from_page = case((lines.c.page != "", 1), else_=0)
    groups: list[ColumnElement[Any]] = [lines.c.name, lines.c.choice, from_page]
    if by:
        groups.append(lines.c[by])
    found: dict[str, Counts] = defaultdict(lambda: defaultdict(int))
    for name, choice, has_page, n, *group in connection.execute(
        select(*groups[:3], func.sum(lines.c.n), *groups[3:]).where(where).group_by(*groups)
    ):
        own = found[group[0] if group else ""]
        own[name, choice] += int(n)
        if name == "handoff-sent" and has_page:
            own[FROM_PAGE, ""] += int(n)
    return {group: dict(own) for group, own in found.items()}


def counted(connection: Connection, first: str, last: str, wanted: Slice = ALL) -> Counts:
    """Return how much of each name and choice was counted from day to day."""
    return counted_by(connection, first, last, wanted).get("", {})


def cases_between(connection: Connection, first: int, last: int, wanted: Slice = ALL) -> list[Case]:
    """Return the cases that came in between two moments, with everything that happened to them."""
    begun = select(case_events.c.reference).where(case_events.c.number == 1, case_events.c.at.between(first, last))
    query = select(case_events).where(case_events.c.reference.in_(begun)).order_by(case_events.c.reference, case_events.c.number)
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.reference, []).append(row)
    cases = (fold([event_of(row) for row in rows]) for rows in found.values())
    return [one for one in cases if all(value in {"", place_of(one, name)} for name, value in wanted._asdict().items())]


def place_of(found: Case, name: str) -> str:
    """Return where a case came from, in the words in which counts tell it."""
    if name == "kiosk":
        sender = found.events[0].by
        return sender.removeprefix("kiosk:") if sender.startswith("kiosk:") else WEB
    return str(getattr(found.request, name))


def contacts_between(connection: Connection, first: int, last: int) -> dict[str, list[int]]:
    """Return for each address of a customer the moments at which cases came from it."""
    query = select(case_events.c.at, case_events.c.data).where(case_events.c.number == 1, case_events.c.at.between(first, last))
    found: dict[str, list[int]] = defaultdict(list)
    for row in connection.execute(query):
        address = json.loads(row.data)["case"].get("reply", {}).get("address", "").strip().casefold()
        if address:
            found[address].append(row.at)
    return found


def minutes_up(connection: Connection, first: str, last: str, wanted: Slice = ALL, by: str = "") -> dict[str, list[int]]:
    """Return for each kiosk and day the most minutes that it reported, under each day, kiosk or store, or under ''."""
    if wanted.product or wanted.stage or wanted.language or by in {"product", "stage", "language"}:
        return {}  # a screen is up for all of them
    places = {kiosk: store for kiosk, store in connection.execute(select(kiosks.c.kiosk, kiosks.c.store))}  # noqa: C416, rows
    query = select(heartbeats.c.kiosk, heartbeats.c.day, func.max(heartbeats.c.minutes_up))
    where = heartbeats.c.day.between(first, last)
    found: dict[str, list[int]] = defaultdict(list)
    for kiosk, day, minutes in connection.execute(query.where(where).group_by(heartbeats.c.kiosk, heartbeats.c.day)):
        store = places.get(kiosk, "")
        if wanted.kiosk in {"", kiosk} and wanted.store in {"", store}:
            found[{"day": day, "kiosk": kiosk, "store": store}.get(by, "")].append(int(minutes))
    return found


def places(connection: Connection, first: str, last: str) -> dict[str, list[str]]:
    """Return what can be chosen from: products, stages, languages, stores and kiosks that counted something."""
    found: dict[str, set[str]] = {name: set() for name in Slice._fields}
    for table in (counts, sums):
        query = select(*(table.c[name] for name in Slice._fields)).where(table.c.day.between(first, last)).distinct()
        for row in connection.execute(query):
            for name, value in zip(Slice._fields, row, strict=True):
                found[name].add(value)
    return {name: sorted(values - {""}) for name, values in found.items()}


def _matching(columns: Any, wanted: Slice) -> list[ColumnElement[bool]]:
    return [columns[name] == value for name, value in wanted._asdict().items() if value]
