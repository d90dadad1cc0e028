"""How long to wait before a page is loaded again after it broke down: soon at first, calmly when it happens again and again."""

import time
from collections.abc import Callable


class Backoff:
    """Doubles the wait with every breakdown within a minute, up to a bound."""

    def __init__(
        self, first: float = 0.2, most: float = 10.0, calm: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._first, self._most, self._calm, self._clock = first, most, calm, clock
        self._wait = first
        self._last = float("-inf")

    def wait(self) -> float:
        """Seconds to wait after the breakdown that happened just now."""
        now = self._clock()
        self._wait = self._first if now - self._last > self._calm else min(self._most, self._wait * 2)
        self._last = now
        return self._wait
