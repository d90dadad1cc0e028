"""The supervisor with a stand-in for the app: each breakdown is caused, and the next start is seen."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.systemd import notify

from .conftest import ROOT, wait_for

FAKE = ROOT / "tests" / "kiosk" / "fake_app.py"
RUN = """
import sys
from kiosk.supervisor import Patience, Supervisor
patience = Patience(first=5, start=5, beat=1.0, end=2, safe=float(sys.argv[1]), pause=0.02)
sys.exit(Supervisor(sys.argv[3:], patience, in_shop=sys.argv[2] == "shop").run())
"""


class Supervised:
    """A supervisor at work, and what its app was told to do."""

    def __init__(
        self, folder: Path, what: str, *, what_safe: str = "run", safe: float = 60, place: str = "shop", **env: str
    ) -> None:
        """Start it."""
        self.folder = folder
        self.tell(what)
        (folder / "what-safe").write_text(what_safe)
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(safe), place, sys.executable, str(FAKE), str(folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **env},
            stderr=subprocess.PIPE,
            text=True,
        )

    def tell(self, what: str) -> None:
        """Say what the next app does."""
        (self.folder / "what").write_text(what)

    @property
    def starts(self) -> list[list[str]]:
        """Kind and process number of each start."""
        path = self.folder / "starts"
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []

    def end(self) -> tuple[int, str]:
        """Ask it to end; give its exit code and what it said."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        said = self.process.communicate(timeout=20)[1]
        return self.process.returncode, said


@pytest.fixture
def supervise(tmp_path: Path) -> "Callable[..., Supervised]":
    """Give the call that starts one in a folder of its own."""
    return lambda what, **given: Supervised(tmp_path, what, **given)


def test_it_ends_with_its_app_when_told_to(supervise: "Callable[..., Supervised]") -> None:
    """Exit code 0, and nothing of the app is left."""
    one = supervise("child")
    assert wait_for((one.folder / "child").exists)
    child = int((one.folder / "child").read_text())
    assert one.end() == (0, "")
    assert not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text()


def test_an_app_that_was_told_to_end_is_not_started_again(supervise: "Callable[..., Supervised]") -> None:
    """Code 0 is nobody's breakdown."""
    one = supervise("exit 0 beaten")
    assert one.process.wait(10) == 0
    assert len(one.starts) == 1
    one.end()


def test_a_crash_is_followed_by_a_new_start_at_once(supervise: "Callable[..., Supervised]") -> None:
    """By a signal as by an exit code of ours."""
    one = supervise("run")
    assert wait_for(lambda: len(one.starts) == 1)
    time.sleep(0.3)
    os.kill(int(one.starts[0][1]), signal.SIGSEGV)
    killed = time.monotonic()
    assert wait_for(lambda: len(one.starts) == 2, 5)
    assert time.monotonic() - killed < 3
    code, said = one.end()
    assert code == 0
    assert "ended by itself (code -11)" in said


def test_an_app_that_gives_no_sign_of_life_is_ended_and_begun_anew(supervise: "Callable[..., Supervised]") -> None:
    """Also when it does not hear SIGTERM: it is stopped."""
    one = supervise("hang")
    assert wait_for(lambda: len(one.starts) == 1)
    os.kill(int(one.starts[0][1]), signal.SIGSTOP)
    one.tell("run")
    assert wait_for(lambda: len(one.starts) == 2, 10)
    assert not Path(f"/proc/{one.starts[0][1]}").exists()
    assert "loop_hung" in one.end()[1]


def test_the_sixth_breakdown_brings_the_safe_page_and_it_has_its_time(supervise: "Callable[..., Supervised]") -> None:
    """After that the kiosk is tried again."""
    one = supervise("exit 87 beaten", safe=2)
    assert wait_for(lambda: ["safe"] in [start[:1] for start in one.starts], 40)
    assert [kind for kind, _ in one.starts].index("safe") == 6
    one.tell("run")
    assert wait_for(lambda: len(one.starts) == 8, 15)
    assert one.starts[7][0] == "normal"
    assert "the safe page had its time" in one.end()[1]


def test_where_even_the_safe_page_breaks_the_supervisor_gives_up(supervise: "Callable[..., Supervised]") -> None:
    """Systemd then counts, and starts the machine anew."""
    one = supervise("exit 87", what_safe="exit 87")
    assert one.process.wait(60) == 3
    one.end()


def test_care_is_no_breakdown(supervise: "Callable[..., Supervised]") -> None:
    """A nightly restart may come as often as it likes."""
    one = supervise("exit 85")
    assert wait_for(lambda: len(one.starts) > 8, 20)
    assert {kind for kind, _ in one.starts} == {"normal"}
    one.end()


@pytest.mark.parametrize("place", ["terminal", "shop"])
def test_a_start_that_cannot_work_ends_at_a_terminal_and_goes_on_in_a_shop(
    supervise: "Callable[..., Supervised]", place: str
) -> None:
    """A person reads the message and mends it; a shop needs a page that says whom to ask."""
    one = supervise("exit 1", place=place)
    if place == "terminal":
        assert one.process.wait(10) == 1
        assert len(one.starts) == 1
    else:
        assert wait_for(lambda: len(one.starts) > 1)
    one.end()


def test_systemd_is_told_ready_once_and_then_that_it_lives(supervise: "Callable[..., Supervised]", tmp_path: Path) -> None:
    """By datagrams: READY=1 with the first beat, WATCHDOG=1 with each, STOPPING=1 at the end; none while the app hangs."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        sock.settimeout(30)
        one = supervise("run", NOTIFY_SOCKET=str(tmp_path / "notify"))
        first = sock.recv(1000).decode()
        assert first.startswith("READY=1\nWATCHDOG=1\nSTATUS=running")
        assert sock.recv(1000).decode().startswith("WATCHDOG=1")
        one.process.send_signal(signal.SIGTERM)
        while (said := sock.recv(1000).decode()) != "STOPPING=1":
            assert said.startswith("WATCHDOG=1")
        one.process.communicate(timeout=60)  # told once: a Python that is leaving has no handler for a second signal any more
        assert one.process.returncode == 0


def test_without_systemd_nothing_is_told() -> None:
    """No variable, a strange one, a socket that nobody has."""
    assert not notify("READY=1", {})
    assert not notify("READY=1", {"NOTIFY_SOCKET": "tcp:1"})
    assert not notify("READY=1", {"NOTIFY_SOCKET": "/nowhere/socket"})
