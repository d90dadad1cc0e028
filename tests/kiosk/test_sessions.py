"""One-time keys."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.sessions import Holder, Sessions


def test_a_key_opens_one_session_once() -> None:
    """The second use of a key is refused; the session goes on."""
    sessions = Sessions()
    key = sessions.issue(Holder.WINDOW)
    session = sessions.redeem(key)
    assert session is not None
    assert sessions.valid(session)
    assert sessions.redeem(key) is None
    assert session != key


def test_taking_back_the_window_leaves_the_printed_one() -> None:
    """A wipe ends what the window had, used or not, and nothing else."""
    sessions = Sessions()
    printed = sessions.redeem(sessions.issue(Holder.PRINTED))
    window = sessions.redeem(sessions.issue(Holder.WINDOW))
    unused = sessions.issue(Holder.WINDOW)
    sessions.revoke(Holder.WINDOW)
    assert printed is not None
    assert window is not None
    assert sessions.valid(printed)
    assert not sessions.valid(window)
    assert sessions.redeem(unused) is None


def test_keys_stay_few() -> None:
    """A window that starts again and again cannot fill the memory; the newest key works."""
    sessions = Sessions()
    keys = [sessions.issue(Holder.WINDOW) for _ in range(100)]
    assert sessions.redeem(keys[0]) is None
    assert sessions.redeem(keys[-1]) is not None


@given(st.text())
def test_no_guess_opens_anything(guess: str) -> None:
    """Also nothing that is not ASCII, empty or broken."""
    sessions = Sessions()
    sessions.issue(Holder.WINDOW)
    assert sessions.redeem(guess) is None
    assert not sessions.valid(guess)
