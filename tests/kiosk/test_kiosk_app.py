"""The kiosk as a program: what it prints, how it ends, what it opens."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kiosk import server as web
from kiosk.app import CONTENT, MACHINE, run
from kiosk.config import KioskConfig, load_config
from kiosk.staff import hashed

from .conftest import Program, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def program(tiny_site: Path) -> Iterator[Program]:
    """Run a kiosk without a screen."""
    program = Program(tiny_site)
    yield program
    program.end()


def sockets_of(pid: int) -> list[str]:
    """Every local address on which this process listens or speaks, from /proc."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes |= set(re.findall(r"socket:\[(\d+)\]", str(link.readlink())))
        except OSError:
            continue
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in inodes:
                found.append(f"{table} {fields[1]}")
    return found


def test_without_a_screen_it_says_so_with_the_cure_and_serves(program: Program) -> None:
    """The address is printed exactly so, once, and works once."""
    assert re.fullmatch(r"ready: http://127\.0\.0\.1:\d+/\?key=[\w-]{32}\n", program.first_line)
    assert program.told("no window: there is no screen (DISPLAY and WAYLAND_DISPLAY are not set). To cure it: start it inside")
    assert program.told("goes on serving at the address above")
    with httpx.Client(trust_env=False, follow_redirects=True) as client:
        assert "Touch to start" in client.get(program.address).text
        assert client.post(f"{program.origin}/api/visit/beat", json={}, headers={"Origin": program.origin}).status_code == 200
    assert httpx.get(program.address, trust_env=False).status_code == 403


def test_root_is_warned_and_served(program: Program) -> None:
    """The first try on a fresh machine is often as root."""
    import os

    if os.geteuid() != 0:
        pytest.skip("not running as root")
    assert program.told("warning: running as root.")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_within_seconds(tiny_site: Path, number: int) -> None:
    """Exit code 0, no traceback, also with a browser's connection still open."""
    program = Program(tiny_site)
    with httpx.Client(trust_env=False) as client:
        client.get(program.origin)
        assert program.end(number, seconds=8) == 0
    assert "Traceback" not in "".join(program.errors)


def test_it_listens_on_the_loopback_only(program: Program) -> None:
    """One listener, on 127.0.0.1, and no other socket of any kind."""
    sockets = sockets_of(program.process.pid)
    port = int(program.origin.rpartition(":")[2])
    assert sockets == [f"tcp 0100007F:{port:04X}"]


def test_two_kiosks_run_beside_each_other(program: Program, tiny_site: Path) -> None:
    """Each takes a free port of its own."""
    second = Program(tiny_site)
    try:
        assert second.origin != program.origin
        assert httpx.get(f"{second.origin}/en/", trust_env=False).status_code == 200
    finally:
        assert second.end() == 0


def test_a_visit_without_a_window_ends_by_itself(tiny_site: Path) -> None:
    """The page is told, and the kiosk rests again."""
    program = Program(tiny_site, idle_seconds=1, warning_seconds=1)
    try:
        with httpx.Client(trust_env=False, follow_redirects=True) as client:
            client.get(program.address)

            def beat(*, touched: bool) -> str:
                answer = client.post(
                    f"{program.origin}/api/visit/beat", json={"touched": touched}, headers={"Origin": program.origin}
                )
                return str(answer.json()["state"])

            assert beat(touched=True) == "active"
            assert wait_for(lambda: beat(touched=False) == "warning", 5)
            assert wait_for(lambda: beat(touched=False) == "wipe", 5)
            assert wait_for(lambda: beat(touched=False) == "attract", 5)
            assert beat(touched=True) == "active"
    finally:
        assert program.end() == 0


def settings(**given: object) -> KioskConfig:
    """Make settings up."""
    return KioskConfig.model_validate(given)


def test_a_port_in_use_is_told_with_exit_code_3(tiny_site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The machine's fault, not the shop's."""
    with web.bind(0) as sock:
        port = sock.getsockname()[1]
        assert run(settings(port=port), tiny_site, tiny_site) == MACHINE == 3
    said = capsys.readouterr()
    assert (
        said.err
        == f"port {port} cannot be used: Address already in use. Set another port in kiosk.toml, or 0 for any free one.\n"
    )
    assert said.out == ""


def test_a_missing_site_is_told_with_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before any port is taken."""
    assert run(settings(), tmp_path / "site", tmp_path) == CONTENT == 1
    assert "there is no built site here. Build it first: ./helpstand build" in capsys.readouterr().err


def test_a_language_that_the_site_has_not_is_told_with_its_line(
    tmp_path: Path, tiny_site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only the built site knows its languages."""
    (tmp_path / "kiosk.toml").write_text('port = 0\nlanguage = "fr"\n')
    assert run(load_config(tmp_path / "kiosk.toml"), tiny_site, tmp_path) == 1
    assert capsys.readouterr().err == "kiosk.toml:2: language 'fr' is not offered here. There are: en, de.\n"


def test_restart_in_the_staff_menu_starts_the_kiosk_anew(tiny_site: Path, tmp_path: Path) -> None:
    """Also without systemd: the supervisor takes it for care, not for somebody who wants the kiosk to end."""
    pin = hashed("482915")
    program = Program(tiny_site, supervised=True, staff_pin=pin, state=str(tmp_path))
    try:
        with httpx.Client(base_url=program.origin, trust_env=False, headers={"Origin": program.origin}) as client:
            client.get(program.address)
            given = client.post("/api/staff/enter", json={"pin": "482915"}).json()["pass"]
            assert client.post("/api/staff/look", json={"pass": given, "do": "restart"}).status_code == 200
        assert program.told("the kiosk begins anew: staff")
        assert program.process.stdout is not None
        assert program.process.stdout.readline().startswith("ready: ")
        assert program.end() == 0
    finally:
        program.end()
