"""The start script on machines that lack something: it installs only what it may, asks once, and else prints the one line."""

from __future__ import annotations

import os
import pty
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# A machine of paper: dpkg knows no package, apt-get writes down what it is asked and then fails, id says who we are.
STUBS = {
    "dpkg-query": "exit 1",
    "apt-get": (
        'case "$*" in *--assume-no*) echo "Need to get 105 MB of archives."; '
        'echo "After this operation, 412 MB of additional disk space will be used.";; '
        '*" -s "*) echo "Inst one"; echo "Inst two";; *install*) echo "$*" >>"$LOG"; exit 100;; *) echo "$*" >>"$LOG";; esac'
    ),
    "id": 'echo "$USER_ID"',
}


@dataclass(frozen=True)
class Machine:
    """A machine without Debian packages."""

    folder: Path

    @property
    def asked(self) -> str:
        """What apt-get was told to do."""
        log = self.folder / "log"
        return log.read_text(encoding="utf-8") if log.exists() else ""

    def environment(self, user: int, **more: str) -> dict[str, str]:
        """Return the environment of a user on it."""
        found = {
            "PATH": f"{self.folder}:/usr/bin:/bin",
            "HOME": str(self.folder),
            "USER_ID": str(user),
            "LOG": str(self.folder / "log"),
            "HELPSTAND_VENV": str(self.folder / "venv"),
        }
        return {**found, **more}

    def start(self, *words: str, user: int, **more: str) -> subprocess.CompletedProcess[str]:
        """Start without a terminal."""
        command = ["sh", str(ROOT / "helpstand"), *words]
        environment = self.environment(user, **more)
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, timeout=60
        )

    def answer(self, text: str, *words: str, user: int) -> tuple[int, str]:
        """Start at a terminal and type an answer."""
        child, terminal = pty.fork()
        if child == 0:
            os.execve("/bin/sh", ["sh", str(ROOT / "helpstand"), *words], self.environment(user))
        os.write(terminal, text.encode())
        said = b""
        try:
            while piece := os.read(terminal, 4096):
                said += piece
        except OSError:  # how Linux says that the other end is closed
            pass
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said.decode()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return such a machine."""
    for name, script in STUBS.items():
        stub = tmp_path / name
        stub.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        stub.chmod(0o755)
    # An environment that takes every package and starts nothing: what is tried here comes before it.
    python = tmp_path / "venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n", encoding="utf-8")
    python.chmod(0o755)
    return Machine(tmp_path)


def test_root_without_a_terminal_installs(machine: Machine) -> None:
    """As root, with nobody to ask, what is needed is installed; if that fails, the line to run is printed."""
    done = machine.start("test", user=0)
    assert done.returncode == 3
    assert "helpstand: installing Debian packages: python3-gi" in done.stderr
    assert "update" in machine.asked
    assert "Debian packages are missing for the tests. Run this, then start again:" in done.stderr
    assert "apt-get update && apt-get install -y --no-install-recommends python3-gi" in done.stderr


def test_others_get_the_one_line(machine: Machine) -> None:
    """Without rights and without a terminal nothing is touched; the line begins with sudo."""
    done = machine.start("test", user=1000)
    assert done.returncode == 3
    assert machine.asked == ""
    assert "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends python3-gi" in done.stderr


def test_at_a_terminal_it_asks_once_with_the_size(machine: Machine) -> None:
    """Root at a terminal sees the list, the number and the size, and is asked; "no" is remembered."""
    code, said = machine.answer("n\n", "test", user=0)
    assert code == 3
    assert "missing for the tests: python3-gi" in said
    assert "2 packages with all that they need, 105 MB to download, 412 MB on disk" in said
    assert "install them now? [Y/n]" in said
    assert machine.asked == ""
    code, said = machine.answer("", "test", user=0)
    assert code == 3
    assert "install them now?" not in said


def test_yes_is_taken_for_an_answer(machine: Machine) -> None:
    """With --yes nobody is asked."""
    code, said = machine.answer("", "--yes", "test", user=0)
    assert code == 3
    assert "install them now?" not in said
    assert "install -y" in machine.asked
    code, said = machine.answer("yes\n", "test", user=0)
    assert "install them now?" in said


def test_ci_is_taken_for_yes(machine: Machine) -> None:
    """CI never waits for an answer."""
    assert machine.start("test", user=0, CI="true").returncode == 3
    assert "install -y" in machine.asked


def test_a_kiosk_without_its_window_packages_goes_on(machine: Machine) -> None:
    """A kiosk on a screen wants the window's packages, says what is missing, and does not stop for it."""
    done = machine.start("kiosk", user=1000, DISPLAY=":99")
    assert done.returncode == 0
    assert "without these Debian packages there is no kiosk window" in done.stderr
    assert "python3-gi gir1.2-webkit2-4.1 fonts-noto-core" in done.stderr


def test_a_kiosk_without_a_screen_asks_for_no_window(machine: Machine) -> None:
    """Where there is no screen, nobody needs GTK."""
    done = machine.start("kiosk", user=1000)
    assert done.returncode == 0
    assert "gir1.2-webkit2" not in done.stderr
