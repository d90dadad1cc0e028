"""The kiosk's mouth: one thing at a time, silent when told, nothing kept, no text of a visitor in an error."""

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.speech.player import ProgramPlayer
from kiosk.speech.sound import Sound, SoundError, read_wav
from kiosk.speech.speaker import Speaker
from kiosk.speech.voice import ProgramVoice
from tests.kiosk.conftest import wait_for

WAV = b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0\x01\0\x01\0\x22\x56\0\0\x44\xac\0\0\x02\0\x10\0data\xff\xff\xff\x7f"
SAY = "import sys; sys.stdin.read(); sys.stdout.buffer.write(bytes.fromhex('%s') + b'\\1\\0' * 100)"


class Voice:
    """Makes a sound of a second, and counts."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def speaks(self, lang: str) -> bool:
        """Speak English."""
        return lang == "en"

    def make(self, text: str, lang: str, speed: int) -> Sound:
        """Make a second of it."""
        self.made.append(text)
        return Sound(b"\x10\x20" * 1000, 1000)


class Player:
    """Plays until stopped."""

    def __init__(self) -> None:
        self.playing = 0
        self.most = 0
        self.stopped = threading.Event()

    def play(self, sound: Sound, cancelled: Callable[[], bool]) -> bool:
        """Wait for the stop."""
        if cancelled():
            return False
        self.stopped.clear()
        self.playing += 1
        self.most = max(self.most, self.playing)
        whole = not self.stopped.wait(5)
        self.playing -= 1
        return whole

    def stop(self) -> None:
        """Stop."""
        self.stopped.set()


def test_the_next_text_takes_the_place_of_the_last() -> None:
    """Never two voices at once, and the first is told that it was cut."""
    player = Player()
    speaker = Speaker(Voice(), player)
    answers: dict[str, bool] = {}
    threads = [threading.Thread(target=lambda text=text: answers.update({text: speaker.say(text, "en")})) for text in "abc"]
    for thread in threads:
        thread.start()
        assert wait_for(lambda: player.playing, 2)
        time.sleep(0.05)
    assert speaker.speaking
    speaker.stop()
    for thread in threads:
        thread.join(5)
    assert answers == {"a": False, "b": False, "c": False}
    assert player.most == 1
    assert not speaker.speaking


def test_sound_is_kept_up_to_a_bound_and_gone_with_the_visit() -> None:
    """Only in memory; the oldest goes first; after the visit nothing is left, not even what was being made."""
    voice = Voice()
    speaker = Speaker(voice, Player(), most_bytes=5000)
    for text in "abcd":
        speaker.prepare(text, "en")
    assert speaker.kept_bytes == 4000
    speaker.prepare("d", "en")
    speaker.prepare("a", "en")
    assert voice.made == ["a", "b", "c", "d", "a"]
    speaker.forget()
    assert speaker.kept_bytes == 0
    slow = threading.Event()
    making = Voice.make

    def make(self: Voice, text: str, lang: str, speed: int) -> Sound:
        slow.wait(5)
        return making(self, text, lang, speed)

    voice.make = make.__get__(voice)  # type: ignore[method-assign]
    late = threading.Thread(target=speaker.prepare, args=("secret", "en"))
    late.start()
    speaker.forget()
    slow.set()
    late.join(5)
    assert speaker.kept_bytes == 0


def test_any_program_that_writes_wav_can_be_the_voice() -> None:
    """Its languages are those that the shop names; a length that no pipe can know is not believed."""
    voice = ProgramVoice([sys.executable, "-c", SAY % WAV.hex()], ["en", "de"])
    assert [voice.speaks(lang) for lang in ("en", "de-AT", "fr")] == [True, True, False]
    sound = voice.make("Hello", "de-AT", 150)
    assert (len(sound.samples), sound.rate, sound.channels) == (200, 22050, 1)
    assert sound.at_volume(50).samples == b"\0\0" * 100


@pytest.mark.parametrize(
    "command", [["no-such-program"], [sys.executable, "-c", "print('no sound')"], [sys.executable, "-c", "1/0"]]
)
def test_a_voice_that_fails_says_so_without_the_text(command: list[str]) -> None:
    """A visitor's words are in no message."""
    voice = ProgramVoice(command, ["en"])
    with pytest.raises(SoundError) as told:
        voice.make("my secret words", "en", 150)
    assert "secret" not in str(told.value)


def test_a_player_that_hangs_is_ended(tmp_path: Path) -> None:
    """Stopping kills the program, and nobody waits for it."""
    mark = tmp_path / "runs"
    player = ProgramPlayer([sys.executable, "-c", f"import time, pathlib; pathlib.Path({str(mark)!r}).touch(); time.sleep(60)"])
    speaker = Speaker(Voice(), player)
    said: list[bool] = []
    saying = threading.Thread(target=lambda: said.append(speaker.say("x", "en")))
    saying.start()
    assert wait_for(mark.exists, 10)
    began = time.monotonic()
    speaker.stop()
    saying.join(5)
    assert said == [False]
    assert time.monotonic() - began < 2


def test_a_player_that_fails_is_told() -> None:
    """For the operator: silence alone would look like a broken page."""
    with pytest.raises(SoundError, match="is there a sound card"):
        ProgramPlayer([sys.executable, "-c", "raise SystemExit(3)"]).play(Sound(b"\0\0", 1000), lambda: False)
    with pytest.raises(SoundError, match="cannot be started"):
        ProgramPlayer(["no-such-program"]).play(Sound(b"\0\0", 1000), lambda: False)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF1234WAVEdata", WAV[:30], b"\0" * 100])
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    """A broken voice is an error, never noise."""
    with pytest.raises(SoundError):
        read_wav(data)
