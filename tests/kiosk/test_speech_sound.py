"""Speech as a microphone would hear it: espeak-ng through a player into a null sink, recorded from the sink's monitor."""

import shutil
import threading
import time
from array import array

import pytest

from kiosk.speech.player import PACAT, ProgramPlayer
from kiosk.speech.speaker import Speaker
from kiosk.speech.voice import ProgramVoice
from tests.kiosk.conftest import wait_for
from tests.kiosk.ears import LOUD, Ear

pytestmark = pytest.mark.slow

TEXT = "Fill in warm tap water up to the line. Then add two level tablespoons of citric acid."


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
