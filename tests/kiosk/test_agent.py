"""The second process: sends only where it may, tries again for ever and ever more calmly, listens on nothing."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.agent import MOST_WAIT, Agent, alone, wait_after
from kiosk.health import Health
from kiosk.heartbeat import Heartbeat
from kiosk.log import MOST_BYTES, Event, Log
from kiosk.outbound import Outbound, OutboundError
from service.messages import Enrolled
from service.outbox import Identity, Outbox

from .conftest import ROOT, FakeClock, wait_for
from .test_kiosk_app import sockets_of


class Desk(BaseHTTPRequestHandler):
    """A desk that keeps what it is sent."""

    got: list[tuple[str, bytes]]
    status = 200

    def do_POST(self) -> None:
        """Take one post."""
        self.got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


@pytest.fixture
def desk() -> Iterator[tuple[str, type[Desk]]]:
    """Run one; give its address and what it keeps."""
    handler = type("Handler", (Desk,), {"got": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", handler
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def heartbeat(desk: tuple[str, type[Desk]], tmp_path: Path) -> Iterator[Heartbeat]:
    """Return the heartbeat of an enrolled kiosk."""
    identity, outbox = Identity(tmp_path), Outbox(tmp_path / "outbox.sqlite")
    identity.enrolled(Enrolled(kiosk="city-2", desk_key="ab" * 32).model_dump_json().encode())
    yield Heartbeat(desk[0], identity, outbox, Health(tmp_path))
    outbox.close()


def test_the_heartbeat_of_both_parts_reaches_the_desk(desk: tuple[str, type[Desk]], heartbeat: Heartbeat) -> None:
    """With what waits in the outbox; and what answers is no desk, so the key to seal for stays as it was."""
    address, handler = desk
    heartbeat.health.beat("app", {"uptime_s": 12, "broken": 0})
    heartbeat.outbox.add("counts", "{}", 0)
    heartbeat.send(Outbound.to(address))
    path, body = handler.got[0]
    assert path == "/api/heartbeat"
    told = json.loads(body)
    assert told["kiosk"] == "city-2"
    assert (told["outbox"]["waiting"], told["outbox"]["acknowledged"], told["outbox"]["alarms"][0]) == (1, 0, "late")
    assert heartbeat.identity.desk.desk_key == "ab" * 32
    assert told["parts"]["app"]["uptime_s"] == 12
    assert told["parts"]["app"]["at"].endswith("+00:00")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://desk.example@evil.example/",
        "https://evil.example@desk.example/",
        "https://desk.example:444/",
        "https://DESK.example/",
        "http://desk.example/",
        "ftp://desk.example/",
        "file:///etc/passwd",
        "//evil.example/",
        "",
    ],
)
def test_nothing_goes_to_a_host_that_is_not_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one connection is tried."""
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("it connected"))
    with pytest.raises(OutboundError):
        Outbound.to("https://desk.example/base").request("GET", url)


def test_a_kiosk_that_no_desk_knows_tells_nobody(desk: tuple[str, type[Desk]], tmp_path: Path) -> None:
    """It is no failure either."""
    outbox = Outbox(tmp_path / "outbox.sqlite")
    Heartbeat(desk[0], Identity(tmp_path), outbox, Health(tmp_path)).send(Outbound.to(desk[0]))
    outbox.close()
    assert desk[1].got == []


def test_a_redirect_is_not_followed_and_counts_as_a_failure(desk: tuple[str, type[Desk]], heartbeat: Heartbeat) -> None:
    """A captive portal sends everybody elsewhere."""
    address, handler = desk
    handler.status = 302
    with pytest.raises(OutboundError, match="302"):
        heartbeat.send(Outbound.to(address))
    assert len(handler.got) == 1


def test_proxies_of_the_environment_are_not_asked(desk: tuple[str, type[Desk]], monkeypatch: pytest.MonkeyPatch) -> None:
    """What the shop did not name gets nothing, not even as a go-between."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    address, _ = desk
    assert Outbound.to(address).request("POST", f"{address}/x", b"y").status == 200


def test_a_host_that_drips_is_cut_off() -> None:
    """A byte now and then passes every time-out of a socket; the whole exchange has an end all the same."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"

        def drip() -> None:
            line, _ = server.accept()
            with line:
                for letter in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1000:
                    try:
                        line.sendall(bytes([letter]))
                    except OSError:
                        return
                    time.sleep(0.05)

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        began = time.monotonic()
        with pytest.raises(OutboundError):
            Outbound(frozenset({address.removeprefix("http://")}), seconds=1).request("GET", f"{address}/")
        assert time.monotonic() - began < 4
        thread.join(5)


class Errand:
    """Fails as often as it is told to."""

    name, every = "errand", 60.0

    def __init__(self, failures: int) -> None:
        """Count down from there."""
        self.failures, self.tries = failures, 0

    def send(self, outbound: Outbound) -> None:
        """Fail or not."""
        self.tries += 1
        if self.tries <= self.failures:
            raise OutboundError("the cable is out")


def test_errands_fail_apart_and_are_tried_again_later_each_time(tmp_path: Path) -> None:
    """The one that works goes on at its own pace."""
    clock, good, bad = FakeClock(), Errand(0), Errand(99)
    log = Log(tmp_path, "agent")
    agent = Agent([bad, good], Outbound(frozenset()), Health(tmp_path), log, chance=lambda: 1.0, clock=clock)
    waits, last = [], clock.now
    for _ in range(4000):
        before = bad.tries
        agent.look()
        if bad.tries > before:
            waits.append(clock.now - last)
            last = clock.now
        clock.now += 1
    log.close()
    assert waits[1:8] == [2, 4, 8, 16, 32, 64, 128]
    assert max(waits) <= MOST_WAIT
    assert good.tries == 67
    assert '"failures": 3' in (tmp_path / "agent.log").read_text()


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_no_wait_is_longer_than_a_quarter_of_an_hour(failures: int, chance: float) -> None:
    """However long the cable was out."""
    assert 0 <= wait_after(failures, chance) <= MOST_WAIT


def test_two_agents_of_one_kiosk_are_refused(tmp_path: Path) -> None:
    """They would send everything twice."""
    with alone(tmp_path), pytest.raises(BlockingIOError), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


@pytest.mark.slow
def test_the_agent_as_a_program_listens_on_nothing_and_ends_when_told(desk: tuple[str, type[Desk]], tmp_path: Path) -> None:
    """It sends its first heartbeat within seconds; its sockets are gone between two of them."""
    address, handler = desk
    (tmp_path / "kiosk.toml").write_text(f'desk = "{address}"\nname = "city-2"\n')
    (tmp_path / "state").mkdir()
    Identity(tmp_path / "state").enrolled(Enrolled(kiosk="city-2", desk_key="ab" * 32).model_dump_json().encode())
    command = [sys.executable, str(ROOT / "build.py"), "kiosk", "--agent", "--kiosk-config", str(tmp_path / "kiosk.toml")]
    env = {**os.environ, "STATE_DIRECTORY": str(tmp_path / "state")}
    with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert wait_for(lambda: handler.got, 120)
            assert wait_for(lambda: sockets_of(process.pid) == [], 60)
            assert wait_for(lambda: "agent" in Health(tmp_path / "state").read(), 60)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0


def test_the_log_takes_no_words_and_rotates(tmp_path: Path) -> None:
    """Numbers and names of our own only; and never more than four files of half a megabyte."""
    log = Log(tmp_path)
    with pytest.raises(TypeError, match="only numbers and names of our own"):
        log.event(Event.VISIT, query="my name is Ada")  # type: ignore[arg-type]
    for number in range(25_000):
        log.event(Event.VISIT, number=number, seconds=1.25)
    log.close()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["kiosk.log", "kiosk.log.1", "kiosk.log.2", "kiosk.log.3"]
    assert all(file.stat().st_size <= MOST_BYTES for file in files)


def test_health_is_one_row_for_each_part(tmp_path: Path) -> None:
    """A kiosk that beats for years keeps a file of the same size."""
    health = Health(tmp_path)
    for number in range(50):
        health.beat("app", {"number": number})
        health.beat("agent", {"number": number})
    assert {part: body["number"] for part, body in health.read().items()} == {"app": 49, "agent": 49}
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 100_000
