"""A case is what its events make it. Pure: the same events give the same case, on any machine, at any time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from service.messages import About, CaseRequest, Complaint, Flow, PersonNow

SUMMARY_LENGTH = 120
WAITING_FOR = {
    "none": "Waits for somebody to come",
    "sign-language": "Waits for somebody who signs",
    "text": "Waits, and wants to write instead of speaking",
    "quiet-place": "Waits, and wants a quiet place",
}
"""What somebody who stands there needs."""


class Kind(StrEnum):
    """What can happen to a case."""

    RECEIVED = "received"
    REPLIED = "replied"
    """The desk answered the customer."""
    ANSWERED = "answered"
    """The customer wrote again."""
    NOTED = "noted"
    """Somebody of the desk wrote something down; the customer never sees it."""
    ASSIGNED = "assigned"
    LEVEL = "level"
    SORTED = "sorted"
    """The desk said what it is about: a mail, for one, comes as a question, whatever it asks."""
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    JOINED = "joined"
    """Another case was merged into this one."""
    RETURNED = "returned"
    """A mail did not reach the customer: they still wait."""
    ERASED = "erased"


class Status(StrEnum):
    """Whose turn it is."""

    NEW = "new"
    WAITING = "waiting"
    """The desk's turn again: the customer answered, or the case was opened anew."""
    ANSWERED = "answered"
    """The customer's turn."""
    CLOSED = "closed"


OPEN = (Status.NEW, Status.WAITING, Status.ANSWERED)
DUE = (Status.NEW, Status.WAITING)


@dataclass(frozen=True)
class CaseEvent:
    """One thing that happened: who did it, and when (milliseconds since 1970)."""

    kind: Kind
    by: str
    at: int
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """How a case stands."""

    request: CaseRequest
    received_at: int
    changed_at: int
    status: Status = Status.NEW
    assignee: str = ""
    level: int = 1
    first_reply_at: int | None = None
    closed_at: int | None = None
    merged_into: str = ""
    erased: bool = False
    events: tuple[CaseEvent, ...] = ()

    @property
    def urgent(self) -> bool:
        """Whether somebody could be hurt, or stands there waiting."""
        details = self.request.details
        return self.request.flow is Flow.PERSON or (isinstance(details, Complaint) and details.safety_risk)

    @property
    def answer_by(self) -> int | None:
        """The promised moment."""
        return int(self.request.answer_by.timestamp() * 1000) if self.request.answer_by else None

    @property
    def summary(self) -> str:
        """One line for lists."""
        details = self.request.details
        asked = details.model_dump(mode="json", exclude={"flow"}, exclude_defaults=True)
        told = ", ".join(plain(*pair) for pair in asked.items() if pair[1] is not False)
        wanted = WAITING_FOR[details.need] if isinstance(details, PersonNow) else told
        words = " ".join(self.request.words.split()) or wanted or "without words"
        return words if len(words) <= SUMMARY_LENGTH else words[: SUMMARY_LENGTH - 1] + "…"

    @property
    def named(self) -> str:
        """A number that the customer has, and that was none of ours: the form on the web makes one before its mail is sent."""
        return str(self.events[0].data.get("named", "")) if self.events else ""

    @property
    def found_by(self) -> str:
        """What a search looks through."""
        request = self.request
        said = [event.data.get("text", "") for event in self.events]
        mails = [event.data["mail"] for event in self.events if "mail" in event.data]
        # A mail's subject, an address that was not on the form, and the number that the form on the web gave.
        said += [*(mail.get(part, "") for mail in mails for part in ("subject", "from")), self.named]
        parts = [
            request.reference,
            request.reply.name,
            request.reply.address,
            request.product,
            request.model,
            request.words,
            *said,
        ]
        return "\n".join(part for part in parts if part).casefold()


def plain(name: str, value: object) -> str:
    """Return a choice of the form in words: "quiet-place" is "quiet place", a tick is what it stands at."""
    said = name if value is True else str(value)
    return said.replace("_", " ").replace("-", " ") if said.replace("-", "").replace("_", "").isalpha() else said


class CannotError(Exception):
    """The case does not allow that now; the words say why."""


def begin(event: CaseEvent) -> Case:
    """Return the case that a first event makes."""
    request = CaseRequest.model_validate(event.data["case"])
    return Case(request, received_at=event.at, changed_at=event.at, events=(event,))


def happened(case: Case, event: CaseEvent) -> Case:
    """Return the case after one more event."""
    changes: dict[str, Any] = {}
    match event.kind:
        case Kind.REPLIED:
            changes = {"status": Status.ANSWERED, "first_reply_at": case.first_reply_at or event.at}
        case Kind.ANSWERED | Kind.RETURNED:
            changes = {"status": Status.WAITING, "closed_at": None}
        case Kind.ASSIGNED:
            changes = {"assignee": event.data["to"]}
        case Kind.LEVEL:
            changes = {"level": event.data["level"]}
        case Kind.SORTED:
            changes = {"request": _sorted(case.request, event.data)}
        case Kind.CLOSED:
            changes = {"status": Status.CLOSED, "closed_at": event.at}
        case Kind.REOPENED:
            changes = {"status": Status.WAITING, "closed_at": None}
        case Kind.MERGED:
            changes = {"status": Status.CLOSED, "closed_at": event.at, "merged_into": event.data["into"]}
        case Kind.ERASED:
            changes = {"erased": True}
        case _:
            pass
    return replace(case, changed_at=event.at, events=(*case.events, event), **changes)


def _sorted(request: CaseRequest, told: dict[str, Any]) -> CaseRequest:
    """Return what came in as the desk sorted it; how it came stays in the first event."""
    about = About.model_validate(told)
    details = about.details
    if details.flow == request.details.flow:  # what only the customer's form told, such as a serial number, goes on
        details = details.model_validate({**request.details.model_dump(), **told["details"]})
    return request.model_copy(update={"details": details, "product": about.product, "model": about.model})


def fold(events: Iterable[CaseEvent]) -> Case:
    """Return the case that all its events make."""
    following = iter(events)
    case = begin(next(following))
    for event in following:
        case = happened(case, event)
    return case


def check_possible(case: Case, kind: Kind) -> None:
    """Refuse what makes no sense for a case as it stands."""
    closed = case.status is Status.CLOSED
    if case.erased:
        raise CannotError("This case was erased.")
    if case.merged_into and kind is not Kind.NOTED:
        raise CannotError(f"This case was merged into {case.merged_into}. Go on there.")
    if closed and kind in {Kind.REPLIED, Kind.CLOSED, Kind.MERGED}:
        raise CannotError("This case is closed. Open it again first.")
    if not closed and kind is Kind.REOPENED:
        raise CannotError("This case is open.")


def erased(events: Iterable[CaseEvent]) -> tuple[CaseEvent, ...]:
    """Return the events without anything a person wrote or is known by; what is counted stays."""
    return tuple(replace(event, data=_without_person(event)) for event in events)


def _without_person(event: CaseEvent) -> dict[str, Any]:
    if event.kind is Kind.SORTED:
        return {"details": _without_words(event.data["details"]), "product": event.data.get("product", "")}
    if event.kind is not Kind.RECEIVED:
        return {
            key: value for key, value in event.data.items() if key in {"to", "level", "into", "from", "outcome", "first_contact"}
        }
    case = event.data["case"]
    kept = ("format", "kind", "reference", "accepted_at", "answer_by", "surface", "store", "language", "product", "page", "stage")
    details = _without_words(case["details"])
    return {"case": {**{key: case[key] for key in kept if key in case}, "details": details}, "hash": event.data.get("hash", "")}


def _without_words(details: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in details.items() if key in {"flow", "kind", "remedy", "safety_risk", "reason", "wanted"}}
