"""How long to wait before a page is loaded again after it broke down: soon at first, calmly when it happens again and again."""

import time
from collections.abc import Callable

CALM_SECONDS = 60.0
"""After so long without a breakdown the next one counts as the first."""


class Backoff:
    """Doubles the wait with every breakdown within CALM_SECONDS, up to a bound."""

    def __init__(
        self, first: float = 0.2, most: float = 10.0, calm: float | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._first, self._most, self._clock = first, most, clock
        self._calm = CALM_SECONDS if calm is None else calm
        self._wait = first
        self._last = float("-inf")

    def wait(self) -> float:
        """Seconds to wait after the breakdown that happened just now."""
        now = self._clock()
        self._wait = self._first if now - self._last > self._calm else min(self._most, self._wait * 2)
        self._last = now
        return self._wait
