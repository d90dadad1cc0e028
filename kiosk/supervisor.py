"""Keeps the app alive: starts it, watches its beat, starts it again, and shows the safe page when that happens too often.

Only the standard library is imported here, because this process must hold when nothing else does.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import NoReturn

from kiosk.ends import End, is_planned, named
from kiosk.restarts import Restarts
from kiosk.systemd import notify

BEAT_FD = "HELPSTAND_BEAT_FD"
SAFE = "--safe"
LOOK = 0.25
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits, in seconds."""

    first: float = 120.0
    """From the very first start to the first beat: a cold machine is slow."""
    start: float = 25.0
    """From a later start to the first beat."""
    beat: float = 30.0
    """From one beat to the next."""
    end: float = 6.0
    """From SIGTERM to SIGKILL."""
    safe: float = 900.0
    """How long the safe page stays before the kiosk is tried again."""
    pause: float = 1.0
    """By how much the waits between starts are longer or shorter than usual."""


class Child:
    """One run of the app, in a session of its own, so that no helper of a browser outlives it."""

    def __init__(self, command: list[str]) -> None:
        self._reader, writer = os.pipe()
        os.set_blocking(self._reader, False)
        try:
            self._process = subprocess.Popen(  # noqa: S603, our own command
                command, pass_fds=[writer], start_new_session=True, env={**os.environ, BEAT_FD: str(writer)}
            )
        finally:
            os.close(writer)

    def beats(self, seconds: float) -> list[str]:
        """Wait no longer than this for words of the app, and give them."""
        if not select.select([self._reader], [], [], seconds)[0]:
            return []
        data = os.read(self._reader, 65536)
        if not data:
            time.sleep(LOOK)  # closed: the app is ending, or has closed what it should have kept
        return data.decode("ascii", "replace").split()

    def ended(self) -> int | None:
        """Give the exit code of an app that has ended."""
        return self._process.poll()

    def close(self, patience: float) -> int:
        """End it, politely at first, and everything that it started."""
        if self._process.poll() is None:
            self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        os.close(self._reader)
        return code


class Verdict(StrEnum):
    """How the watch over one run of the app ended."""

    ENDED = "ended"
    ASKED = "asked"
    SILENT = "silent"
    TIME_OVER = "time over"


class Supervisor:
    """Runs the app until somebody asks it to end."""

    def __init__(self, command: list[str], patience: Patience | None = None, *, in_shop: bool | None = None) -> None:
        self._command = command
        self._patience = patience or Patience()
        # At a terminal a first start that cannot work ends with its message; in a shop nobody reads it, and a page must tell.
        self._in_shop = "NOTIFY_SOCKET" in os.environ if in_shop is None else in_shop
        self._restarts = Restarts()
        self._asked = False
        self._was_ready = False

    def run(self) -> int:
        """Give the exit code when it is over."""
        self._on_signals()
        while not self._asked:
            safe = self._restarts.too_many(time.monotonic())
            code = self._once(safe=safe)
            if self._asked or code == End.TOLD:
                break
            hopeless = code in (End.CONTENT, End.MACHINE) and not self._was_ready and not self._in_shop
            if hopeless or (safe and code is not None):
                # Where even the safe page does not stay, systemd counts this end, and starts the machine anew.
                return End.MACHINE if safe else int(code or 0)
            self._note(code)
        return End.TOLD

    def _once(self, *, safe: bool) -> int | None:
        """Run the app once and give its exit code; None when it was the safe page, whose time is over."""
        child = Child([*self._command, *([SAFE] if safe else [])])
        verdict = Verdict.ASKED
        try:
            verdict = self._watch(child, self._patience.safe if safe else None)
        finally:
            if verdict is Verdict.ASKED:
                notify("STOPPING=1")
            code = child.close(0.0 if verdict is Verdict.SILENT else self._patience.end)
        return {Verdict.TIME_OVER: None, Verdict.SILENT: int(End.LOOP_HUNG)}.get(verdict, code)

    def _watch(self, child: Child, lasts: float | None) -> Verdict:
        began = last = time.monotonic()
        patience = self._patience.start if self._was_ready else self._patience.first
        while not self._asked:
            if child.ended() is not None:
                return Verdict.ENDED
            words = child.beats(LOOK)
            now = time.monotonic()
            if "beat" in words:
                last, patience = now, self._patience.beat
                self._alive(safe=lasts is not None)
            if now - last > patience:
                return Verdict.SILENT
            if lasts is not None and now - began > lasts:
                return Verdict.TIME_OVER
        return Verdict.ASKED

    def _note(self, code: int | None) -> None:
        now = time.monotonic()
        if code is None:
            _say("the safe page had its time; the kiosk is tried again")
            self._restarts = self._restarts.forgiven()
        elif is_planned(code):
            _say(f"the kiosk is started anew: {named(code)}")
        else:
            self._restarts = self._restarts.ended(now)
            _say(f"the kiosk ended by itself ({named(code)}); it is started again")
            self._rest(self._restarts.wait(now) * self._patience.pause)

    def _rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._asked and time.monotonic() < end:
            time.sleep(min(LOOK, seconds))

    def _alive(self, *, safe: bool) -> None:
        ready = "" if self._was_ready else "READY=1\n"
        notify(f"{ready}WATCHDOG=1\nSTATUS={'safe page: please ask our staff' if safe else 'running'}")
        self._was_ready = True

    def _on_signals(self) -> None:
        def ask(_number: int, _frame: FrameType | None) -> None:
            self._asked = True

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, ask)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def take_over(command: list[str]) -> NoReturn:
    """Become the supervisor of that command: what a build has loaded into this process goes, and its number stays for systemd."""
    sys.stdout.flush()
    sys.stderr.flush()
    _no_core_dumps()
    if sys.platform == "win32":
        # Without pipes that can be waited for there is no supervisor; Assigned Access starts the app again.
        sys.exit(subprocess.call(command))  # noqa: S603, our own command
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    words = [sys.executable, "-m", "kiosk.supervisor", *command]
    os.execve(sys.executable, words, {**os.environ, "PYTHONPATH": path})  # noqa: S606, no shell is wanted


def _no_core_dumps() -> None:
    # What a visitor typed would be in them. Everything that the app starts inherits this.
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415, only where there is such a thing

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(Supervisor(sys.argv[1:]).run())
