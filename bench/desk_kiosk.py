"""A kiosk that takes cases in and sends them without a pause, printing each number as its screen would: to be killed."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from kiosk.outbound import Outbound, OutboundError
from service.outbox import Identity, Intake, Outbox, OutboxErrand, OutboxError

FORM = {
    "details": {"flow": "complaint", "kind": "broken", "remedy": "exchange"},
    "words": "It stops after a minute.",
    "reply": {"how": "mail", "address": "kim.miller@customer.example", "name": "Kim Miller"},
}


def main(state: Path, desk: str, *, drain: bool = False) -> None:
    """Work until killed; with `drain`, only send what waits."""
    identity, outbox = Identity(state), Outbox(state / "outbox.sqlite")
    intake = Intake(outbox, lambda: identity.desk.desk_key, prefix="NH", clock=lambda: datetime.now(UTC))
    errand, outbound = OutboxErrand(desk, outbox, identity), Outbound.to(desk)
    while not drain or outbox.waiting()[0]:
        if not drain:
            for _ in range(4):
                print(intake.accept(FORM).reference, flush=True)
        with suppress(OutboundError, OutboxError):  # the desk may be down: it is sent later
            errand.send(outbound)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], drain=sys.argv[3:] == ["drain"])
