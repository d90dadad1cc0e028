"""What the agent needs to send: the next post, signed, and what to do with the desk's answer. No network here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from service.messages import Acknowledged, Batch
from service.outbox.outbox import MOST_PENDING

if TYPE_CHECKING:
    from service.outbox.identity import Identity
    from service.outbox.outbox import Outbox

PATH = "/api/v1/batches"
OK = 200


class SignedPost(NamedTuple):
    """A body for `/api/v1/batches` and its headers."""

    body: bytes
    headers: dict[str, str]
    last: int


def next_post(outbox: Outbox, identity: Identity, most: int = MOST_PENDING) -> SignedPost | None:
    """Return what to post next, or None when nothing waits."""
    items = outbox.pending(most)
    if not items:
        return None
    batch = Batch.model_construct(format=1, kiosk=identity.desk.kiosk, epoch=outbox.epoch, items=tuple(items))
    body = batch.model_dump_json(exclude_defaults=True).encode()
    return SignedPost(body, identity.sign(body), items[-1].seq)


def settle(outbox: Outbox, post: SignedPost, status: int | None, answer: bytes, now: int) -> bool:
    """Take the desk's answer in; True when the next post may go at once. `None` is no answer: offline, and nobody's failure."""
    if status is None:
        return False
    if status != OK:
        outbox.remember(last_reached=str(now), refused=f"{status} {answer[:200].decode('utf-8', 'replace')}")
        return False
    try:
        acknowledged = Acknowledged.model_validate_json(answer).acknowledged
    except ValidationError:
        # A captive portal answers everything with 200 and a page of its own.
        return False
    if acknowledged > post.last:
        outbox.remember(refused=f"the desk acknowledged {acknowledged}, but only {post.last} was sent")
        return False
    outbox.acknowledge(acknowledged)
    outbox.remember(last_reached=str(now), refused="")
    return acknowledged == post.last
