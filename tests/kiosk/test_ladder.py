"""The rules of recovery, as pure functions: what was seen, and the lowest step that helps."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ends import End, is_planned, named
from kiosk.ladder import NOTHING, Breaks, Limits, Signs, is_night, step
from kiosk.restarts import Restarts

LIMITS = Limits(nightly=time(3, 30))
NIGHT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
WELL = Signs(now=100_000, page=99_999, loop=99_999, loading_since=None, server=True, idle=True, started=0, idle_since=0)
NO_BREAKS = Breaks()


def seen(**values: object) -> Signs:
    """See something else than that all is well."""
    return replace(WELL, **values)  # type: ignore[arg-type]


def test_nothing_is_done_while_all_is_well() -> None:
    """By day, with or without a visitor."""
    assert step(WELL, NO_BREAKS, LIMITS) == NOTHING
    assert step(seen(idle=False), NO_BREAKS, LIMITS) == NOTHING


def test_a_page_that_misses_three_beats_gets_a_new_renderer() -> None:
    """Not sooner: a beat comes each second, and may be late."""
    assert not step(seen(page=WELL.now - 3.4), NO_BREAKS, LIMITS).renderer
    assert step(seen(page=WELL.now - 3.6), NO_BREAKS, LIMITS).renderer


def test_a_page_that_still_loads_has_more_time_but_an_end() -> None:
    """A slow machine is no hang; a page that never comes is."""
    assert not step(seen(page=WELL.now - 60, loading_since=WELL.now - 11), NO_BREAKS, LIMITS).renderer
    assert step(seen(page=WELL.now - 60, loading_since=WELL.now - 13), NO_BREAKS, LIMITS).renderer


def test_patience_grows_with_each_breakdown_so_that_a_slow_machine_comes_to_rest() -> None:
    """Twice as long after each, up to a minute; a page that loads slowly gets its time too."""
    hangs = seen(page=WELL.now - 5)
    assert step(hangs, NO_BREAKS, LIMITS).renderer
    assert not step(hangs, NO_BREAKS.one(WELL.now - 10, 120), LIMITS).renderer
    twice = NO_BREAKS.one(WELL.now - 10, 120).one(WELL.now - 5, 120)
    assert not step(seen(page=WELL.now - 13), twice, LIMITS).renderer
    assert step(seen(page=WELL.now - 15), twice, LIMITS).renderer
    assert not step(seen(page=WELL.now - 60, loading_since=WELL.now - 40), twice, LIMITS).renderer
    assert step(seen(page=WELL.now - 90, loading_since=WELL.now - 61), twice.one(WELL.now - 1, 120), LIMITS).renderer


def test_pages_that_die_one_after_the_other_end_the_process() -> None:
    """Six within two minutes; the same six in an hour do not."""
    breaks = NO_BREAKS
    for second in range(6):
        assert step(WELL, breaks, LIMITS).end is None
        breaks = breaks.one(WELL.now - 10 + second, LIMITS.breaks_within)
    assert step(WELL, breaks, LIMITS).end is End.PAGES_DYING
    assert step(replace(WELL, now=WELL.now + 130, page=WELL.now + 130, loop=WELL.now + 130), breaks, LIMITS).end is None


def test_a_hung_loop_and_a_dead_server_end_the_process() -> None:
    """Before anything is asked of a window that cannot answer."""
    assert step(seen(loop=WELL.now - 13, page=WELL.now - 13), NO_BREAKS, LIMITS).end is End.LOOP_HUNG
    assert step(seen(server=False), NO_BREAKS, LIMITS).end is End.SERVER_ENDED


def test_memory_is_a_reason_when_nobody_is_there_or_when_it_is_far_too_much() -> None:
    """Nobody loses their page for a little; and a fresh start is never ended for it."""
    assert step(seen(memory_mb=1001), NO_BREAKS, LIMITS).end is End.TOO_MUCH_MEMORY
    assert step(seen(memory_mb=1001, idle=False), NO_BREAKS, LIMITS).end is None
    assert step(seen(memory_mb=1501, idle=False), NO_BREAKS, LIMITS).end is End.TOO_MUCH_MEMORY
    assert step(seen(memory_mb=9999, started=WELL.now - 599), NO_BREAKS, LIMITS).end is None


def test_the_nightly_restart_waits_for_the_night_and_for_rest() -> None:
    """Five minutes without anybody, and once a night: six hours must have passed."""
    assert step(seen(clock=NIGHT), NO_BREAKS, LIMITS).end is End.NIGHTLY
    assert step(seen(clock=NIGHT, idle=False), NO_BREAKS, LIMITS).end is None
    assert step(seen(clock=NIGHT, idle_since=WELL.now - 200), NO_BREAKS, LIMITS).end is None
    assert step(seen(clock=NIGHT, started=WELL.now - 6 * 3600 + 1), NO_BREAKS, LIMITS).end is None
    assert step(seen(clock=NIGHT.replace(hour=12)), NO_BREAKS, LIMITS).end is None
    assert step(seen(clock=NIGHT), NO_BREAKS, replace(LIMITS, nightly=None)).end is None


@pytest.mark.parametrize(
    ("at", "hour", "night"), [("23:30", 23, False), ("23:30", 0, True), ("23:30", 2, True), ("23:30", 3, False)]
)
def test_a_night_may_go_past_midnight(at: str, hour: int, night: bool) -> None:
    """Three hours from then."""
    clock = datetime(2026, 11, 22, hour, 15, tzinfo=UTC)
    assert is_night(clock, replace(LIMITS, nightly=time.fromisoformat(at))) is night


def test_ends_have_names_and_care_is_no_breakdown() -> None:
    """What the log says, and what counts towards the safe page."""
    assert named(80) == "loop_hung"
    assert named(-11) == "code -11"
    assert [end.name for end in End if is_planned(end)] == ["TOO_MUCH_MEMORY", "NIGHTLY", "STAFF"]


def test_more_than_five_ends_in_ten_minutes_are_too_many() -> None:
    """Five are not; and they are forgotten."""
    restarts = Restarts()
    for second in range(5):
        restarts = restarts.ended(second)
        assert not restarts.too_many(second)
    restarts = restarts.ended(5)
    assert restarts.too_many(5)
    assert not restarts.too_many(700)
    assert not restarts.forgiven().too_many(5)


def test_the_first_end_costs_no_wait_and_waits_are_bounded() -> None:
    """A single crash is back at once; a crash at each start does not heat the machine."""
    restarts = Restarts()
    waits = []
    for second in range(8):
        restarts = restarts.ended(second)
        waits.append(restarts.wait(second))
    assert waits[0] == 0
    assert waits == sorted(waits)
    assert waits[-1] == 8


@given(st.lists(st.floats(0, 10_000), max_size=30))
def test_restarts_never_hold_more_than_the_window(ends: list[float]) -> None:
    """A kiosk that runs for years keeps a bounded list."""
    restarts = Restarts()
    for end in sorted(ends):
        restarts = restarts.ended(end)
        assert all(end - kept < restarts.within for kept in restarts.ends)
        assert restarts.wait(end) <= 8
