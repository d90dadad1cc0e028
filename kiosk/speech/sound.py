"""Sound in memory: 16-bit samples as a voice made them, louder or quieter, and how long they take."""

import io
import sys
import wave
from array import array
from dataclasses import dataclass


class SoundError(Exception):
    """Nothing can be said; the text says why, for the operator."""


@dataclass(frozen=True)
class Sound:
    """Raw signed 16-bit little-endian samples."""

    samples: bytes
    rate: int
    channels: int = 1

    @property
    def seconds(self) -> float:
        """How long it takes to play."""
        return len(self.samples) / (2 * self.channels * self.rate)

    def at_volume(self, percent: int) -> "Sound":
        """Give it quieter; 100 is as loud as the voice made it."""
        if percent >= 100:
            return self
        samples = array("h", self.samples)
        if sys.byteorder == "big":
            samples.byteswap()
        quieter = array("h", [sample * percent // 100 for sample in samples])
        if sys.byteorder == "big":
            quieter.byteswap()
        return Sound(quieter.tobytes(), self.rate, self.channels)


def read_wav(data: bytes) -> Sound:
    """Read a WAV of a voice; lengths in its head are not believed, because a program that writes to a pipe cannot know them."""
    at = data.find(b"data", 12)
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE" or at < 0:
        raise SoundError("the voice gave no WAV sound")
    samples = data[at + 8 :]
    samples = samples[: len(samples) // 2 * 2]
    head = data[:4] + len(samples + data[:at]).to_bytes(4, "little") + data[8 : at + 4] + len(samples).to_bytes(4, "little")
    try:
        with wave.open(io.BytesIO(head + samples)) as sound:
            if sound.getsampwidth() != 2:
                raise SoundError("the voice gave no 16-bit sound")
            return Sound(samples, sound.getframerate(), sound.getnchannels())
    except (wave.Error, EOFError) as error:
        raise SoundError(f"the voice gave a WAV that cannot be read: {error}") from None
