"""Growth per visit: the slope of a straight line through measurements, with the interval that holds it in 19 of 20 such runs."""

from __future__ import annotations

import math
from collections.abc import Sequence

# Student's t for 95 %, two-sided, by degrees of freedom; beyond the table the normal distribution's 1.96 is near enough.
_T = {1: 12.71, 2: 4.30, 3: 3.18, 4: 2.78, 5: 2.57, 6: 2.45, 8: 2.31, 10: 2.23, 15: 2.13, 20: 2.09, 30: 2.04, 60: 2.0}


def slope(values: Sequence[float]) -> tuple[float, float]:
    """Return the least-squares slope per step and half the width of its 95 % interval; fewer than 3 values tell nothing."""
    count = len(values)
    if count < 3:
        return math.nan, math.inf
    middle_x, middle_y = (count - 1) / 2, sum(values) / count
    spread = sum((x - middle_x) ** 2 for x in range(count))
    rise = sum((x - middle_x) * (y - middle_y) for x, y in enumerate(values)) / spread
    rest = sum((y - middle_y - rise * (x - middle_x)) ** 2 for x, y in enumerate(values))
    error = math.sqrt(rest / (count - 2) / spread)
    return rise, _t(count - 2) * error


def _t(freedom: int) -> float:
    # The next smaller row of the table: the interval is rather too wide than too narrow.
    return 1.96 if freedom > 120 else next(t for row, t in reversed(_T.items()) if row <= freedom)
