"""The door to the staff menu: a PIN that the shop sets, few tries, and a pass that ends by itself."""

import base64
import hashlib
import hmac
import math
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

TRIES = 5
LOCK_SECONDS = 15 * 60
LONGEST_LOCK = 24 * 3600
PASS_SECONDS = 300.0

_N, _R, _P = 2**14, 8, 1


class PinError(Exception):
    """A PIN that anybody would guess."""


def hashed(pin: str, salt: bytes | None = None) -> str:
    """Give what stands in kiosk.toml for a PIN: scrypt with a salt of its own."""
    check_pin(pin)
    salted = salt or secrets.token_bytes(16)
    key = hashlib.scrypt(pin.encode(), salt=salted, n=_N, r=_R, p=_P, dklen=32)
    return f"scrypt${_N}${_R}${_P}${base64.b64encode(salted).decode()}${base64.b64encode(key).decode()}"


def check_pin(pin: str) -> None:
    """Refuse what is no PIN: 6 to 12 digits, not all the same, not in a row."""
    if not (pin.isascii() and pin.isdigit() and 6 <= len(pin) <= 12):
        raise PinError("A PIN has 6 to 12 digits.")
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise PinError("This PIN is too easy to guess: its digits are all the same or in a row.")


def matches(pin: str, kept: str) -> bool:
    """Whether it is the PIN; takes as long for a wrong one."""
    try:
        _, n, r, p, salt, key = kept.split("$")
        wanted = base64.b64decode(key)
        made = hashlib.scrypt(pin.encode(), salt=base64.b64decode(salt), n=int(n), r=int(r), p=int(p), dklen=len(wanted))
    except (ValueError, TypeError):
        return False
    return hmac.compare_digest(made, wanted)


@dataclass(frozen=True)
class Tries:
    """How often a wrong PIN was given, and until when none is taken; time is passed in."""

    wrong: int = 0
    locked_until: float = -math.inf

    def failed(self, now: float) -> "Tries":
        """Count a wrong one: after five nothing is taken for 15 minutes, and each more doubles that."""
        wrong = self.wrong + 1
        if wrong < TRIES:
            return replace(self, wrong=wrong)
        return Tries(wrong, now + min(LONGEST_LOCK, LOCK_SECONDS * 2 ** (wrong - TRIES)))

    def seconds_left(self, now: float) -> int:
        """How long nothing is taken yet."""
        return max(0, math.ceil(self.locked_until - now)) if self.locked_until > now else 0


class Door:
    """Lets staff in by PIN; without a PIN in kiosk.toml there is no door."""

    def __init__(self, kept: str | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept = kept
        self._clock = clock
        self._tries = Tries()
        self._pass: tuple[str, float] | None = None
        self._lock = threading.Lock()

    @property
    def exists(self) -> bool:
        """Whether a PIN was set."""
        return bool(self._kept)

    def enter(self, pin: str) -> str | None:
        """Give a pass for the right PIN, None for a wrong one or while the door is locked."""
        with self._lock:
            now = self._clock()
            if not self._kept or self._tries.seconds_left(now):
                return None
            if not matches(pin[:64], self._kept):
                self._tries = self._tries.failed(now)
                return None
            self._tries = Tries()
            given = secrets.token_urlsafe(24)
            self._pass = (given, now + PASS_SECONDS)
            return given

    def locked_seconds(self) -> int:
        """How long the door stays locked after wrong PINs."""
        with self._lock:
            return self._tries.seconds_left(self._clock())

    def lets(self, given: str) -> bool:
        """Whether a pass holds; using it lengthens it."""
        with self._lock:
            now = self._clock()
            if self._pass is None or now >= self._pass[1] or not hmac.compare_digest(self._pass[0].encode(), given.encode()):
                return False
            self._pass = (self._pass[0], now + PASS_SECONDS)
            return True

    def shut(self) -> None:
        """End the pass: staff has left, or the visit is over."""
        with self._lock:
            self._pass = None
