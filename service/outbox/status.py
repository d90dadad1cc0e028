"""How the outbox stands: what the staff screen shows, and when somebody must look after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from service.messages import KioskState, OutboxState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from service.outbox.outbox import Outbox

ALARM_SECONDS = 3600
"""Something has waited this long: the shop should look at its network, or call the desk."""


class Status(NamedTuple):
    """What waits, since when, and what is wrong."""

    waiting: int
    oldest_seconds: int
    last_reached: int | None
    refused: str
    alarms: tuple[str, ...]


def status_of(outbox: Outbox, now: int) -> Status:
    """Tell how the outbox stands at a moment; alarms are `late`, `refused`, `broken-file` and `disk`."""
    waiting, since = outbox.waiting()
    oldest = max(0, now - since) if since is not None else 0
    reached = outbox.fact("last_reached")
    refused = outbox.fact("refused")
    alarms = {
        "late": oldest >= ALARM_SECONDS,
        "refused": bool(refused),
        "broken-file": any(outbox.path.parent.glob(f"{outbox.path.stem}.broken-*")),
        "disk": not outbox.path.with_suffix(".reserve").exists(),
    }
    return Status(waiting, oldest, int(reached) if reached else None, refused, tuple(name for name, on in alarms.items() if on))


def kiosk_state(outbox: Outbox, kiosk: str, parts: Mapping[str, Mapping[str, object]], now: datetime) -> KioskState:
    """Return what a kiosk tells its desk of itself."""
    status = status_of(outbox, int(now.timestamp()))
    told = {
        "epoch": outbox.epoch,
        "acknowledged": outbox.acknowledged(),
        "waiting": status.waiting,
        "oldest_seconds": status.oldest_seconds,
        "alarms": status.alarms,
    }
    return KioskState.model_validate({"kiosk": kiosk, "sent_at": now, "outbox": OutboxState.model_validate(told), "parts": parts})
