"""What somebody takes along who handed over: the number, and by when we answer. The same wherever a case is taken in. Pure."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from service.hours import BusinessHours, Promise, answer_by
from service.messages import CaseRequest, Flow

PROMISES: dict[Flow, Promise | None] = {
    Flow.PERSON: Promise(minutes=10),
    Flow.QUESTION: Promise(days=1),
    Flow.COMPLAINT: Promise(days=2),
    Flow.REPAIR: Promise(days=2),
    Flow.RETURN: Promise(days=1),
    Flow.EXCHANGE: Promise(days=1),
    Flow.ACCESSORY: Promise(days=1),
    Flow.IDEA: None,
}


class Receipt(BaseModel):
    """What the shopper takes along; the same on the screen, on paper, in the code, and spoken."""

    model_config = ConfigDict(frozen=True)

    reference: str
    flow: Flow
    remedy: str = ""
    accepted_at: datetime
    answer_by: datetime | None = None
    zone: str = "UTC"
    page: str = ""
    page_version: str = ""


def promised(
    case: CaseRequest, hours: BusinessHours, now: datetime, promises: dict[Flow, Promise | None] = PROMISES
) -> CaseRequest:
    """Return the case with the moment by which it is answered, where one can honestly be named."""
    return case.model_copy(update={"answer_by": answer_by(hours, promises[case.flow], now)})


def receipt_of(case: CaseRequest, hours: BusinessHours) -> Receipt:
    """Return the receipt of a case."""
    return Receipt(
        reference=case.reference,
        flow=case.flow,
        remedy=getattr(case.details, "remedy", "") or getattr(case.details, "wanted", ""),
        accepted_at=case.accepted_at,
        answer_by=case.answer_by,
        zone=hours.zone,
        page=case.page,
        page_version=case.page_version,
    )
