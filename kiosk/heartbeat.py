"""The word that this kiosk is alive, each minute to its desk: versions, its outbox, numbers of the machine."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from kiosk.health import Health
from kiosk.outbound import Outbound, OutboundError
from service.outbox import STATE, Identity, NotEnrolledError, Outbox, kiosk_state

PATH = "/api/heartbeat"
EVERY = 60.0


@dataclass(frozen=True)
class Heartbeat:
    """Tells the desk how this kiosk is, and learns which key the desk wants boxes sealed for."""

    desk: str
    identity: Identity
    outbox: Outbox
    health: Health
    clock: Callable[[], float] = time.time
    name: str = "heartbeat"
    every: float = EVERY

    def send(self, outbound: Outbound) -> None:
        """Post the newest heartbeats; a kiosk that no desk knows yet has nobody to tell."""
        try:
            kiosk = self.identity.desk.kiosk
        except NotEnrolledError:
            return
        now = datetime.fromtimestamp(self.clock(), UTC).replace(microsecond=0)
        body = kiosk_state(self.outbox, kiosk, self.health.read(), now).model_dump_json().encode()
        answer = outbound.request("POST", self.desk.rstrip("/") + PATH, body, self.identity.sign(body, STATE))
        if answer.status != 200:
            raise OutboundError(f"the desk answered {answer.status}")
        self.identity.learned(answer.body)
