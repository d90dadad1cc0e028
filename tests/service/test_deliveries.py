"""Deliveries in both databases: made with their case, owned by one desk at a time, counted before they are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.messages import CaseRequest
from service.reference import new_reference
from service.store import deliveries as store_of
from service.store.cases import receive
from service.store.deliveries import LEASE, State, Which
from tests.service.conftest import NOW, form

if TYPE_CHECKING:
    from service.store import Store

AT = 1_770_000_000_000


def test_from_the_case_to_the_other_side(store: Store) -> None:
    """Each step on SQLite and on PostgreSQL."""
    number = new_reference("NH")
    case = CaseRequest.model_validate({**form(), "reference": number, "accepted_at": NOW, "store": "city"})
    for _ in range(2):
        store.writing(lambda connection: receive(connection, [(case, "h", "kiosk:x", AT)]))
    with store.read() as connection:
        (waits,) = store_of.unrouted(connection)
    assert waits == Which("city", number, "")
    for _ in range(2):
        store.writing(lambda connection: store_of.route(connection, waits, ["a", "b"], "high", "Repairs", AT))
    which = waits._replace(target="a")
    with store.read() as connection:
        assert store_of.unrouted(connection) == []
        assert store_of.due(connection, "a", AT - 1) is None
        assert store_of.due(connection, "a", AT) == which
    leased = store.writing(lambda connection: store_of.lease(connection, which, AT))
    assert leased is not None
    assert (leased[0].priority, leased[0].group, leased[0].tries, leased[1]) == ("high", "Repairs", 0, False)
    assert store.writing(lambda connection: store_of.lease(connection, which, AT)) is None
    store.writing(lambda connection: store_of.settle(connection, which, due_at=AT + 5000, why="busy"))
    store.writing(lambda connection: store_of.hold(connection, "a", AT + 9000))
    with store.read() as connection:
        assert store_of.due(connection, "a", AT + 8999) is None
        assert store_of.of_case(connection, number)[0].tries == 1
    again = store.writing(lambda connection: store_of.lease(connection, which, AT + 9000))
    cut_off = store.writing(lambda connection: store_of.lease(connection, which, AT + 9000 + LEASE))
    assert again is not None
    assert cut_off is not None
    assert (again[1], cut_off[1]) == (False, True)


def test_what_staff_do(store: Store) -> None:
    """Try again, believe, switch off and on; the list has what must be looked at first."""
    numbers = [new_reference("NH") for _ in range(3)]
    store.writing(lambda connection: store_of.enqueue(connection, [("city", number, AT) for number in numbers]))
    with store.read() as connection:
        waiting = store_of.unrouted(connection)
    for waits in waiting:
        store.writing(lambda connection, waits=waits: store_of.route(connection, waits, ["a"], "normal", "", AT))  # type: ignore[misc]
    first, second, third = (Which("city", number, "a") for number in numbers)
    store.writing(lambda connection: store_of.settle(connection, second, state=State.FAILED.value, why="no"))
    store.writing(lambda connection: store_of.settle(connection, third, state=State.UNCLEAR.value, why="?"))
    with store.read() as connection:
        assert [row.state for row in store_of.listed(connection, store_of.OPEN)][2] == State.WAITING
        assert store_of.tallied(connection) == {"a": {"waiting": 1, "failed": 1, "unclear": 1}}
    assert store.writing(lambda connection: store_of.again(connection, second, AT + 1))
    assert store.writing(lambda connection: store_of.arrived(connection, third, AT + 1))
    assert not store.writing(lambda connection: store_of.arrived(connection, first, AT + 1))
    assert not store.writing(lambda connection: store_of.again(connection, third, AT + 1))
    with store.read() as connection:
        tries = {row.reference: row.tries for row in store_of.listed(connection, [State.WAITING])}
        assert tries == {numbers[0]: 0, numbers[1]: 1}, "whoever is tried again is asked first"
        assert [row.reference for row in store_of.listed(connection, [State.DONE])] == [numbers[2]]
    for _ in range(2):
        store.writing(lambda connection: store_of.switch_off(connection, "a", "410 Gone", AT))
    with store.read() as connection:
        assert store_of.off(connection)["a"].why == "410 Gone"
    assert store.writing(lambda connection: store_of.switch_on(connection, "a", AT + 7))
    assert not store.writing(lambda connection: store_of.switch_on(connection, "a", AT + 7))
    with store.read() as connection:
        assert store_of.due(connection, "a", AT + 7) is not None
