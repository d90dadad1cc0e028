"""What the agent does with the outbox: one errand that empties it, and the introduction at the desk. The network is handed in."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from service.outbox.errors import OutboxError
from service.outbox.sender import OK, PATH, next_post, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from service.messages import Enrolled
    from service.outbox.identity import Identity
    from service.outbox.outbox import Outbox

ENROL_PATH = "/api/v1/enrol"
MOST_POSTS = 200
"""Of one errand: then the agent's other errands have their turn."""


class Answer(Protocol):
    """What the desk said."""

    @property
    def status(self) -> int:
        """The status of HTTP."""

    @property
    def body(self) -> bytes:
        """What it said."""


class Network(Protocol):
    """The one way out; raises what its owner knows of when nobody answers."""

    def request(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Ask and wait for the answer, within a time of its own."""


@dataclass(frozen=True)
class OutboxErrand:
    """Sends what waits, oldest first, until nothing does or the desk says no."""

    desk: str
    outbox: Outbox
    identity: Identity
    clock: Callable[[], float] = time.time
    name: str = "outbox"
    every: float = 2.0

    def send(self, outbound: Network) -> None:
        """Post batch after batch; what the network raises goes to the agent, and costs the outbox nothing."""
        for _ in range(MOST_POSTS):
            post = next_post(self.outbox, self.identity)
            if post is None:
                return
            answer = outbound.request("POST", self.desk.rstrip("/") + PATH, post.body, post.headers)
            if not settle(self.outbox, post, answer.status, answer.body, int(self.clock())):
                raise OutboxError(f"the desk did not take it ({answer.status})")


def introduce(identity: Identity, outbound: Network, desk: str, code: str) -> Enrolled:
    """Enrol this kiosk with a one-time code; OutboxError says in the desk's words why not."""
    asked = identity.enrolment(code).model_dump_json().encode()
    answer = outbound.request("POST", desk.rstrip("/") + ENROL_PATH, asked, {"content-type": "application/json"})
    if answer.status != OK:
        raise OutboxError(f"the desk refused ({answer.status}): {answer.body[:300].decode('utf-8', 'replace')}")
    return identity.enrolled(answer.body)
