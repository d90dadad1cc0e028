"""A window under the taps, seen from outside: what its pages report, and its end."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Self

from bench.machine import BenchError
from bench.screen import Screen

ROOT = Path(__file__).resolve().parents[1]
END_SECONDS = 15.0


class Shown:
    """A window with pages that report, as a process of its own."""

    def __init__(self, screen: Screen, *words: str, module: str = "bench.window") -> None:
        # Closed in __exit__, after the program that writes into it has ended.
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            env={**screen.env, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self.last: dict[str, Any] | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        """Use it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it, and everything below it."""
        self._process.terminate()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(END_SECONDS)
        self._reader.join(END_SECONDS)
        if self._process.stdin:
            self._process.stdin.close()
        if self._process.stdout:
            self._process.stdout.close()
        self._errors.close()

    def said(self, word: str, seconds: float) -> dict[str, Any]:
        """Return the next report that holds this word; earlier ones are dropped. Raises BenchError when none comes."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and (self._process.poll() is None or not self._said.empty()):
            try:
                report = self._said.get(timeout=0.1)
            except queue.Empty:
                continue
            if word in report:
                return report
        raise BenchError(f"the window did not report a page within {seconds:.0f} seconds.\n{self._last_words()}")

    @property
    def pid(self) -> int:
        """The window's process."""
        return self._process.pid

    def tell(self, word: str) -> None:
        """Give it one order."""
        if self._process.stdin:
            self._process.stdin.write(f"{word}\n")
            self._process.stdin.flush()

    def forget(self) -> None:
        """Drop what was reported until now."""
        self.latest()
        self.last = None

    def links(self, seconds: float) -> dict[str, Any] | None:
        """Return the newest page that reported its links, waiting for one if none was seen yet; None when none comes."""
        page = self.latest() or self.last
        if page is None:
            try:
                page = self.said("links", seconds)
            except BenchError:
                return None
        self.last = page
        return page

    def page(self, path: str, seconds: float) -> dict[str, Any]:
        """Return the next report that this page has drawn. Raises BenchError when none comes."""
        end = time.monotonic() + seconds
        while True:
            report = self.said("drawn", max(0.1, end - time.monotonic()))
            if report["page"] == path:
                return report

    def reported(self) -> dict[str, Any] | None:
        """Return a report if one is there."""
        try:
            return self._said.get_nowait()
        except queue.Empty:
            return None

    def latest(self) -> dict[str, Any] | None:
        """Return the last page that reported its links since somebody asked, or None; all reports are taken."""
        page = None
        while report := self.reported():
            page = report if "links" in report else page
        return page

    def _read(self) -> None:
        for line in self._process.stdout or ():
            if line.startswith("{"):
                self._said.put(json.loads(line))

    def _last_words(self) -> str:
        self._errors.seek(0)
        return self._errors.read()[-2000:]
