"""Pages on the web tell numbers to the sums of the day, and nothing by which anybody could be known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from service.desk.app import Parts, create_app
from service.desk.keyring import Keyring
from service.desk.server import Running
from service.messages import Answer, Count, Counted, Counter, Counts, Daily
from service.store import Store, open_store
from service.store.figures import Slice, counted
from service.store.ingest import Post, Read, take
from service.store.sums import add_daily, fold_before
from service.store.tables import counts, metadata, sums

SITE = "https://help.shop.example"
VIEW = {"name": "page-views", "page": "kettle/descale", "product": "kettle", "stage": "maintain", "language": "en", "n": 2}
VOTE = {"question": "helpful", "value": 0, "reason": "inaccurate", "page": "kettle/descale", "language": "en"}
TOLD = {"kind": "daily", "lines": [VIEW, {"name": "visits", "choice": "web", "language": "en"}], "answers": [VOTE]}
SENDER = "agent-4711/1.0 (planted)"


@pytest.fixture
def desk(blank: Path, tmp_path: Path, private: bytes) -> Iterator[tuple[Store, str]]:
    """Run a desk that knows one site."""
    path = tmp_path / "desk.sqlite"
    path.write_bytes(blank.read_bytes())
    kept = open_store(f"sqlite:///{path}", migrated=True)
    with Running(create_app(Parts(kept, Keyring([private]), sites=(SITE,)))) as server:
        yield kept, server.address
    kept.close()


def post(address: str, body: object, origin: str | None = SITE) -> httpx.Response:
    """Post as a page on the web does: plain text, no cookie."""
    headers = {"content-type": "text/plain;charset=UTF-8", "user-agent": SENDER, **({"origin": origin} if origin else {})}
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    return httpx.post(f"{address}/api/v1/daily", content=content, headers=headers)


def test_numbers_are_added_to_the_day_and_nothing_else_is_kept(desk: tuple[Store, str]) -> None:
    """Twice the same is twice as much; no hour, no sender, no browser anywhere in the store."""
    kept, address = desk
    before = datetime.now(UTC).date()
    for _ in range(2):
        answer = post(address, TOLD)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, SITE)
    with kept.read() as connection:
        rows = connection.execute(select(sums)).all()
        dump = "".join(str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(table.select()))
    found = {(row.name, row.choice, row.page): row.n for row in rows}
    page = "kettle/descale"
    assert found == {
        ("page-views", "", page): 4,
        ("visits", "web", ""): 2,
        ("helpful", "0", page): 2,
        ("reason", "inaccurate", page): 2,
    }
    assert {(row.kiosk, row.store, row.hour) for row in rows} == {("web", "", 0)}
    assert {date.fromisoformat(row.day) for row in rows} <= {before, datetime.now(UTC).date()}
    assert [word for word in ("127.0.0.1", "agent-4711", "planted") if word in dump] == []


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "https://help.shop.example.evil.example", SITE.upper()])
def test_only_pages_of_sites_that_were_named_are_heard(desk: tuple[Store, str], origin: str | None) -> None:
    """Browsers say where a post comes from, and no page can change that."""
    assert post(desk[1], TOLD, origin).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        b"\xff\xfe",
        {**TOLD, "visitor": "7"},
        {**TOLD, "day": "2026-11-23"},
        {**TOLD, "lines": [{**VIEW, "n": 101}]},
        {**TOLD, "lines": [{**VIEW, "n": 0}]},
        {**TOLD, "lines": [{**VIEW, "page": "<script>"}]},
        {**TOLD, "lines": [VIEW] * 101},
        {**TOLD, "answers": [{**VOTE, "value": 2}]},
        {**TOLD, "answers": [{**VOTE, "words": "call me"}]},
        {**TOLD, "kind": "case"},
    ],
)
def test_what_is_no_count_is_refused(desk: tuple[Store, str], body: object) -> None:
    """Unknown keys, too much at once, a day of the page's own choosing: refused whole."""
    answer = post(desk[1], body)
    assert answer.status_code in {400, 413}
    with desk[0].read() as connection:
        assert connection.execute(select(sums)).all() == []


def test_floods_are_held_back(desk: tuple[Store, str]) -> None:
    """Thirty at once from one place, then slowly; too large a body is not read."""
    # However slow this machine: as long as posts come faster than one in two seconds, it must end soon.
    taken, status = 0, post(desk[1], TOLD).status_code
    while status == 204 and taken < 300:
        taken, status = taken + 1, post(desk[1], TOLD).status_code
    assert 30 <= taken < 300
    assert status == 429
    assert post(desk[1], " " * 9_000).status_code in {413, 429}


def test_a_desk_that_was_told_no_site_hears_none(blank: Path, tmp_path: Path, private: bytes) -> None:
    """Nothing is open that nobody asked for."""
    path = tmp_path / "desk.sqlite"
    path.write_bytes(blank.read_bytes())
    kept = open_store(f"sqlite:///{path}", migrated=True)
    with Running(create_app(Parts(kept, Keyring([private])))) as server:
        assert post(server.address, TOLD).status_code == 403
        assert post(server.address, TOLD, server.address).status_code == 403
    kept.close()


def test_folding_changes_no_figure_and_forgets_what_came_together(store: Store) -> None:
    """Counts of kiosks become sums per hour: the same numbers, without kiosk's item numbers; a second time changes nothing."""

    def line(day: int, **more: Any) -> Count:
        return Count.model_validate({"name": "page-views", "n": 5, "hour": 9, "page": "a", **more, "day": date(2026, 11, day)})

    messages = [
        Counts(lines=(line(20), line(20, page="b"), line(23))),
        Counts(lines=(line(20), line(20, hour=10))),
    ]
    items = [Read(seq, "counts", str(seq), "", message) for seq, message in enumerate(messages, 1)]
    store.writing(lambda connection: take(connection, [Post("k1", "city", "e", items)], 0))
    days = ("2026-11-01", "2026-11-30")
    with store.read() as connection:
        whole = counted(connection, *days)
    assert store.writing(lambda connection: fold_before(connection, "2026-11-22")) == 4
    assert store.writing(lambda connection: fold_before(connection, "2026-11-22")) == 0
    with store.read() as connection:
        assert counted(connection, *days) == whole == {("page-views", ""): 25}
        assert counted(connection, *days, Slice(store="city", kiosk="k1")) == whole
        left = [row.day for row in connection.execute(select(counts))]
        folded = sorted((row.hour, row.page, row.n) for row in connection.execute(select(sums)))
    assert left == ["2026-11-23"]
    assert folded == [(9, "a", 10), (9, "b", 5), (10, "a", 5)]
    again = [Read(1, "counts", "1", "", messages[0])]
    store.writing(lambda connection: take(connection, [Post("k1", "city", "e", again)], 0))
    with store.read() as connection:
        assert counted(connection, *days) == whole, "an item that comes again after it was folded is still known"


def test_sums_of_both_databases_add_up(store: Store) -> None:
    """The same line again and again is one row."""
    told = Daily(lines=(Counted(name=Counter.SEARCHES, n=3, language="en"),), answers=(Answer(question="csat", value=5),))
    for _ in range(3):
        store.writing(lambda connection: add_daily(connection, told, "2026-11-23"))
    with store.read() as connection:
        rows = sorted((row.name, row.choice, row.n) for row in connection.execute(select(sums)))
    assert rows == [("csat", "5", 3), ("searches", "", 9)]
