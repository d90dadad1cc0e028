"""Deliveries in the store: each is one row, from the moment its case is kept until the other side has it or it is given up."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, delete, func, insert, select, update

from service.store.bulk import insert_rows
from service.store.tables import deliveries, switched_off

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

LEASE = 10 * 60_000
"""So long one desk has a delivery for itself; a killed one loses it then. No try takes as long."""


class State(StrEnum):
    """How a delivery stands."""

    NEW = "new"
    """Waits for its route."""
    WAITING = "waiting"
    """Will be tried, for the first time or again."""
    DONE = "done"
    FAILED = "failed"
    """Given up: somebody must look."""
    UNCLEAR = "unclear"
    """Perhaps it arrived: somebody must look at the other side."""


OPEN = (State.WAITING, State.FAILED, State.UNCLEAR)


class Which(NamedTuple):
    """The key of a delivery."""

    store: str
    reference: str
    target: str

    def row(self) -> ColumnElement[bool]:
        """Return the condition that is true for its row only."""
        return and_(*(deliveries.c[name] == value for name, value in zip(self._fields, self, strict=True)))


def enqueue(connection: Connection, cases: Sequence[tuple[str, str, int]]) -> None:
    """Let new cases (shop, number, moment) wait for their route."""
    rows = [_row(Which(store, reference, ""), State.NEW, at) for store, reference, at in cases]
    insert_rows(connection, deliveries, rows)


def begin(connection: Connection, name: str, targets: Iterable[str], now: int) -> None:
    """Let what is no case, and so belongs to no shop, wait for its way to these targets."""
    insert_rows(connection, deliveries, [_row(Which("", name, target), State.WAITING, now, "normal") for target in targets])


def unrouted(connection: Connection, most: int = 200) -> list[Which]:
    """Return cases that wait for their route."""
    waits = and_(deliveries.c.state == State.NEW, deliveries.c.target == "")
    query = select(deliveries.c.store, deliveries.c.reference, deliveries.c.target).where(waits)
    return [Which(*row) for row in connection.execute(query.order_by(deliveries.c.due_at).limit(most))]


def route(connection: Connection, waits: Which, targets: Iterable[str], priority: str, group: str, now: int) -> bool:
    """Put a delivery for each target in the place of the one without; once: False for a desk that was not the first."""
    if connection.execute(delete(deliveries).where(waits.row(), deliveries.c.state == State.NEW)).rowcount != 1:
        return False
    made = [_row(waits._replace(target=target), State.WAITING, now, priority, group) for target in targets]
    insert_rows(connection, deliveries, made)
    return True


def due(connection: Connection, target: str, now: int) -> Which | None:
    """Return the delivery that has waited longest for its try."""
    waits = and_(deliveries.c.state == State.WAITING, deliveries.c.target == target, deliveries.c.due_at <= now)
    query = select(deliveries.c.store, deliveries.c.reference, deliveries.c.target).where(waits, deliveries.c.leased_until <= now)
    row = connection.execute(query.order_by(deliveries.c.due_at, deliveries.c.reference).limit(1)).one_or_none()
    return Which(*row) if row else None


def to_look_at(connection: Connection, target: str, now: int) -> Which | None:
    """Return a delivery that is done, and whose state at the other side should be asked for."""
    done = and_(deliveries.c.state == State.DONE, deliveries.c.target == target, deliveries.c.due_at <= now)
    query = select(deliveries.c.store, deliveries.c.reference, deliveries.c.target).where(done, deliveries.c.leased_until <= now)
    row = connection.execute(query.order_by(deliveries.c.due_at, deliveries.c.reference).limit(1)).one_or_none()
    return Which(*row) if row else None


def lease(connection: Connection, which: Which, now: int, *, tries: int = 1) -> tuple[Row[Any], bool] | None:
    """Take a delivery for oneself, count the try before it is made, and return its row and whether the try before was cut off.

    None when another desk was faster.
    """
    before = connection.execute(select(deliveries).where(which.row())).one_or_none()
    if before is None or before.leased_until > now or before.due_at > now:
        return None
    mine = and_(which.row(), deliveries.c.leased_until == before.leased_until, deliveries.c.tries == before.tries)
    changes = {"leased_until": now + LEASE, "tries": before.tries + tries, "first_at": before.first_at or now}
    if connection.execute(update(deliveries).where(mine).values(changes)).rowcount != 1:
        return None
    return before, before.leased_until != 0


def settle(connection: Connection, which: Which, **values: Any) -> None:
    """Write down how a try ended, and give the delivery free."""
    connection.execute(update(deliveries).where(which.row()).values(leased_until=0, **values))


def hold(connection: Connection, target: str, until: int) -> None:
    """Let everything that waits for a target wait at least until then."""
    waits = and_(deliveries.c.state == State.WAITING, deliveries.c.target == target, deliveries.c.due_at < until)
    connection.execute(update(deliveries).where(waits).values(due_at=until))


def again(connection: Connection, which: Which, now: int) -> bool:
    """Try a delivery again now, with a new plan; what happened before stays counted. False where nothing is to be tried."""
    here = and_(which.row(), deliveries.c.state.in_(OPEN))
    # At least one try is counted: then the other side is asked first whether it has it already.
    tries = func.coalesce(func.nullif(deliveries.c.tries, 0), 1)
    changes = {"state": State.WAITING.value, "due_at": now, "first_at": now, "why": "", "tries": tries}
    return connection.execute(update(deliveries).where(here).values(changes)).rowcount == 1


def arrived(connection: Connection, which: Which, now: int) -> bool:
    """Take a person's word that an unclear delivery is there."""
    here = and_(which.row(), deliveries.c.state.in_((State.UNCLEAR, State.FAILED)))
    changes = {"state": State.DONE.value, "done_at": now, "due_at": NEVER, "why": ""}
    return connection.execute(update(deliveries).where(here).values(changes)).rowcount == 1


NEVER = 2**62
"""Due at no time."""


def switch_off(connection: Connection, target: str, why: str, now: int) -> None:
    """Send nothing to a target any more."""
    if target not in off(connection):
        connection.execute(insert(switched_off), {"target": target, "why": why, "at": now})


def switch_on(connection: Connection, target: str, now: int) -> bool:
    """Send to a target again, at once what has waited; False where it was on."""
    if connection.execute(delete(switched_off).where(switched_off.c.target == target)).rowcount != 1:
        return False
    waits = and_(deliveries.c.state == State.WAITING, deliveries.c.target == target)
    connection.execute(update(deliveries).where(waits).values(due_at=now, first_at=None))
    return True


def off(connection: Connection) -> dict[str, Row[Any]]:
    """Return the targets that are switched off, with when and why."""
    return {row.target: row for row in connection.execute(select(switched_off))}


def tallied(connection: Connection) -> dict[str, dict[str, int]]:
    """Return how many deliveries of each target stand how."""
    query = select(deliveries.c.target, deliveries.c.state, func.count()).where(deliveries.c.target != "")
    found: dict[str, dict[str, int]] = {}
    for target, state, n in connection.execute(query.group_by(deliveries.c.target, deliveries.c.state)):
        found.setdefault(target, {})[state] = n
    return found


def listed(connection: Connection, states: Iterable[str], most: int = 100) -> list[Row[Any]]:
    """Return deliveries that stand so, what somebody must look at first, then what is due next; of the done ones the newest."""
    wanted = [str(state) for state in states]
    newest = deliveries.c.done_at.desc() if wanted == [State.DONE] else deliveries.c.due_at
    where = and_(deliveries.c.state.in_(wanted), deliveries.c.target != "")
    query = select(deliveries).where(where).order_by(deliveries.c.state == State.WAITING, newest, deliveries.c.reference)
    return list(connection.execute(query.limit(most)))


def of_case(connection: Connection, reference: str) -> list[Row[Any]]:
    """Return where a case was handed on to."""
    mine = and_(deliveries.c.reference == reference, deliveries.c.target != "")
    return list(connection.execute(select(deliveries).where(mine).order_by(deliveries.c.target)))


def _row(which: Which, state: State, now: int, priority: str = "", group: str = "") -> dict[str, Any]:
    told = {"state": state.value, "priority": priority, "group": group, "due_at": now, "made_at": now}
    return {**which._asdict(), **told, "leased_until": 0}
