"""Builds a broken search index anew, in a process of its own: one at a time, each failure followed by a longer rest."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

LIMIT = 900.0
"""Seconds after which a build is given up; 4,000 pages take a minute and a half on two slow cores."""
FIRST_REST, MOST_REST = 60.0, 3600.0


class Mender:
    """Runs the command that builds the index from the site that is there."""

    def __init__(self, command: Sequence[str], clock: Callable[[], float] = time.monotonic, limit: float = LIMIT) -> None:
        self._command = list(command)
        self._clock = clock
        self._limit = limit
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._not_before = float("-inf")
        self._closed = False

    def begin(self, mended: Callable[[], None]) -> bool:
        """Start a build unless one runs or has just failed; `mended` is called when it ended well. Says whether it began."""
        with self._lock:
            if self._closed or self._process is not None or self._clock() < self._not_before:
                return False
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own command, given by whoever wires the kiosk
                    self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
                )
            except OSError as error:
                self._rest(f"{error.strerror}")
                return False
        threading.Thread(target=self._wait, args=(self._process, mended), name="kiosk-mender", daemon=True).start()
        return True

    def close(self) -> None:
        """End a build that runs, and begin no other."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    def _wait(self, process: "subprocess.Popen[bytes]", mended: Callable[[], None]) -> None:
        with process:
            try:
                _, said = process.communicate(timeout=self._limit)
            except subprocess.TimeoutExpired:
                process.kill()
                _, said = process.communicate()
        with self._lock:
            self._process = None
            if process.returncode == 0:
                self._failures, self._not_before = 0, float("-inf")
            elif not self._closed:
                self._rest(said.decode("utf-8", "replace").strip()[-300:] or f"it ended with {process.returncode}")
        if process.returncode == 0:
            print("kiosk: the search index was built anew", file=sys.stderr, flush=True)
            mended()

    def _rest(self, why: str) -> None:
        self._failures += 1
        self._not_before = self._clock() + min(MOST_REST, FIRST_REST * 2.0 ** (self._failures - 1))
        print(f"kiosk: the search index cannot be built anew: {why}", file=sys.stderr, flush=True)
