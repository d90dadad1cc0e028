"""A store opens with the newest tables, on both kinds of database, whoever else starts at the same moment."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect

from service.cases import CannotError, CaseEvent, Kind, Status, begin, check_possible, happened
from service.messages import CaseRequest
from service.reference import new_reference
from service.store import Store, StoreError, open_store
from service.store.cases import Filter, NoCaseError, add, begin_case, erase, listed, load, rebuild, receive, tally
from service.store.deliveries import unrouted
from service.store.engine import shown
from service.store.tables import metadata
from tests.service.conftest import NOW, empty_database, form

AT = int(NOW.timestamp() * 1000)


def case(**changes: object) -> CaseRequest:
    """Return a case that came in."""
    return CaseRequest.model_validate({"reference": new_reference("NH"), "accepted_at": NOW, "store": "city", **form(**changes)})


def came(store: Store, *requests: CaseRequest) -> list[str]:
    """Let cases come in."""
    return store.writing(lambda connection: receive(connection, [(one, one.reference, "kiosk:city-1", AT) for one in requests]))


def test_migrations_make_the_tables_that_the_code_knows(store: Store) -> None:
    """A table or column that was added to one and not to the other is found."""
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_desks_that_start_at_once_migrate_once(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Four processes on an empty database: all of them open it."""
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    if kind == "postgresql":
        url = empty_database(request.getfixturevalue("postgres"), f"m{tmp_path.name[-8:].lower()}".replace("-", "_"), "template1")
    failed: list[Exception] = []

    def start() -> None:
        try:
            open_store(url).close()
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    with (again := open_store(url)).read() as connection:
        assert "case_events" in inspect(connection).get_table_names()
    again.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "Look at DATABASE_URL"),
        ("sqlite:////no/such/folder/desk.sqlite", "unable to open"),
        ("postgresql://desk:secret@127.0.0.1:9/none", "Look at DATABASE_URL"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(url: str, words: str) -> None:
    """The message names the address and what to look at."""
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value) + shown(url)


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    """When something fails in the middle, nothing of it was there."""
    request = case()

    def half(connection: object) -> None:
        receive(connection, [(request, "h", "kiosk:city-1", AT)])  # type: ignore[arg-type]
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        store.writing(half)
    with store.read() as connection, pytest.raises(NoCaseError):
        load(connection, request.reference)


def test_events_make_a_case(store: Store) -> None:
    """Reply, answer of the customer, close, open again: each is an event, and whose turn it is follows."""
    request = case()
    came(store, request)
    steps = [
        (Kind.ASSIGNED, {"to": "ada"}, Status.NEW),
        (Kind.NOTED, {"text": "looks like the thermostat"}, Status.NEW),
        (Kind.REPLIED, {"text": "Bring it in."}, Status.ANSWERED),
        (Kind.ANSWERED, {"text": "I will."}, Status.WAITING),
        (Kind.CLOSED, {"outcome": "solved"}, Status.CLOSED),
        (Kind.REOPENED, {}, Status.WAITING),
    ]
    for number, (kind, data, status) in enumerate(steps, 1):
        event = CaseEvent(kind, "ada", AT + number * 1000, data)
        assert store.writing(partial(add, reference=request.reference, event=event)).status == status
    with store.read() as connection:
        found = load(connection, request.reference)
        (row,), total = listed(connection, Filter(words="thermostat kim"))
    assert [event.kind for event in found.events] == [Kind.RECEIVED, *(kind for kind, *_ in steps)]
    assert (found.first_reply_at, found.assignee, total) == (AT + 3000, "ada", 1)
    assert (row.reference, row.status, row.events) == (request.reference, "waiting", 7)


@pytest.mark.parametrize(
    ("before", "kind", "words"),
    [
        (Kind.CLOSED, Kind.REPLIED, "is closed. Open it again first"),
        (Kind.CLOSED, Kind.CLOSED, "is closed"),
        (Kind.NOTED, Kind.REOPENED, "is open"),
        (Kind.MERGED, Kind.REPLIED, "was merged into NH-"),
    ],
)
def test_what_makes_no_sense_is_refused(store: Store, before: Kind, kind: Kind, words: str) -> None:
    """The clerk is told why, and nothing is written."""
    request = case()
    came(store, request)
    first = CaseEvent(before, "ada", AT, {"text": "x", "into": "NH-7K3M9-QXD4R-9"})
    store.writing(lambda connection: add(connection, request.reference, first))
    with pytest.raises(CannotError, match=words):
        store.writing(lambda connection: add(connection, request.reference, CaseEvent(kind, "bob", AT, {"text": "x"})))
    with store.read() as connection:
        assert len(load(connection, request.reference).events) == 2


def test_two_clerks_at_once_lose_nothing(store: Store) -> None:
    """Twelve notes written at the same moment from six threads are all there."""
    request = case()
    came(store, request)
    failed: list[BaseException] = []

    def write(who: int) -> None:
        for turn in range(2):
            event = CaseEvent(Kind.NOTED, f"clerk{who}", AT, {"text": f"{who}.{turn}"})
            try:
                store.writing(partial(add, reference=request.reference, event=event))
            except BaseException as error:  # noqa: BLE001, told below
                failed.append(error)

    threads = [threading.Thread(target=write, args=(who,)) for who in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    with store.read() as connection:
        said = sorted(event.data["text"] for event in load(connection, request.reference).events[1:])
    assert said == sorted(f"{who}.{turn}" for who in range(6) for turn in range(2))


def test_a_case_that_begins_as_a_mail_waits_for_its_route_like_any_other(store: Store) -> None:
    """Whoever hands cases on to another desk hands on all of them."""
    request = case()
    event = CaseEvent(Kind.RECEIVED, "mail", AT, {"case": request.model_dump(mode="json"), "hash": ""})
    store.writing(lambda connection: begin_case(connection, event))
    with store.read() as connection:
        assert [waits.reference for waits in unrouted(connection)] == [request.reference]


def test_the_most_pressing_stands_first(store: Store) -> None:
    """Danger first, then by the promised time; what is late is counted."""
    danger = {"flow": "complaint", "kind": "broken", "remedy": "refund", "safety_risk": True}
    later, sooner = (case().model_copy(update={"answer_by": NOW.replace(hour=hour)}) for hour in (18, 12))
    urgent, never = case(details=danger), case(details={"flow": "idea"})
    came(store, never, later, sooner, urgent)
    with store.read() as connection:
        rows, total = listed(connection, Filter())
        assert [row.reference for row in rows] == [one.reference for one in (urgent, sooner, later, never)]
        assert total == 4
        assert tally(connection, AT + 5 * 3_600_000) == {"open": 4, "due": 4, "late": 1, "mine": 4}
        assert [row.reference for row in listed(connection, Filter(flow="idea"))[0]] == [never.reference]


@pytest.mark.parametrize("words", ["%", "_", "'; DROP TABLE cases;--", "\\", "kim%miller"])
def test_a_search_is_words_never_a_pattern(store: Store, words: str) -> None:
    """Signs that mean something in SQL mean themselves."""
    came(store, case(words="nothing special"))
    with store.read() as connection:
        assert listed(connection, Filter(words=words)) == ([], 0)
        assert listed(connection, Filter(words="kim"))[1] == 1


def test_an_erasure_leaves_numbers_and_no_person(store: Store) -> None:
    """Nothing that a person wrote or is known by is left in any table; the case still counts, and stays as it is."""
    request = case(words="secret words", model="secret model", scan="secret scan")
    came(store, request)
    for kind in (Kind.REPLIED, Kind.NOTED, Kind.ANSWERED):
        event = CaseEvent(kind, "ada", AT, {"text": f"secret {kind}", "mail": {"to": "kim.miller@customer.example"}})
        store.writing(partial(add, reference=request.reference, event=event))
    store.writing(lambda connection: erase(connection, request.reference, "ada", AT))
    with store.read() as connection:
        dump = "".join(str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(table.select()))
        found = load(connection, request.reference)
    assert [word for word in ("secret", "Kim", "kim.miller", "kettle stops") if word in dump] == []
    assert (found.erased, found.first_reply_at, found.request.product) == (True, AT, "kettle")
    with pytest.raises(CannotError):
        store.writing(lambda connection: add(connection, request.reference, CaseEvent(Kind.NOTED, "ada", AT, {"text": "x"})))
    assert store.writing(rebuild) == 1


@settings(deadline=None)  # a busy machine is no fault of the rule
@given(st.lists(st.sampled_from([Kind.REPLIED, Kind.ANSWERED, Kind.NOTED, Kind.CLOSED, Kind.REOPENED, Kind.LEVEL]), max_size=12))
def test_a_case_is_never_closed_and_open(kinds: list[Kind]) -> None:
    """After any events that were possible, a closed case has a time of closing and an open one has none."""
    found = begin(CaseEvent(Kind.RECEIVED, "kiosk:x", AT, {"case": case().model_dump(mode="json")}))
    for number, kind in enumerate(kinds, 1):
        try:
            check_possible(found, kind)
        except CannotError:
            continue
        found = happened(found, CaseEvent(kind, "ada", AT + number, {"level": 2, "text": "x"}))
        assert (found.status is Status.CLOSED) == (found.closed_at is not None)
        assert found.changed_at == AT + number
