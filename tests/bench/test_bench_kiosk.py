"""The sums of bench kiosk: slopes, and the figures that are promised."""

import math
import random

import pytest

from bench.kiosk import GOALS, table
from bench.slope import slope


def test_a_straight_line_has_its_slope_and_no_doubt() -> None:
    """Exactly."""
    rise, width = slope([5 + 0.25 * x for x in range(100)])
    assert rise == pytest.approx(0.25)
    assert width == pytest.approx(0, abs=1e-9)


def test_the_interval_holds_the_true_slope_in_about_nineteen_of_twenty_runs() -> None:
    """Of noise around a line of 0.02 MB a visit."""
    rng = random.Random(7)
    held = 0
    for _ in range(400):
        rise, width = slope([0.02 * x + rng.gauss(0, 3) for x in range(40)])
        held += abs(rise - 0.02) <= width
    assert 0.92 <= held / 400 <= 0.99


def test_of_too_few_values_nothing_is_known() -> None:
    """Neither a slope nor an interval."""
    rise, width = slope([1, 2])
    assert math.isnan(rise)
    assert math.isinf(width)


def test_the_table_has_every_goal() -> None:
    """Beside what was measured, and the peer that never comes back."""
    result = dict.fromkeys(GOALS, 1) | {"backend": "gtk", "pss_slope_interval_95": [0, 1], "plain": {"recover_crash_s": None}}
    made = table(result)
    assert made.row_count == len(GOALS) + 1
    assert "never" in list(made.columns[3].cells)
