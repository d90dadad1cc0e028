"""How often the app may end unasked before the safe page is shown: pure, time is passed in."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Restarts:
    """The unasked ends that are not forgotten yet."""

    most: int = 5
    within: float = 600.0
    ends: tuple[float, ...] = ()

    def ended(self, now: float) -> "Restarts":
        """Note an unasked end."""
        return replace(self, ends=(*self._recent(now), now))

    def forgiven(self) -> "Restarts":
        """Begin to count anew: the safe page has had its time."""
        return replace(self, ends=())

    def too_many(self, now: float) -> bool:
        """Whether it is time for the safe page."""
        return len(self._recent(now)) > self.most

    def wait(self, now: float) -> float:
        """Seconds to wait before the next start: none after the first end, then longer each time."""
        return min(8.0, (2 ** (len(self._recent(now)) - 1) - 1) * 0.5) if self.ends else 0.0

    def _recent(self, now: float) -> tuple[float, ...]:
        return tuple(end for end in self.ends if now - end < self.within)
