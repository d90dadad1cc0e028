"""What somebody hears who stands before a kiosk: a sound server of our own with a null sink, and its monitor."""

import os
import shutil
import subprocess
import threading
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .conftest import wait_for

RATE = 22050
LOUD = 300
"""Of 32,767: above what a silent sink gives, far below any speech."""


class Ear:
    """Records what a null sink gets; each chunk is stamped with the time at which it came."""

    def __init__(self, env: dict[str, str]) -> None:
        self.heard: list[tuple[float, int]] = []
        self._process = subprocess.Popen(
            ["parec", "-d", "kiosk.monitor", "--raw", f"--rate={RATE}", "--channels=1", "--format=s16le", "--latency-msec=10"],
            stdout=subprocess.PIPE,
            env=env,
        )
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while chunk := os.read(self._process.stdout.fileno(), 882):  # 20 ms
            samples = array("h", chunk[: len(chunk) // 2 * 2])
            self.heard.append((time.monotonic(), max(map(abs, samples), default=0)))

    def loud(self, since: float = 0.0) -> list[float]:
        """When something was heard."""
        return [at for at, level in self.heard if level > LOUD and at >= since]

    def close(self) -> None:
        """Stop listening."""
        self._process.kill()
        self._process.wait()
        self._thread.join(5)
        assert self._process.stdout is not None
        self._process.stdout.close()


@contextmanager
def listening(folder: Path) -> Iterator[Ear]:
    """Run a sound server of our own with nothing but a null sink, and listen to it."""
    for program in ("espeak-ng", "pulseaudio", "pacat", "parec"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    socket = folder / "native"
    env = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder), "PULSE_SERVER": f"unix:{socket}"}
    server = subprocess.Popen(
        ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disallow-exit", "--log-level=error",
         "--load=module-null-sink sink_name=kiosk", f"--load=module-native-protocol-unix auth-anonymous=1 socket={socket}"],
        env={key: value for key, value in env.items() if key != "PULSE_SERVER"},
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert wait_for(socket.exists, 10), "the sound server did not start"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULSE_SERVER", env["PULSE_SERVER"])
        listening = Ear(env)
        assert wait_for(lambda: listening.heard, 5), "the sink gives nothing to record"
        yield listening
        listening.close()
    server.terminate()
    server.wait(10)
