"""The desk takes every item once: what is sent twice, changed, forged, broken or too much never costs another case."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from service.desk.app import Parts, create_app
from service.desk.keyring import Keyring
from service.desk.server import Running
from service.messages import Batch, Count, Counter, Counts, Feedback, Heartbeat, Item, Phrase, Phrases
from service.outbox import Identity, Intake, Outbox, next_post, settle
from service.sealing import key_id, new_private_key, public_of, seal
from service.signing import sign
from service.store import Store
from service.store.cases import load, rebuild
from service.store.kiosks import new_code, revoke
from service.store.tables import case_events, cases, counts, heartbeats, phrases, quarantine, received
from tests.service.conftest import NOW, form

MOMENT = int(NOW.timestamp() * 1000)


@pytest.fixture
def desk(store: Store, private: bytes) -> Iterator[httpx.Client]:
    """Run the desk over a store."""
    with Running(create_app(Parts(store, Keyring([private])))) as server, httpx.Client(base_url=server.address) as client:
        yield client


@pytest.fixture
def kiosk(desk: httpx.Client, store: Store, identity: Identity) -> Identity:
    """Enrol a kiosk as a shop does."""
    code = store.writing(lambda connection: new_code(connection, "city-1", "city", int(time.time() * 1000)))
    answer = desk.post("/api/v1/enrol", content=identity.enrolment(code).model_dump_json())
    assert answer.status_code == 200, answer.text
    identity.enrolled(answer.content)
    return identity


def deliver(desk: httpx.Client, outbox: Outbox, kiosk: Identity) -> dict[str, Any]:
    """Send the next post as the agent does."""
    post = next_post(outbox, kiosk)
    assert post is not None
    answer = desk.post("/api/v1/batches", content=post.body, headers=post.headers)
    settle(outbox, post, answer.status_code, answer.content, 0)
    return {"status": answer.status_code, **answer.json()}


def post_items(desk: httpx.Client, kiosk: Identity, items: list[Item], epoch: str = "a" * 32) -> dict[str, Any]:
    """Send items made by hand."""
    body = Batch.model_construct(format=1, kiosk=kiosk.desk.kiosk, epoch=epoch, items=tuple(items)).model_dump_json().encode()
    answer = desk.post("/api/v1/batches", content=body, headers=kiosk.sign(body))
    return {"status": answer.status_code, **answer.json()}


def rows(store: Store, table: Any) -> int:
    """Count the rows of a table."""
    with store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def everything(intake: Intake) -> str:
    """Put one message of each kind into the outbox; return the number of the case."""
    reference = intake.accept(form()).reference
    intake.note(Counts(lines=(Count(day=NOW.date(), name=Counter.PAGE_VIEWS, page="kettle/descale", n=3),) * 2))
    intake.note(Feedback(day=NOW.date(), question="csat", value=4, reason="inaccurate"))
    intake.note(Heartbeat(day=NOW.date(), minutes_up=600))
    intake.note(Phrases(day=NOW.date(), phrases=(Phrase(words="stinky kettle", results=3),)))
    return reference


def test_every_kind_arrives_and_leaves_the_kiosk(desk: httpx.Client, store: Store, kiosk: Identity, intake: Intake) -> None:
    """One post brings a case, counts, an answer, a heartbeat and phrases, and empties the outbox."""
    reference = everything(intake)
    assert deliver(desk, intake.outbox, kiosk) == {"status": 200, "acknowledged": 5, "quarantined": []}
    assert intake.outbox.waiting() == (0, None)
    found = [rows(store, table) for table in (received, case_events, cases, counts, heartbeats, phrases, quarantine)]
    assert found == [5, 1, 1, 4, 1, 1, 0]
    with store.read() as connection:
        case = load(connection, reference)
    assert (case.request.reply.name, case.status, case.request.store) == ("Kim Miller", "new", "city")


def test_sent_twice_is_one_case(desk: httpx.Client, store: Store, kiosk: Identity, intake: Intake) -> None:
    """An answer that was lost on its way back costs nothing."""
    everything(intake)
    post = next_post(intake.outbox, kiosk)
    assert post is not None
    answers = [desk.post("/api/v1/batches", content=post.body, headers=post.headers) for _ in range(3)]
    assert [answer.json() for answer in answers] == [{"acknowledged": 5, "quarantined": []}] * 3
    assert [rows(store, table) for table in (received, cases, counts, quarantine)] == [5, 1, 4, 0]


def test_the_same_number_with_another_body_is_kept_and_told(desk: httpx.Client, store: Store, kiosk: Identity) -> None:
    """It goes into quarantine, once, and holds nothing up."""
    beat = [Item(seq=1, kind="heartbeat", body=json.dumps({"day": "2026-11-23", "minutes_up": n})) for n in (5, 6)]
    assert post_items(desk, kiosk, beat[:1])["quarantined"] == []
    for _ in range(2):
        assert post_items(desk, kiosk, beat[1:]) == {"status": 200, "acknowledged": 1, "quarantined": [1]}
    assert (rows(store, heartbeats), rows(store, quarantine)) == (1, 1)
    # After a new file the numbers begin again, and mean something else.
    assert post_items(desk, kiosk, beat[1:], epoch="b" * 32)["quarantined"] == []


def test_one_bad_item_holds_nothing_up(desk: httpx.Client, store: Store, kiosk: Identity, private: bytes) -> None:
    """Wrong keys, changed boxes, boxes with something else in them, junk: kept with a reason that repeats no word of it."""
    public = public_of(private)
    box = seal(public, b'{"kind": "case", "words": "my name is Kim"}')
    foreign = public_of(new_private_key())
    count = json.dumps({"lines": [{"day": "2026-11-23", "name": "visits", "n": 1}]})
    items = [
        Item(seq=1, kind="case", key=key_id(public), body=box),
        Item(seq=2, kind="case", key=key_id(foreign), body=seal(foreign, b"{}")),
        Item(seq=3, kind="case", key=key_id(public), body=box[:-8] + "AAAAAAA="),
        Item(seq=4, kind="phrases", key=key_id(public), body=seal(public, b"\xff")),
        Item(seq=5, kind="counts", body="[" * 5000),
        Item(seq=6, kind="counts", body='{"lines": [{"day": "2026-11-23", "name": "visits", "n": -5}]}'),
        Item(seq=7, kind="counts", body='"Kim \\u0000"'),
        Item(seq=8, kind="counts", body=count),
    ]
    assert post_items(desk, kiosk, items) == {"status": 200, "acknowledged": 8, "quarantined": [1, 2, 3, 4, 5, 6, 7]}
    assert (rows(store, counts), rows(store, cases), rows(store, quarantine)) == (1, 0, 7)
    with store.read() as connection:
        reasons = " ".join(connection.execute(select(quarantine.c.reason)).scalars())
    assert "Kim" not in reasons
    assert "does not have" in reasons


def test_a_case_that_comes_again_from_a_saved_outbox_is_one_case(
    desk: httpx.Client, store: Store, kiosk: Identity, intake: Intake
) -> None:
    """The same box under another epoch is known by its reference; another box with that reference is set aside."""
    intake.accept(form())
    (item,) = intake.outbox.pending()
    assert post_items(desk, kiosk, [item])["quarantined"] == []
    assert post_items(desk, kiosk, [item], epoch="b" * 32)["quarantined"] == []
    with store.read() as connection:
        case = load(connection, connection.execute(select(cases.c.reference)).scalar_one())
    forged = case.request.model_copy(update={"words": "something else"}).model_dump_json().encode()
    other = Item(seq=9, kind="case", key=item.key, body=seal(kiosk.desk.desk_key, forged))
    assert post_items(desk, kiosk, [other])["quarantined"] == [9]
    assert rows(store, cases) == 1


@pytest.mark.parametrize("case", ["unsigned", "wrong key", "changed", "other kiosk", "revoked"])
def test_only_enrolled_kiosks_are_heard(desk: httpx.Client, store: Store, kiosk: Identity, intake: Intake, case: str) -> None:
    """Forged posts are refused, and nothing of them is kept."""
    intake.accept(form())
    post = next_post(intake.outbox, kiosk)
    assert post is not None
    body, headers = post.body, dict(post.headers)
    if case == "unsigned":
        headers = {}
    elif case == "wrong key":
        headers["helpstand-signature"] = sign(bytes(32), "batch", "city-1", body)
    elif case == "changed":
        body = body.replace(b'"seq":1', b'"seq":2')
    elif case == "other kiosk":
        headers["helpstand-kiosk"] = "city-2"
    else:
        store.writing(lambda connection: revoke(connection, "city-1", "test", MOMENT))
    assert desk.post("/api/v1/batches", content=body, headers=headers).status_code == 401
    assert rows(store, received) == 0


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "Invalid JSON"),
        (b"[]", 400, "object"),
        (b'{"kiosk": "city-1", "epoch": "x", "items": []}', 400, "epoch"),
        (b" " * 1_000_001, 413, "at most 1000000 bytes"),
    ],
)
def test_an_envelope_that_cannot_be_read_is_refused(
    desk: httpx.Client, kiosk: Identity, body: bytes, status: int, words: str
) -> None:
    """The kiosk keeps everything, and its staff screen shows the words."""
    answer = desk.post("/api/v1/batches", content=body, headers=kiosk.sign(body))
    assert answer.status_code == status
    assert words in answer.json()["error"]


def test_numbers_must_grow(desk: httpx.Client, kiosk: Identity) -> None:
    """An acknowledged number covers all before it, so none may come after."""
    beat = json.dumps({"day": "2026-11-23", "minutes_up": 1})
    items = [Item(seq=seq, kind="heartbeat", body=beat) for seq in (2, 1)]
    assert post_items(desk, kiosk, items)["status"] == 400


def test_a_flood_is_slowed_down_and_others_are_not(desk: httpx.Client, kiosk: Identity) -> None:
    """Whoever guesses signatures gets 429 with a time to come back; a kiosk is still heard."""
    answers = [desk.post("/api/v1/batches", content=b"{}") for _ in range(30)]
    assert {answer.status_code for answer in answers} == {401, 429}
    assert int(answers[-1].headers["retry-after"]) >= 1
    beat = Item(seq=1, kind="heartbeat", body=json.dumps({"day": "2026-11-23", "minutes_up": 1}))
    assert post_items(desk, kiosk, [beat])["status"] == 200


def test_a_code_enrols_one_kiosk_once(desk: httpx.Client, store: Store, kiosk: Identity, identity: Identity) -> None:
    """A used, wrong or old code, or a key without its owner, takes nobody in."""
    now = int(time.time() * 1000)

    def code_at(moment: int) -> str:
        return store.writing(lambda connection: new_code(connection, "city-2", "city", moment))

    fresh = code_at(now)
    asked = identity.enrolment(fresh)
    assert desk.post("/api/v1/enrol", content=asked.model_dump_json()).status_code == 200
    assert "used already" in desk.post("/api/v1/enrol", content=asked.model_dump_json()).json()["error"]
    for words in (asked.model_copy(update={"code": "AAAA-BBBB-CCCC"}), identity.enrolment(code_at(now - 16 * 60_000))):
        answer = desk.post("/api/v1/enrol", content=words.model_dump_json())
        assert (answer.status_code, "wrong or too old" in answer.json()["error"]) == (403, True)
    stolen = identity.enrolment(code_at(now)).model_copy(update={"public_key": "0" * 64})
    assert "signature" in desk.post("/api/v1/enrol", content=stolen.model_dump_json()).json()["error"]


def test_the_list_is_what_the_events_make(desk: httpx.Client, store: Store, kiosk: Identity, intake: Intake) -> None:
    """Made anew from the events it is the same, row for row."""
    for _ in range(3):
        intake.accept(form())
    deliver(desk, intake.outbox, kiosk)

    def listed() -> list[Any]:
        with store.read() as connection:
            return [tuple(row) for row in connection.execute(select(cases).order_by(cases.c.reference))]

    before = listed()
    assert store.writing(rebuild) == 3
    assert listed() == before


def test_the_desk_describes_its_api(desk: httpx.Client) -> None:
    """The OpenAPI document names every address and every header."""
    told = desk.get("/api/v1/openapi.json").json()
    assert set(told["paths"]) == {"/v1/batches", "/v1/cases", "/heartbeat", "/v1/daily", "/v1/enrol", "/v1/key", "/v1/health"}
    words = json.dumps(told)
    assert all(f'"{name}"' in json.dumps(told["components"]["schemas"]) for name in ("Item", "OutboxState"))
    assert "#/$defs/" not in words
    assert desk.get("/api/v1/health").json() == {"ok": True}
    assert desk.get("/api/v1/nothing").status_code == 404


def test_every_answer_carries_the_safe_headers(desk: httpx.Client) -> None:
    """Errors too."""
    for path in ("/api/v1/health", "/nothing"):
        headers = desk.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
