"""Voices: programs that make a WAV of a text. espeak-ng by default, any other that reads text and writes WAV when set."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from kiosk.speech.sound import Sound, SoundError, read_wav

ESPEAK = ("espeak-ng", "-v", "{lang}", "-s", "{speed}", "--stdin", "--stdout")
SECONDS = 10.0

# Where a voice has another name than the language of a page.
_ESPEAK_NAMES = {"no": "nb", "zh": "cmn", "zh-cn": "cmn", "zh-tw": "cmn"}
_NOT_SPOKEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


class Voice(Protocol):
    """Makes sound of text."""

    def speaks(self, lang: str) -> bool:
        """Whether it can say a text in this language."""

    def make(self, text: str, lang: str, speed: int) -> Sound:
        """Make the sound, at so many words a minute; SoundError when that fails."""


class ProgramVoice:
    """A program that reads text and writes WAV; `{lang}` and `{speed}` in its arguments are filled in."""

    def __init__(self, command: Sequence[str] = ESPEAK, languages: Sequence[str] = ()) -> None:
        self._command = tuple(command)
        self._given = frozenset(code.lower() for code in languages)

    def speaks(self, lang: str) -> bool:
        """Whether it can say a text in this language: as the shop says, else as espeak-ng itself says."""
        return self._known_as(lang) is not None

    def make(self, text: str, lang: str, speed: int) -> Sound:
        """Run the program once; it is ended when it takes too long."""
        name = self._known_as(lang)
        if name is None:
            raise SoundError(f"the voice does not speak '{lang}'")
        values = {"{lang}": name, "{speed}": str(speed)}
        command = [values.get(part, part) for part in self._command]
        try:
            made = subprocess.run(  # noqa: S603 - the shop's own setting, or ours; the text goes in through a pipe
                command, input=_NOT_SPOKEN.sub(" ", text).encode(), capture_output=True, timeout=SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            # Never the error's own words: they may hold the text, and that may be a visitor's.
            raise SoundError(f"{self._command[0]} failed ({type(error).__name__})") from None
        return read_wav(made.stdout)

    def _known_as(self, lang: str) -> str | None:
        code = lang.lower()
        base = code.split("-")[0]
        if self._command[0] != "espeak-ng":
            return next((name for name in (code, base) if name in self._given), None)
        names = (code, _ESPEAK_NAMES.get(code, code), base, _ESPEAK_NAMES.get(base, base))
        return next((name for name in names if name in self._espeak), None)

    @cached_property
    def _espeak(self) -> frozenset[str]:
        if shutil.which("espeak-ng") is None:
            return frozenset()
        try:
            listed = subprocess.run(["espeak-ng", "--voices"], capture_output=True, text=True, timeout=SECONDS, check=True)  # noqa: S607
        except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
            return frozenset()
        rows = [line.split() for line in listed.stdout.splitlines()[1:]]
        named = {row[1].lower() for row in rows if len(row) > 1}
        # The English of the list are "en-gb" and others; espeak-ng takes the bare code for the first of a kind.
        return frozenset(named | {name.split("-")[0] for name in named})
