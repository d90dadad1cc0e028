"""What a connector is given, and what it says afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.messages import CaseRequest
    from service.routing import Priority


@dataclass(frozen=True)
class Parcel:
    """A case on its way to one target. Built from the case as it came in, so that every try sends the same."""

    case: CaseRequest
    target: str
    received_at: int
    """When the desk had it, in milliseconds: the moment of the event, also of a late try."""
    priority: Priority = "normal"
    group: str = ""
    tries: int = 0
    """How often it was tried before."""
    interrupted: bool = False
    """Whether the try before was cut off, so that nobody saw how it ended."""

    @property
    def key(self) -> str:
        """Name this delivery: the same for every try, another for every other."""
        return f"{self.case.reference}-{self.target}"


@dataclass(frozen=True)
class Notice:
    """An event that is no case, on its way to one target: nothing of a person is in it."""

    reference: str
    event: Mapping[str, Any]
    """Its type, its moment in milliseconds, and its data."""
    target: str
    tries: int = 0
    interrupted: bool = False

    @property
    def key(self) -> str:
        """Name this delivery: the same for every try, another for every other."""
        return f"{self.reference}-{self.target}"


@dataclass(frozen=True)
class Sent:
    """The other side has it, under this number of its own where it told one."""

    their_id: str = ""


@dataclass(frozen=True)
class Later:
    """Not now: it is tried again by the plan, and not before the other side wants it."""

    why: str
    after: float = 0.0
    """Seconds for which the other side asked, or in which it may still be busy with this try."""
    everyone: bool = False
    """Whether nothing else should go there before."""


@dataclass(frozen=True)
class Refused:
    """The other side will never take it as it is; somebody must look."""

    why: str


@dataclass(frozen=True)
class Gone:
    """The other side wants nothing any more: the target is switched off."""

    why: str


@dataclass(frozen=True)
class Unclear:
    """It may have arrived or not, and the other side cannot be asked: only a person can say."""

    why: str


Outcome = Sent | Later | Refused | Gone | Unclear


@dataclass(frozen=True)
class Standing:
    """How the case stands at the other side, in its own words."""

    state: str
    closed: bool = False


class Connector(Protocol):
    """One kind of other side."""

    @property
    def reads_back(self) -> bool:
        """Whether it can be asked how a case stands."""

    def deliver(self, parcel: Parcel, now: int) -> Outcome:
        """Hand one case over, within a time of its own."""

    def look(self, their_id: str) -> Standing | Later:
        """Ask how it stands."""


@runtime_checkable
class Teller(Protocol):
    """A kind of other side that also takes events that are no cases."""

    def tell(self, notice: Notice, now: int) -> Outcome:
        """Hand one event over, within a time of its own."""
