"""A screen of its own with a window manager: real input events go in, and its pixels are watched."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import time
from typing import Any, Self

from bench.machine import BenchError

WIDTH, HEIGHT = 1080, 1920
STRIP = (43, 120)
"""Where the watched strip begins and how wide it is: as high as the screen, where each line of text and each list begins."""
AWAY = f"mousemove {WIDTH - 1} 4"
"""A finger does not stay on the glass: the pointer goes where nothing on the next page lies under it."""
TOUCH = 0.05
"""Seconds that a quick finger stays on the glass."""
EACH = 0.01
"""Seconds between two looks: one takes 2 ms, so that the watch takes a small part of one core."""
SECONDS = 10.0

Frame = tuple[float, bytes]


class Screen:
    """Xvfb, a window manager, and a hand, until it is closed."""

    def __init__(self) -> None:
        self._programs: list[subprocess.Popen[str]] = []
        self.display = ""
        self._hand: subprocess.Popen[str] | None = None
        self._root: Any = None
        self._gdk: Any = None

    def __enter__(self) -> Self:
        """Start all of it on a free display."""
        try:
            self.display = self._xvfb()
            self.env = {**os.environ, "DISPLAY": self.display, "GDK_BACKEND": "x11"}
            self.env.pop("WAYLAND_DISPLAY", None)
            self._start("openbox")
            self._hand = self._start("xdotool", "-", stdin=subprocess.PIPE)
            self._open_eye()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End all of it."""
        self.close()

    def close(self) -> None:
        """End what was started, the last first."""
        for program in reversed(self._programs):
            program.terminate()
            if program.stdin:
                with contextlib.suppress(OSError):  # words that nobody will read any more
                    program.stdin.close()
            try:
                program.wait(SECONDS)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait(SECONDS)
        self._programs.clear()

    def tap(self, x: int, y: int) -> float:
        """Touch there and lift the finger; return the time of the lift, before which no page can know that it was a tap."""
        self._do(f"mousemove {x} {y} mousedown 1")
        time.sleep(TOUCH)
        at = time.time()
        # Sent with the lift, the move can overtake it, and the finger would lift elsewhere; `click` waits 100 ms, too long.
        self._do(f"mouseup 1 sleep {TOUCH} {AWAY}")
        return at

    def _do(self, words: str) -> None:
        hand = self._hand
        if hand is None or hand.stdin is None or hand.poll() is not None:
            raise BenchError("the screen's hand (xdotool) ended by itself")
        hand.stdin.write(f"{words}\n")
        hand.stdin.flush()

    def look(self) -> bytes:
        """Return the strip's pixels."""
        left, width = STRIP
        picture = self._gdk.pixbuf_get_from_window(self._root, left, 0, width, HEIGHT)
        if picture is None:
            raise BenchError("the screen (Xvfb) does not show its pixels")
        return bytes(picture.get_pixels())

    def _xvfb(self) -> str:
        reader, writer = os.pipe()
        size = f"{WIDTH}x{HEIGHT}x24"
        self._start("Xvfb", "-displayfd", str(writer), "-screen", "0", size, "-nolisten", "tcp", pass_fds=[writer])
        os.close(writer)
        with os.fdopen(reader) as pipe:
            answers, _, _ = select.select([pipe], [], [], SECONDS)
            number = pipe.readline().strip() if answers else ""
        if not number:
            raise BenchError("the screen (Xvfb) did not start")
        return f":{number}"

    def _start(self, *words: str, **options: Any) -> subprocess.Popen[str]:
        env = self.env if self.display else None
        program = subprocess.Popen(words, env=env, text=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **options)
        self._programs.append(program)
        return program

    def _open_eye(self) -> None:
        import gi  # noqa: PLC0415, only a machine that has a window needs it

        gi.require_version("Gdk", "3.0")
        from gi.repository import Gdk  # noqa: PLC0415

        display = Gdk.Display.open(self.display)
        if display is None:
            raise BenchError(f"the screen {self.display} does not answer")
        self._gdk, self._root = Gdk, display.get_default_screen().get_root_window()
