"""The envelope: items of an outbox under way to the desk, the desk's answer, and how a kiosk introduces itself."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from service.messages.case import CaseRequest
from service.messages.counting import Counts, Feedback, Heartbeat, Phrases
from service.messages.fields import Message, Name, OptionalName

MOST_ITEMS = 500
MOST_BATCH_BYTES = 1_000_000

PLAIN_KINDS: dict[str, type[Counts | Feedback | Heartbeat]] = {"counts": Counts, "feedback": Feedback, "heartbeat": Heartbeat}
"""What holds nothing of a person and travels as it is."""
SEALED_KINDS: dict[str, type[CaseRequest | Phrases]] = {"case": CaseRequest, "phrases": Phrases}
"""What people typed: it travels in sealed boxes only."""


class Item(Message):
    """One message under way: its number in the outbox, and its body as it was written there."""

    seq: int = Field(ge=1, le=2**53)
    kind: Literal["case", "phrases", "counts", "feedback", "heartbeat"]
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{0,16}$")] = ""
    body: Annotated[str, Field(min_length=2, max_length=65_536)]


class Batch(Message):
    """What a kiosk posts: items of one outbox, in the order of their numbers."""

    format: Literal[1] = 1
    kiosk: Name
    epoch: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=MOST_ITEMS)]


class Acknowledged(Message):
    """The desk's answer: everything up to this number is safe, and may be deleted."""

    acknowledged: int
    quarantined: tuple[int, ...] = ()


class Enrolment(Message):
    """A kiosk introduces itself with a one-time code and its own public key, and signs both."""

    code: Annotated[str, Field(pattern=r"^[0-9A-Za-z -]{8,40}$")]
    public_key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    signature: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]


class Enrolled(Message):
    """What an enrolled kiosk knows of its desk."""

    kiosk: Name
    store: OptionalName = ""
    desk_key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
