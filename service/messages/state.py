"""How a kiosk is, told each minute: versions, its outbox, numbers of the machine. Nothing of a visitor."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, FiniteFloat

from service.messages.fields import Message, Name, Word

Fact = Annotated[str, Field(max_length=64)] | bool | int | FiniteFloat | None
FactName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Part = Annotated[dict[FactName, Fact], Field(max_length=60)]


class OutboxState(Message):
    """What the outbox was told is safe, and what waits there."""

    epoch: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    acknowledged: int = Field(ge=0, le=2**53)
    waiting: int = Field(ge=0, le=2**53)
    oldest_seconds: int = Field(default=0, ge=0, le=2**53)
    alarms: Annotated[tuple[Word, ...], Field(max_length=10)] = ()


class KioskState(Message):
    """The newest word of a kiosk about itself; the desk keeps the last one only."""

    format: Literal[1] = 1
    kiosk: Name
    sent_at: AwareDatetime
    outbox: OutboxState
    parts: dict[FactName, Part] = Field(default_factory=dict, max_length=10)


class DeskAnswer(Message):
    """What the desk says back: the key to seal for from now on."""

    desk_key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
