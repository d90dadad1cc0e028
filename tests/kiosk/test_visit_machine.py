"""The visit as a pure machine: examples first, then what must hold for every course of touches and time."""

import math

from hypothesis import given
from hypothesis import strategies as st

from kiosk.visit import State, Timing, Visit

TIMING = Timing(idle=60, warning=20, extensions=10)


def test_a_touch_begins_a_visit_and_rest_ends_it() -> None:
    """Attract -> active -> warning -> wipe -> attract, at the very second."""
    visit = Visit(TIMING).touch(100)
    assert visit.state is State.ACTIVE
    assert visit.tick(159.9).state is State.ACTIVE
    assert visit.tick(160).state is State.WARNING
    assert visit.tick(179.9).state is State.WARNING
    assert visit.tick(180).state is State.WIPE
    assert visit.tick(180).wiped().state is State.ATTRACT


def test_a_long_sleep_passes_all_states_at_once() -> None:
    """A kiosk that was suspended wakes up wiped, not warning."""
    assert Visit(TIMING).touch(0).tick(100_000).state is State.WIPE


def test_touches_keep_a_visit_alive() -> None:
    """Idle time counts from the last touch."""
    visit = Visit(TIMING).touch(0).touch(59).touch(118)
    assert visit.tick(177).state is State.ACTIVE
    assert visit.number == 1


def test_more_time_works_ten_times_and_not_eleven() -> None:
    """EN 301 549 asks for ten; more would let a leaning bag hold the kiosk for ever."""
    visit, now = Visit(TIMING).touch(0), 0.0
    for used in range(1, 11):
        now += 60
        visit = visit.more(now)
        assert (visit.state, visit.extensions_used) == (State.ACTIVE, used)
    visit = visit.more(now + 60)
    assert visit.state is State.WARNING
    assert visit.extensions_left == 0
    assert visit.tick(now + 80).state is State.WIPE


def test_a_touch_during_the_warning_counts_as_more_time() -> None:
    """Whoever touches the screen is still there."""
    visit = Visit(TIMING).touch(0).touch(65)
    assert (visit.state, visit.extensions_used) == (State.ACTIVE, 1)


def test_more_time_means_nothing_outside_the_warning() -> None:
    """Pressing ahead does not use up a chance."""
    visit = Visit(TIMING).touch(0)
    assert visit.more(10) == visit
    assert Visit(TIMING).more(10) == Visit(TIMING)


def test_nothing_revives_a_visit_that_is_being_wiped() -> None:
    """A late touch belongs to nobody yet."""
    wiping = Visit(TIMING).touch(0).end(5)
    assert wiping.state is State.WIPE
    assert wiping.touch(6) == wiping.more(6) == wiping.tick(999) == wiping


def test_finished_ends_a_visit_at_once_and_rest_cannot_be_ended() -> None:
    """The button works in a visit and in its warning; on the attract screen there is nothing to end."""
    assert Visit(TIMING).touch(0).tick(61).end(61).state is State.WIPE
    assert Visit(TIMING).end(0).state is State.ATTRACT


def test_the_next_visit_starts_with_all_its_chances() -> None:
    """Nothing of the last shopper remains in the machine but the count."""
    visit = Visit(TIMING).touch(0).more(60).end(70).wiped().touch(80)
    assert (visit.number, visit.extensions_used, visit.state) == (2, 0, State.ACTIVE)


def test_seconds_left_are_whole_and_never_below_zero() -> None:
    """What the countdown shows."""
    visit = Visit(TIMING).touch(0).tick(60)
    assert visit.seconds_left(60) == 20
    assert visit.seconds_left(60.2) == 20
    assert visit.seconds_left(79.5) == 1
    assert visit.seconds_left(99) == 0
    assert Visit(TIMING).seconds_left(5) is None


ACTS = st.lists(st.tuples(st.sampled_from(["touch", "more", "end", "tick", "wiped"]), st.floats(0, 200)), max_size=80)


@given(ACTS)
def test_for_every_course_the_machine_stays_in_bounds(acts: list[tuple[str, float]]) -> None:
    """Chances never run below zero, waits are bounded, rest has no deadline, and only a wipe leads back to rest."""
    visit, now = Visit(TIMING), 0.0
    for act, passed in acts:
        now += passed
        before = visit
        visit = visit.wiped() if act == "wiped" else getattr(visit, act)(now)
        assert 0 <= visit.extensions_used <= TIMING.extensions
        resting = visit.state in (State.ATTRACT, State.WIPE)
        assert math.isinf(visit.deadline) == resting
        assert resting or visit.deadline <= now + TIMING.idle
        assert visit.number >= before.number
        if visit.state is State.ATTRACT:
            assert before.state in (State.ATTRACT, State.WIPE)


@given(ACTS, st.floats(0, 100))
def test_time_in_two_steps_is_time_in_one(acts: list[tuple[str, float]], more: float) -> None:
    """How often the clock is looked at changes nothing."""
    visit, now = Visit(TIMING), 0.0
    for act, passed in acts:
        now += passed
        visit = visit.wiped() if act == "wiped" else getattr(visit, act)(now)
    assert visit.tick(now + more / 2).tick(now + more) == visit.tick(now + more)


@given(ACTS)
def test_an_unattended_kiosk_always_comes_to_its_wipe_or_rests(acts: list[tuple[str, float]]) -> None:
    """Whatever happened, 80 seconds after the last touch no visit is open any more."""
    visit, now = Visit(TIMING), 0.0
    for act, passed in acts:
        now += passed
        visit = visit.wiped() if act == "wiped" else getattr(visit, act)(now)
    assert visit.tick(now + 80).state in (State.ATTRACT, State.WIPE)
