"""The one mouth of the kiosk: says one text at a time, stops at once, and forgets everything with the visit."""

import threading
from collections import OrderedDict

from kiosk.speech.player import Player
from kiosk.speech.sound import Sound
from kiosk.speech.voice import Voice

MOST_BYTES = 16 * 1024 * 1024


class Speaker:
    """Says texts; sounds are kept in memory only, up to a bound, until the visit is over."""

    def __init__(self, voice: Voice | None, player: Player | None, *, most_bytes: int = MOST_BYTES) -> None:
        self._voice = voice
        self._player = player
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[str, str, int], Sound] = OrderedDict()
        self._kept_bytes = 0
        self.loudness = 100
        """Percent of what a visitor asks for: the shop's own volume, kept over visits."""
        self._turn = 0
        self._visit = 0
        self._saying = 0
        self._lock = threading.Lock()
        self._mouth = threading.Lock()

    def speaks(self, lang: str) -> bool:
        """Whether texts of this language can be said."""
        return self._voice is not None and self._player is not None and self._voice.speaks(lang)

    @property
    def speaking(self) -> bool:
        """Whether something is being said now."""
        return self._saying > 0

    @property
    def kept_bytes(self) -> int:
        """How much sound is kept."""
        return self._kept_bytes

    def say(self, text: str, lang: str, *, speed: int = 150, volume: int = 100) -> bool:
        """Say it in place of whatever is being said; returns when it was said (True) or stopped (False)."""
        assert self._player is not None  # noqa: S101 - whoever asks has asked `speaks`
        with self._lock:
            turn = self._begin()
            self._saying += 1
        try:
            sound = self.prepare(text, lang, speed).at_volume(volume * self.loudness // 100)
            with self._mouth:
                return self._player.play(sound, lambda: turn != self._turn) and turn == self._turn
        finally:
            with self._lock:
                self._saying -= 1

    def prepare(self, text: str, lang: str, speed: int = 150) -> Sound:
        """Make the sound without saying it, so that it is there when its turn comes."""
        assert self._voice is not None  # noqa: S101
        key = (text, lang, speed)
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
            visit = self._visit
        sound = self._voice.make(text, lang, speed)
        with self._lock:
            # Made for a visit that is over by now: not kept.
            if visit == self._visit and key not in self._kept:
                self._keep(key, sound)
        return sound

    def change_loudness(self, by: int) -> None:
        """Make everything louder or quieter from now on, never silent."""
        self.loudness = min(100, max(20, self.loudness + by))

    def stop(self) -> None:
        """Be silent now."""
        with self._lock:
            self._begin()

    def forget(self) -> None:
        """Be silent and forget every sound: the visit is over."""
        with self._lock:
            self._begin()
            self._visit += 1
            self._kept.clear()
            self._kept_bytes = 0

    def _begin(self) -> int:
        self._turn += 1
        if self._player is not None:
            self._player.stop()
        return self._turn

    def _keep(self, key: tuple[str, str, int], sound: Sound) -> None:
        self._kept[key] = sound
        self._kept_bytes += len(sound.samples)
        while self._kept_bytes > self._most_bytes:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1].samples)
