"""What goes wrong costs no item and makes none twice: floods, slow and hostile senders, wrong clocks, a store that dies."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from sqlalchemy import event, func, insert, select

from bench.desk_load import VirtualKiosk, deliver, fleet
from service.desk.app import Parts, create_app
from service.desk.figures import report_of
from service.desk.keyring import Keyring
from service.desk.project import ALONE
from service.desk.server import Running
from service.messages import CaseRequest, Count, Counter, Counts, Item
from service.outbox import Identity
from service.sealing import key_id, public_of, seal
from service.store import Store, open_store
from service.store.cases import load
from service.store.figures import Slice
from service.store.kiosks import new_code
from service.store.tables import cases, counts, kiosks, quarantine, received
from tests.service.conftest import NOW, form
from tests.service.test_desk_ingest import post_items

HOSTILE = "<script>alert(1)</script>'; DROP TABLE cases;-- \" ${7*7} {{7*7}} %s %00 \\x00 \u202e"


@pytest.fixture
def desk(store: Store, private: bytes) -> Iterator[httpx.Client]:
    """Run the desk over a store."""
    with (
        Running(create_app(Parts(store, Keyring([private])))) as server,
        httpx.Client(base_url=server.address, timeout=120) as client,
    ):
        yield client


@pytest.fixture
def kiosk(desk: httpx.Client, store: Store, identity: Identity) -> Identity:
    """Enrol a kiosk."""
    code = store.writing(lambda connection: new_code(connection, "city-1", "city", int(time.time() * 1000)))
    identity.enrolled(desk.post("/api/v1/enrol", content=identity.enrolment(code).model_dump_json()).content)
    return identity


def enrolled(store: Store, count: int, posts: int, size: int, private: bytes) -> list[VirtualKiosk]:
    """Return kiosks with everything that they will post, known to the desk."""
    made = fleet(count, posts, size, public_of(private))
    rows = [
        {"kiosk": one.name, "public_key": one.public_key, "store": "city", "code": one.epoch, "enrolled_at": 0} for one in made
    ]
    store.writing(lambda connection: connection.execute(insert(kiosks), rows))
    return made


def all_there(store: Store, made: list[VirtualKiosk]) -> None:
    """Check that everything that was acknowledged is there, once."""
    wanted = (
        sum(post.items for one in made for post in one.posts),
        sum(one.cases for one in made),
        sum(one.counted for one in made),
    )
    queries = (
        select(func.count()).select_from(received),
        select(func.count()).select_from(cases),
        select(func.coalesce(func.sum(counts.c.n), 0)),
        select(func.count()).select_from(quarantine),
    )
    with store.read() as connection:
        found = tuple(int(connection.execute(query).scalar_one()) for query in queries)
    assert found == (*wanted, 0)


def _burst(desk: httpx.Client, store: Store, private: bytes, posts: int) -> None:
    made = enrolled(store, 25, posts // 25, 1, private)
    over = threading.Event()
    strangers: list[int] = []

    def flood() -> None:
        with httpx.Client(base_url=desk.base_url, timeout=120) as stranger:
            while not over.is_set():
                strangers.append(stranger.post("/api/v1/batches", content=b"{}").status_code)

    thread = threading.Thread(target=flood)
    thread.start()
    try:
        asyncio.run(deliver(made, urlsplit(str(desk.base_url)).port or 0, [], again=0.2))
    finally:
        over.set()
        thread.join(60)
    assert set(strangers) <= {401, 429}
    all_there(store, made)


def test_a_burst_is_taken_in_whole(desk: httpx.Client, store: Store, private: bytes) -> None:
    """A few hundred posts at once, a fifth of them twice, while a stranger floods."""
    _burst(desk, store, private, 300)


@pytest.mark.slow
@pytest.mark.long
def test_ten_thousand_posts_in_a_burst(desk: httpx.Client, store: Store, private: bytes) -> None:
    """The same with ten thousand."""
    _burst(desk, store, private, 10_000)


def test_slow_senders_hold_nobody_up(desk: httpx.Client, kiosk: Identity) -> None:
    """A hundred who send a byte and wait, in the head or in the body: a kiosk is heard meanwhile."""
    heads = (b"POST /api/v1/batches HT", b"POST /api/v1/batches HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n\r\n{")
    address = ("127.0.0.1", urlsplit(str(desk.base_url)).port or 0)
    with ExitStack() as open_:
        for number in range(100):
            line = open_.enter_context(socket.create_connection(address, 30))
            line.sendall(heads[number % 2])
        beat = Item(seq=1, kind="heartbeat", body=json.dumps({"day": "2026-11-23", "minutes_up": 1}))
        assert post_items(desk, kiosk, [beat])["status"] == 200
        assert desk.get("/api/v1/health").json() == {"ok": True}


def _sealed(seq: int, message: dict[str, Any], public: str) -> Item:
    return Item(seq=seq, kind="case", key=key_id(public), body=seal(public, json.dumps(message).encode()))


def test_wrong_clocks_cost_nothing(desk: httpx.Client, store: Store, kiosk: Identity) -> None:
    """A kiosk that lives in 1970 or 2106: its case is kept under the desk's own time, and figures go on working."""
    public = kiosk.desk.desk_key
    items = []
    for seq, (year, reference) in enumerate(((1970, "NH-7K3M9-QXD4R-9"), (2106, "NH-11111-11111-1")), 1):
        moment = datetime(year, 1, 1, tzinfo=UTC).isoformat()
        items.append(_sealed(seq, {**form(), "reference": reference, "accepted_at": moment, "answer_by": moment}, public))
    for seq, day in enumerate(("1970-01-01", "2106-02-07", "9999-12-31", "0001-01-01"), 3):
        lines = (Count.model_validate({"day": day, "name": Counter.VISITS, "n": 1}),)
        items.append(Item(seq=seq, kind="counts", body=Counts(lines=lines).model_dump_json()))
    before = int(time.time() * 1000)
    assert post_items(desk, kiosk, items)["quarantined"] == []
    with store.read() as connection:
        case = load(connection, "NH-7K3M9-QXD4R-9")
    assert case.received_at >= before
    assert report_of(store, ALONE, NOW.date(), NOW.date(), Slice(), before)


FREE = ("words", "model", "scan", "page_version")
NAMED = ("store", "product", "page", "stage", "language", "reference")


def test_hostile_words_stay_words_in_every_field(desk: httpx.Client, store: Store, kiosk: Identity) -> None:
    """Free text is kept to the letter (but for signs that nobody types); in place of a machine's word it goes into quarantine."""
    public = kiosk.desk.desk_key
    usual = {"accepted_at": NOW.isoformat(), "details": {"flow": "repair", "serial": HOSTILE[:60], "anything_new": HOSTILE}}
    reply = {"how": "mail", "address": HOSTILE, "name": HOSTILE}
    free = {**usual, "reference": "NH-7K3M9-QXD4R-9", "reply": reply, "tried": [{"asked": HOSTILE, "answered": HOSTILE}]}
    free |= dict.fromkeys(FREE, HOSTILE[:60])
    items = [_sealed(1, free, public)]
    for seq, name in enumerate(NAMED, 2):
        items.append(_sealed(seq, {**usual, "reference": "NH-11111-11111-1", name: HOSTILE}, public))
    items += [
        Item(seq=20, kind="counts", body=json.dumps({"lines": [{"day": "2026-11-23", "name": HOSTILE, "n": 1}]})),
        Item(
            seq=21, kind="counts", body=json.dumps({"lines": [{"day": "2026-11-23", "name": "visits", "page": HOSTILE, "n": 1}]})
        ),
        Item(seq=22, kind="feedback", body=json.dumps({"day": HOSTILE, "question": "csat", "value": 3})),
        Item(seq=23, kind="heartbeat", body=json.dumps({"day": "2026-11-23", "minutes_up": 1, "release": HOSTILE[:60]})),
    ]
    answer = post_items(desk, kiosk, items)
    assert answer["quarantined"] == [*range(2, 2 + len(NAMED)), 20, 21, 22]
    with store.read() as connection:
        case = load(connection, "NH-7K3M9-QXD4R-9")
        assert connection.execute(select(func.count()).select_from(cases)).scalar_one() == 1
    kept = HOSTILE.replace("\u202e", "").strip()
    assert (case.request.reply.name, case.request.tried[0].asked, case.request.words) == (kept, kept, HOSTILE[:60].strip())
    body = json.dumps({"kiosk": HOSTILE}).encode()
    headers = {**kiosk.sign(body), "helpstand-kiosk": "city-1' OR '1'='1"}
    assert desk.post("/api/v1/batches", content=body, headers=headers).status_code == 401


def test_a_database_whose_connections_die_loses_nothing(blank_postgres: str, private: bytes, request: Any) -> None:
    """Every connection is ended again and again while kiosks post."""
    from tests.service.conftest import empty_database

    url = empty_database(blank_postgres, f"k{time.monotonic_ns()}", "blank")
    store = open_store(url, migrated=True)
    ended = 0
    with Running(create_app(Parts(store, Keyring([private])))) as server:
        made = enrolled(store, 8, 12, 5, private)
        over = threading.Event()

        def kill() -> None:
            nonlocal ended
            words = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            with psycopg.connect(url, autocommit=True) as connection:
                # So often and no more: on a slow machine a transaction is longer than any pause, and must once come to its end.
                while not over.wait(0.1) and ended < 40:
                    ended += len(connection.execute(words).fetchall())

        thread = threading.Thread(target=kill)
        thread.start()
        try:
            asyncio.run(deliver(made, urlsplit(server.address).port or 0, [], again=0.2))
        finally:
            over.set()
            thread.join(60)
    all_there(store, made)
    store.close()
    assert ended


def test_a_full_disk_is_told_and_nothing_is_lost(blank: Any, tmp_path: Any, private: bytes) -> None:
    """The desk says 503 with a time to come back; when there is room again, everything arrives once."""
    path = tmp_path / "desk.sqlite"
    path.write_bytes(blank.read_bytes())
    store = open_store(f"sqlite:///{path}", migrated=True)
    full = True

    @event.listens_for(store.engine, "begin")
    def _limit(connection: Any) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() if full else 2**30
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    full = False
    made = enrolled(store, 2, 3, 40, private)
    full = True
    statuses: list[int] = []
    with Running(create_app(Parts(store, Keyring([private])))) as server:
        from service import signing

        one = made[0]
        body = one.posts[0].body
        headers = {"helpstand-kiosk": one.name, "helpstand-signature": signing.sign(one.seed, "batch", one.name, body)}
        for number in range(4):
            answer = httpx.post(f"{server.address}/api/v1/batches", content=body, headers=headers, timeout=60)
            statuses.append(answer.status_code)
            if number == 1:
                full = False
        asyncio.run(deliver(made, urlsplit(server.address).port or 0, []))
    assert statuses == [503, 503, 200, 200]
    all_there(store, made)
    store.close()


def test_cases_are_still_cases() -> None:
    """The made-up form of these tests is a valid one, so that what is refused is refused for what was put into it."""
    assert CaseRequest.model_validate({**form(), "reference": "NH-7K3M9-QXD4R-9", "accepted_at": NOW})
