"""A desk that is killed under load has everything that it acknowledged, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.desk import Desk, killed, kiosk_killed, throughput


def _killed(folder: Path, url: str, kills: int) -> dict[str, int]:
    desk = Desk(folder, url)
    desk.start()
    try:
        return killed(desk, kills)
    finally:
        desk.end()
        desk.store.close()


@pytest.mark.slow
@pytest.mark.long
def test_kills_under_load_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """Three kills that cannot be caught, while sixteen kiosks post, some of it twice."""
    found = _killed(tmp_path, "", 3)
    assert (found["kills"], found["lost"], found["doubled"]) == (3, 0, 0)
    assert found["items"] > 1000


@pytest.mark.slow
@pytest.mark.long
def test_a_hundred_kills(tmp_path: Path, database: str) -> None:
    """A hundred kills, on both kinds of database."""
    found = _killed(tmp_path, database, 100)
    assert (found["kills"], found["lost"], found["doubled"]) == (100, 0, 0)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("kills", [30])
def test_a_kiosk_that_is_killed_keeps_what_its_screen_showed(tmp_path: Path, kills: int) -> None:
    """In the middle of a case, of a post, of an answer: every number that a shopper saw is one case at the desk."""
    desk = Desk(tmp_path, "")
    desk.start()
    try:
        found = kiosk_killed(desk, kills)
    finally:
        desk.end()
        desk.store.close()
    assert (found["kiosk_kills"], found["kiosk_lost"], found["kiosk_doubled"]) == (kills, 0, 0)
    assert found["shown"] > kills


@pytest.mark.slow
def test_the_bench_measures_what_arrives(tmp_path: Path) -> None:
    """Its figures are of items that are in the database afterwards."""
    desk = Desk(tmp_path, "")
    desk.start()
    try:
        found = throughput(desk, 2, 5)
        assert desk.counted()["items"] == 48 * 2 * 5
        assert found["per_s"] > 0
        assert found["ms_p95"] >= found["ms_median"]
    finally:
        desk.end()
        desk.store.close()
