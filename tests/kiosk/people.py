"""People at a kiosk, for tests: one who only hears and has twelve keys, a scanner, and the kiosk that they stand at."""

from __future__ import annotations

import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kiosk import server as web
from kiosk.keeper import VisitKeeper
from kiosk.searching import IndexFind, Search
from kiosk.sessions import Holder, Sessions
from kiosk.shell import PageOptions, Shell
from kiosk.shop import ShopParts
from kiosk.site import read_info
from kiosk.speech.sound import Sound
from kiosk.speech.speaker import Speaker
from kiosk.visit import Timing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, CDPSession, Page

SPOKEN = frozenset(["en", "de", "es", "fr", "it", "ar"])
HOLD = 1.5
LATE = 0.5
"""Seconds that a scanner's keys take to the page: each is sent when the one before was taken, on a busy machine slowly."""


@dataclass(frozen=True)
class _Told(Sound):
    """A text in place of its sound."""

    text: str = ""
    lang: str = ""

    def at_volume(self, percent: int) -> _Told:
        """Text has no volume."""
        return self


class TextVoice:
    """A voice that makes text."""

    def speaks(self, lang: str) -> bool:
        """Speak what the shop's voice would."""
        return lang in SPOKEN

    def make(self, text: str, lang: str, speed: int) -> Sound:
        """Wrap the text."""
        return _Told(b"", 22050, 1, text, lang)


class Transcript:
    """A player that writes down what is said, at a pace at which it can be interrupted."""

    def __init__(self, seconds_per_letter: float = 0.0004) -> None:
        self.said: list[tuple[str, str]] = []
        self.last = time.monotonic()
        self._pace = seconds_per_letter
        self._stopped = threading.Event()

    def play(self, sound: Sound, cancelled: Callable[[], bool]) -> bool:
        """Write it down."""
        assert isinstance(sound, _Told)
        if cancelled():
            return False
        self._stopped.clear()
        self.said.append((sound.lang, sound.text))
        self.last = time.monotonic()
        whole = not self._stopped.wait(self._pace * len(sound.text))
        self.last = time.monotonic()
        return whole

    def stop(self) -> None:
        """Fall silent."""
        self._stopped.set()


@dataclass
class Standing:
    """A kiosk in a browser, with everything that a person can do to it."""

    page: Page
    cdp: CDPSession
    origin: str
    parts: web.Parts
    transcript: Transcript

    def press(self, key: str, seconds: float = 0.06) -> None:
        """Press a key and let it go."""
        self.page.keyboard.down(key)
        self.page.wait_for_timeout(seconds * 1000)
        self.page.keyboard.up(key)

    def scan(self, code: str, gap: float = 0.008, suffix: str = "Enter") -> None:
        """Type as a scanner does, on a busy page: keys that were fast on their wire reach it late, one after the other."""
        self.page.wait_for_timeout(LATE * 1000)
        at = time.time() - LATE
        for place, key in enumerate([*code, *([suffix] if suffix else [])]):
            name = f"Digit{key}" if key.isdigit() else key
            for kind in ("keyDown", "keyUp"):
                text = {"text": "\r" if key == "Enter" else key} if kind == "keyDown" and key != "Tab" else {}
                event = {"type": kind, "key": key, "code": name, "timestamp": at + place * gap, **text}
                self.cdp.send("Input.dispatchKeyEvent", event)

    def until(self, condition: Callable[[], object], seconds: float = 15) -> None:
        """Wait for it, and let the page go on meanwhile."""
        end = time.monotonic() + seconds * 2
        while not condition():
            assert time.monotonic() < end, f"not in time; said last: {self.transcript.said[-12:]}"
            self.page.wait_for_timeout(40)

    @property
    def path(self) -> str:
        """Where the page is."""
        return self.page.url.removeprefix(self.origin)


class Listener:
    """Somebody who sees nothing: knows what was said since the last key, and has twelve keys."""

    def __init__(self, kiosk: Standing) -> None:
        self._kiosk = kiosk
        self._from = len(kiosk.transcript.said)

    def press(self, key: str, *, hold: bool = False) -> None:
        """Press a key; whatever was said before is over."""
        self._from = len(self._kiosk.transcript.said)
        self._kiosk.press(key, HOLD if hold else 0.06)

    def heard(self) -> list[str]:
        """Give what was said since the last key."""
        return [text for _, text in self._kiosk.transcript.said[self._from :]]

    def languages(self) -> set[str]:
        """Give the voices that were heard since the last key."""
        return {lang for lang, _ in self._kiosk.transcript.said[self._from :]}

    def listen(self, words: str = "", seconds: float = 15) -> str:
        """Listen until these words were said, or else until nothing comes any more."""
        transcript = self._kiosk.transcript
        if words:
            self._kiosk.until(lambda: any(words in text for text in self.heard()), seconds)
            return next(text for text in self.heard() if words in text)
        self._kiosk.until(lambda: self.heard() and time.monotonic() - transcript.last > 0.7, 60)
        return " ".join(self.heard())

    def choose(self, words: str) -> None:
        """Press the digit that was said for these words, after leafing through the choices as long as more are offered."""
        for _ in range(8):
            everything = self.listen()
            for digit, name in re.findall(r"(?:Press )?(\d)(?: for)?: (.*?)(?=(?:Press )?\d(?: for)?: |$)", everything):
                if words.lower() in name.lower():
                    self.press(digit)
                    return
            assert "more choices" in everything or "weitere" in everything, f"nobody said {words!r}: {everything}"
            self.press("9")
        raise AssertionError(words)

    def write(self, word: str, keys: dict[str, str]) -> None:
        """Press the key of each letter once, until the word is offered, and take it."""
        for place, letter in enumerate(word):
            self.press(keys[letter])
            if place >= 2 and self._offered(word):
                self.press("1")
                self.listen(word)
                return
            if place + 1 < len(word) and keys[word[place + 1]] == keys[letter]:
                self._kiosk.page.wait_for_timeout(1200)  # The same key again would mean its next letter.
        raise AssertionError(f"{word!r} was never offered")

    def _offered(self, word: str) -> bool:
        try:
            return self.listen("takes the word", 1.2).rstrip(".").endswith(f": {word}")
        except AssertionError:
            return False


@contextmanager
def standing(
    browser: Browser,
    site: Path,
    index: Path,
    *,
    pace: float = 0.0004,
    shop: ShopParts | None = None,
    store: str = "nordhaven-city",
    **options: Any,
) -> Iterator[Standing]:
    """Put up a kiosk with its real server, and stand before it."""
    transcript = Transcript(pace)
    speaker = Speaker(TextVoice(), transcript)
    shell = Shell(
        read_info(site).in_store(store),
        site,
        options=PageOptions(speaks=speaker.speaks, staff=shop is not None and shop.door.exists, **options),
    )
    sessions, search = Sessions(), Search(IndexFind(index))
    parts = web.Parts(site, shell, sessions, VisitKeeper(Timing(600, 60, 10)), search, speaker, shop or ShopParts())
    sock = web.bind(0)
    server = web.Server(sock, web.create_app(parts, sock.getsockname()[1]))
    server.start()
    context = browser.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True)
    try:
        page = context.new_page()
        kiosk = Standing(page, context.new_cdp_session(page), f"http://{server.host}", parts, transcript)
        page.goto(f"{kiosk.origin}/?key={sessions.issue(Holder.WINDOW)}")
        yield kiosk
    finally:
        context.close()
        server.stop()
        search.close()
