"""The few sums that figures are made of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest of the values that at least this share of them does not exceed (nearest rank)."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def middle(values: Iterable[float]) -> float:
    """Return the 50th percentile: one of the values, never a mean of two."""
    return percentile(values, 0.5)


def differing(one: bytes, other: bytes, step: int = 31, slack: int = 16) -> float:
    """Return the share of two pictures that differs to the eye, of samples as far apart as `step`.

    A prime step walks through all columns and colours; `slack` leaves out what no eye sees.
    """
    if len(one) != len(other):
        return 1.0
    left, right = one[::step], other[::step]
    if left == right:
        return 0.0
    return sum(abs(a - b) > slack for a, b in zip(left, right, strict=True)) / len(left)


def stays_from(frames: Sequence[tuple[float, bytes]], tolerance: float) -> float:
    """Return when the picture came that stayed: from then on every frame is like the last one."""
    last = frames[-1][1]
    at = frames[-1][0]
    for time, picture in reversed(frames):
        if differing(picture, last) > tolerance:
            break
        at = time
    return at
