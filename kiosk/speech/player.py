"""Players: a program that plays raw samples. It is a process of its own, so that ending it ends the sound at once.

The page itself does not play: <audio> under WebKitGTK goes through GStreamer, whose plugins may be missing and whose buffers
sound on after a stop; and what a page has played may stay in the renderer's cache.
"""

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from kiosk.speech.sound import Sound, SoundError

APLAY = ("aplay", "-q", "-t", "raw", "-f", "S16_LE", "-r", "{rate}", "-c", "{channels}", "--buffer-time=100000")
PACAT = ("pacat", "--playback", "--raw", "--format=s16le", "--rate={rate}", "--channels={channels}", "--latency-msec=60")
PATIENCE = 5.0


class Player(Protocol):
    """Plays one sound at a time."""

    def play(self, sound: Sound, cancelled: Callable[[], bool]) -> bool:
        """Play to the end; False when it was stopped, or cancelled before. SoundError when nothing can be heard."""

    def stop(self) -> None:
        """End the sound that plays now, from any thread."""


class ProgramPlayer:
    """Plays through aplay (ALSA) or pacat (PulseAudio and PipeWire), whichever this machine has."""

    def __init__(self, command: Sequence[str] = ()) -> None:
        self._command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def play(self, sound: Sound, cancelled: Callable[[], bool]) -> bool:
        """Start the program and feed it; it never outlives the sound by more than a few seconds."""
        values = {"rate": str(sound.rate), "channels": str(sound.channels)}
        command = [part.format_map(values) for part in self._command or _found()]
        with self._lock:
            if cancelled():  # asked under the lock that `stop` takes: a stop comes before this start, or finds a process to kill
                return False
            self._stopped = False
            try:
                process = subprocess.Popen(  # noqa: S603 - the shop's own setting, or ours
                    command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            except OSError as error:
                raise SoundError(f"{command[0]} cannot be started: {error.strerror}") from None
            self._process = process
        try:
            code = self._feed(process, sound)
        finally:
            with self._lock:
                self._process = None
                stopped = self._stopped
        if code != 0 and not stopped:
            raise SoundError(f"{command[0]} ended with code {code}: is there a sound card?")
        return not stopped

    def stop(self) -> None:
        """Kill the program: what it had not played yet is gone with it."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def _feed(self, process: "subprocess.Popen[bytes]", sound: Sound) -> int:
        # A program that hangs must not hold this thread: its input pipe would stay full for ever.
        watchdog = threading.Timer(sound.seconds + PATIENCE, process.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            with contextlib.suppress(BrokenPipeError, OSError):
                process.communicate(sound.samples)
            return process.wait()
        finally:
            watchdog.cancel()


def _found() -> tuple[str, ...]:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    has_server = "PULSE_SERVER" in os.environ or (runtime and Path(runtime, "pulse", "native").exists())
    if has_server and shutil.which("pacat"):
        return PACAT
    if shutil.which("aplay"):
        return APLAY
    raise SoundError("there is no program that plays sound. Install it: apt-get install -y alsa-utils")
