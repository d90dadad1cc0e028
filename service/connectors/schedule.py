"""When a failed delivery is tried again, and when that ends. Pure."""

from __future__ import annotations

MINUTE, HOUR, DAY = 60, 3600, 86_400
WAITS = (5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, DAY)
"""Seconds after each failed try: the plan that Standard Webhooks recommends. After its end, once a day."""
END = 14 * DAY
"""Then it is given up: a mail server that is away for a week costs nothing but time."""
LONGEST_ASKED = DAY
"""Who asks us to wait for longer is asked again after a day."""
JITTER = 0.2


def next_try(tries: int, first: int, now: int, after: float, chance: float) -> int | None:
    """Return the moment (milliseconds) of the next try after `tries` failed ones; None when it is over."""
    if now - first >= END * 1000:
        return None
    planned = WAITS[min(tries, len(WAITS)) - 1] * (1 + JITTER * chance)
    return now + round(max(planned, min(after, LONGEST_ASKED)) * 1000)
