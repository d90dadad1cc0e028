"""How this kiosk is, for the staff menu: what waits for the desk and since when, whether it is reached, what broke down."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kiosk.health import Health
from service.outbox import Intake, OutboxError, status_of

MOST_SLIPS = 12


@dataclass(frozen=True)
class Condition:
    """What staff are told; whatever cannot be read is left out, never guessed."""

    facts: dict[str, str] = field(default_factory=dict)
    """By name; names are keys of the interface's texts."""
    alarms: tuple[str, ...] = ()
    """What somebody should look after: late, refused, broken-file, disk."""
    slips: tuple[tuple[str, str], ...] = ()
    """Reference number and moment of cases that wait: nothing of the person."""


def condition_of(
    state: Path | None, intake: Intake | None, name: str = "", now: Callable[[], float] = time.time
) -> Callable[[], Condition]:
    """Return what the staff menu asks each time that it is looked at."""

    def look() -> Condition:
        outbox = _outbox(intake, int(now()))
        return Condition({"name": name, **_parts(state), **outbox.facts}, outbox.alarms, outbox.slips)

    return look


def _parts(state: Path | None) -> dict[str, str]:
    """Give what both processes wrote down last."""
    if state is None:
        return {}
    try:
        parts = Health(state).read()
    except (OSError, sqlite3.Error, ValueError):
        return {}
    app, agent = parts.get("app", {}), parts.get("agent", {})
    counted = {name: str(app[key]) for name, key in (("visits", "wipes"), ("broken", "broken")) if key in app}
    return {**counted, **({"agent": moment(str(agent["at"]))} if "at" in agent else {})}


def _outbox(intake: Intake | None, now: int) -> Condition:
    if intake is None:
        return Condition()
    try:
        status, slips = status_of(intake.outbox, now), intake.outbox.slips()
    except OutboxError:
        return Condition(alarms=("broken-file",))
    facts = {"outbox": str(status.waiting)}
    if status.waiting:
        facts["oldest"] = duration(status.oldest_seconds)
    if status.last_reached:
        facts["reached"] = moment(status.last_reached)
    return Condition(facts, status.alarms, tuple((slip.reference, moment(at)) for at, slip in slips[:MOST_SLIPS]))


def moment(given: str | int) -> str:
    """Say a moment in the shop's own time."""
    at = datetime.fromisoformat(given) if isinstance(given, str) else datetime.fromtimestamp(given, UTC)
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def duration(seconds: float) -> str:
    """Say a time in two units that every language writes so."""
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours // 24} d {hours % 24} h" if hours >= 24 else f"{hours} h {rest // 60} min"
