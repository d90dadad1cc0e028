"""Charts as plain numbers: where each bar stands in a box of our own; the template draws them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

HIGH = 100
STEP = 10
GAP = 2
STUMP = 1.5
"""A withheld or missing value leaves a mark at the foot, so that it is not taken for nought."""


class Point(NamedTuple):
    """A value and its name; None is not nought, it is not shown."""

    name: str
    value: float | None
    told: str


class Bar(NamedTuple):
    """A bar in the box."""

    x: float
    y: float
    width: float
    height: float
    told: str
    missing: bool


class Chart(NamedTuple):
    """A chart of bars, `wide` by 100."""

    title: str
    unit: str
    wide: int
    top: float
    bars: tuple[Bar, ...]
    points: tuple[Point, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to see."""
        return all(bar.missing or bar.height == 0 for bar in self.bars)

    @property
    def nought(self) -> bool:
        """Whether that is because there was nothing."""
        return not any(bar.missing for bar in self.bars)


def chart(title: str, unit: str, points: Sequence[Point]) -> Chart:
    """Return bars that fill the box up to a round number."""
    top = 100.0 if unit == "%" else round_top(max((point.value or 0 for point in points), default=0))
    bars = []
    for place, point in enumerate(points):
        height = HIGH * max(0.0, point.value) / top if point.value is not None else STUMP
        bars.append(
            Bar(place * STEP + GAP / 2, round(HIGH - height, 2), STEP - GAP, round(height, 2), point.told, point.value is None)
        )
    return Chart(title, unit, max(1, len(points)) * STEP, top, tuple(bars), tuple(points))


def round_top(value: float) -> float:
    """Return the next round number: 1, 2 or 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)
