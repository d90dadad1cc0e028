"""Speech as a microphone would hear it: espeak-ng through a player into a null sink, recorded from the sink's monitor."""

import os
import shutil
import subprocess
import threading
import time
from array import array
from collections.abc import Iterator

import pytest

from kiosk.speech.player import PACAT, ProgramPlayer
from kiosk.speech.speaker import Speaker
from kiosk.speech.voice import ProgramVoice
from tests.kiosk.conftest import wait_for

pytestmark = pytest.mark.slow

RATE = 22050
LOUD = 300
"""Of 32,767: above what a silent sink gives, far below any speech."""
TEXT = "Fill in warm tap water up to the line. Then add two level tablespoons of citric acid."


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


@pytest.fixture(scope="module")
def ear(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ear]:
    """Run a sound server of our own with nothing but a null sink, and listen to it."""
    for program in ("espeak-ng", "pulseaudio", "pacat", "parec"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    folder = tmp_path_factory.mktemp("sound")
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


@pytest.fixture
def speaker() -> Speaker:
    """Make the speaker that a kiosk has."""
    return Speaker(ProgramVoice(), ProgramPlayer(PACAT))


def test_what_is_said_can_be_heard_and_takes_as_long_as_it_should(ear: Ear, speaker: Speaker) -> None:
    """The recording is not silent, and lasts as long as the sound that was made."""
    expected = speaker.prepare(TEXT, "en").seconds
    assert 3 < expected < 12
    began = time.monotonic()
    assert speaker.say(TEXT, "en")
    assert wait_for(lambda: ear.loud(began) and time.monotonic() - ear.loud()[-1] > 0.5, 5)
    loud = ear.loud(began)
    assert len(loud) > 50
    assert abs((loud[-1] - loud[0]) - expected) < 1.0, (loud[-1] - loud[0], expected)


@pytest.mark.parametrize("attempt", range(3))
def test_it_is_silent_within_200_ms_of_a_stop(ear: Ear, speaker: Speaker, attempt: int) -> None:
    """A key stops speech at once, wherever in the sentence it comes."""
    said: list[bool] = []
    saying = threading.Thread(target=lambda: said.append(speaker.say(TEXT, "en")))
    began = time.monotonic()
    saying.start()
    assert wait_for(lambda: ear.loud(began), 5)
    time.sleep(0.7 + attempt * 0.4)
    stopped = time.monotonic()
    speaker.stop()
    saying.join(5)
    assert said == [False]
    time.sleep(1.0)
    late = [at - stopped for at in ear.loud(stopped)]
    print(f"heard for {1000 * max(late, default=0):.0f} ms after the stop")
    assert max(late, default=0) <= 0.2


def test_quieter_is_quieter(ear: Ear, speaker: Speaker) -> None:
    """Volume changes what is heard, not only a number."""
    levels = []
    for volume in (100, 30):
        since = time.monotonic()
        assert speaker.say("Good morning.", "en", volume=volume)
        time.sleep(0.5)
        levels.append(max(level for at, level in ear.heard if at >= since))
    assert levels[1] < levels[0] * 0.5
    assert levels[1] > LOUD


@pytest.mark.parametrize(
    ("lang", "text"),
    [("en", "Good morning"), ("de", "Guten Morgen"), ("es", "Buenos días"), ("fr", "Bonjour à tous"), ("it", "Buongiorno"),
     ("ar", "صباح الخير"), ("nl", "Goedemorgen"), ("pt", "Bom dia")],
)  # fmt: skip
def test_every_language_of_the_shop_is_spoken(lang: str, text: str) -> None:
    """espeak-ng has a voice for each; each gives sound of its own."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")
    voice = ProgramVoice()
    assert voice.speaks(lang)
    sound = voice.make(text, lang, 150)
    assert 0.4 < sound.seconds < 4
    assert max(abs(sample) for sample in array("h", sound.samples)) > LOUD


def test_a_language_without_a_voice_is_not_offered() -> None:
    """What cannot be spoken is said to be so, instead of being read by a foreign voice."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")
    assert not ProgramVoice().speaks("tlh-x-shop")
    assert not ProgramVoice().speaks("")
