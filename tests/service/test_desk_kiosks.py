"""The desk knows how its kiosks are, kiosks learn of a new key, and a restored desk says what it lacks."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kiosk.health import Health
from kiosk.heartbeat import Heartbeat
from kiosk.outbound import Outbound, OutboundError
from service.desk.app import Parts, create_app
from service.desk.keyring import Keyring, add_key, read_keys
from service.desk.kiosks import rows, span
from service.desk.server import Running
from service.outbox import Identity, Intake, Outbox, OutboxErrand
from service.sealing import key_id, public_of
from service.store import Store
from service.store.gaps import Gap, gaps
from service.store.kiosks import new_code
from service.store.states import Seen, seen
from tests.service.conftest import NOW, form

AT = int(NOW.timestamp() * 1000)


class Shop:
    """A desk that runs, and a kiosk that is enrolled at it, as both stand in the world."""

    def __init__(self, address: str, store: Store, folder: Path, state: Path) -> None:
        self.store = store
        self.folder = folder
        self.outbound = Outbound.to(address)
        self.identity, self.outbox = Identity(state), Outbox(state / "outbox.sqlite")
        code = store.writing(lambda connection: new_code(connection, "city-1", "city", int(time.time() * 1000)))
        answer = httpx.post(f"{address}/api/v1/enrol", content=self.identity.enrolment(code).model_dump_json(), timeout=120)
        self.identity.enrolled(answer.content)
        self.heartbeat = Heartbeat(address, self.identity, self.outbox, Health(state))
        self.errand = OutboxErrand(address, self.outbox, self.identity)
        self.intake = Intake(self.outbox, lambda: self.identity.desk.desk_key, clock=lambda: NOW)

    def known(self) -> Seen:
        """Return what the desk knows of the kiosk."""
        with self.store.read() as connection:
            (one,) = seen(connection)
        return one

    def missing(self) -> list[tuple[int, int]]:
        """Return the numbers that the desk lacks."""
        with self.store.read() as connection:
            return [(gap.first, gap.last) for gap in gaps(connection)]


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> Iterator[Shop]:
    """Run a desk with one kiosk."""
    folder = tmp_path / "desk"
    folder.mkdir()
    ticks = iter(range(0, 1_000_000, 10))  # every look at the clock finds ten seconds gone: a new key is looked for each time
    ring = Keyring([add_key(folder)], folder, lambda: float(next(ticks)))
    with Running(create_app(Parts(store, ring))) as server:
        made = Shop(server.address, store, folder, tmp_path / "state")
        yield made
        made.outbox.close()


def test_a_heartbeat_is_kept_and_the_newest_counts(shop: Shop) -> None:
    """With versions, what waits and since when; the kiosk's own word on its clock."""
    assert shop.known().heard_at is None
    shop.heartbeat.health.beat("app", {"helpstand": "0.1.0", "uptime_s": 5, "broken": 0, "safe": False, "store": None})
    shop.intake.accept(form())
    shop.heartbeat.send(shop.outbound)
    known = shop.known()
    assert (known.kiosk, known.store, known.waiting) == ("city-1", "city", 1)
    assert known.oldest_seconds >= 0
    assert known.parts["app"]["helpstand"] == "0.1.0"
    shop.errand.send(shop.outbound)
    shop.heartbeat.send(shop.outbound)
    assert (shop.known().waiting, shop.missing()) == (0, [])


def test_forged_heartbeats_are_refused(shop: Shop) -> None:
    """Unsigned, signed for another purpose, in another kiosk's name, changed, or no heartbeat at all."""
    address = shop.heartbeat.desk
    state = {"kiosk": "city-1", "sent_at": NOW.isoformat(), "outbox": {"epoch": "a" * 32, "acknowledged": 0, "waiting": 0}}

    def post(body: bytes, headers: dict[str, str]) -> int:
        return httpx.post(f"{address}/api/heartbeat", content=body, headers=headers, timeout=120).status_code

    body = json.dumps(state).encode()
    foreign = json.dumps({**state, "kiosk": "city-2"}).encode()
    assert post(body, {}) == 401
    assert post(body, shop.identity.sign(body)) == 401
    assert post(body.replace(b'"waiting": 0', b'"waiting": 9'), shop.identity.sign(body, "state")) == 401
    assert post(foreign, shop.identity.sign(foreign, "state")) == 403
    for junk in (b"", b"[]", b'{"kiosk": "city-1"}', json.dumps({**state, "parts": {"app": {"note": "x" * 65}}}).encode()):
        assert post(junk, shop.identity.sign(junk, "state")) == 400
    assert shop.known().heard_at is None
    assert post(body, shop.identity.sign(body, "state")) == 200


def test_kiosks_learn_a_new_key_and_old_boxes_stay_readable(shop: Shop) -> None:
    """What waits was sealed for the old key, what comes next for the new one: the desk opens both."""
    old = shop.identity.desk.desk_key
    shop.intake.accept(form())
    new = public_of(add_key(shop.folder))
    with pytest.raises(OutboundError):
        Heartbeat("http://127.0.0.1:9", shop.identity, shop.outbox, shop.heartbeat.health).send(Outbound.to("http://127.0.0.1:9"))
    assert shop.identity.desk.desk_key == old
    shop.heartbeat.send(shop.outbound)
    assert shop.identity.desk.desk_key == new
    shop.intake.accept(form())
    assert [item.key for item in shop.outbox.pending()] == [key_id(old), key_id(new)]
    shop.errand.send(shop.outbound)
    assert (shop.outbox.waiting(), shop.known().kiosk, len(read_keys(shop.folder))) == ((0, None), "city-1", 2)
    with shop.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM cases").scalar_one() == 2
        assert connection.exec_driver_sql("SELECT count(*) FROM quarantine").scalar_one() == 0
    assert httpx.get(f"{shop.heartbeat.desk}/api/v1/key").json() == {"desk_key": new}


def test_a_restored_desk_says_what_it_lacks_and_gets_the_rest(shop: Shop) -> None:
    """As after a restore of yesterday's backup: acknowledged since then is told to the number, the rest is offered again."""
    for _ in range(3):
        shop.intake.accept(form())
    shop.errand.send(shop.outbound)
    waiting = [shop.intake.accept(form()).reference for _ in range(2)]
    with shop.store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        for table in ("received", "case_events", "cases"):
            if table == "received":
                connection.exec_driver_sql("DELETE FROM received WHERE seq > 1")
            else:
                connection.exec_driver_sql(f"DELETE FROM {table}")
    shop.heartbeat.send(shop.outbound)
    assert shop.missing() == [(2, 3)]
    shop.errand.send(shop.outbound)
    assert shop.missing() == [(2, 3)]
    with shop.store.read() as connection:
        found = set(connection.exec_driver_sql("SELECT reference FROM cases").scalars())
    assert found == set(waiting)


def one(name: str, **told: object) -> Seen:
    """Return a kiosk that was heard half a minute ago."""
    usual = Seen(name, "city", AT - 86_400_000, AT - 30_000, AT - 30_000, 0, 0, (), {"app": {"helpstand": "0.1.0"}})
    return usual._replace(**told)  # type: ignore[arg-type]


def test_alarms_come_at_one_hour(store: Store) -> None:
    """Silence, waiting, a wrong clock, what is missing: each told, the pressing ones first."""
    hour = 3_600_000
    kiosks = [
        one("fine"),
        one("quiet", heard_at=AT - 6 * 60_000, sent_at=AT - 6 * 60_000),
        one("nearly", heard_at=AT - hour + 1000, sent_at=AT - hour + 1000),
        one("silent", heard_at=AT - hour, sent_at=AT - hour),
        one("never", heard_at=None, sent_at=0),
        one("new", heard_at=None, sent_at=0, enrolled_at=AT - 1000),
        one("late", waiting=3, oldest_seconds=3580),
        one("clock", sent_at=AT - 30_000 - 301_000),
        one("lacks"),
        one("own", alarms=("refused",)),
    ]
    found = {row.kiosk: (row.state, row.alarms) for row in rows(kiosks, [Gap("lacks", "a" * 32, 1, 2, AT)], AT)}
    assert found["fine"] == ("fine", ())
    assert found["quiet"] == found["nearly"] == ("quiet", ())
    assert found["new"] == ("fine", ())
    alarms = {name: told for name, (state, told) in found.items() if state == "alarm"}
    assert {name: len(told) for name, told in alarms.items()} == dict.fromkeys(
        ["silent", "never", "late", "clock", "lacks", "own"], 1
    )
    assert list(found)[:6] == sorted(alarms)
    assert [span(seconds) for seconds in (0, 59, 60, 3599, 3600, 172_799, 172_800)] == [
        "0 s", "59 s", "1 min", "59 min", "1 h", "47 h", "2 days",
    ]  # fmt: skip
