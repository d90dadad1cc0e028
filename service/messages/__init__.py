"""The wire contract: what kiosks and web pages tell the desk. Version 1; unknown keys are refused, so nothing leaks unseen."""

from __future__ import annotations

from service.messages.case import (
    About,
    Accessory,
    CaseRequest,
    Complaint,
    Details,
    Flow,
    GiveBack,
    Idea,
    PersonNow,
    Question,
    Repair,
    Reply,
    Tried,
)
from service.messages.counting import Answer, Count, Counted, Counter, Counts, Daily, Feedback, Heartbeat, Phrase, Phrases
from service.messages.fields import FORMAT, MOST_WORDS
from service.messages.state import DeskAnswer, KioskState, OutboxState
from service.messages.wire import (
    MOST_BATCH_BYTES,
    MOST_ITEMS,
    PLAIN_KINDS,
    SEALED_KINDS,
    Acknowledged,
    Batch,
    Enrolled,
    Enrolment,
    Item,
)

__all__ = [
    "FORMAT",
    "MOST_BATCH_BYTES",
    "MOST_ITEMS",
    "MOST_WORDS",
    "PLAIN_KINDS",
    "SEALED_KINDS",
    "About",
    "Accessory",
    "Acknowledged",
    "Answer",
    "Batch",
    "CaseRequest",
    "Complaint",
    "Count",
    "Counted",
    "Counter",
    "Counts",
    "Daily",
    "DeskAnswer",
    "Details",
    "Enrolled",
    "Enrolment",
    "Feedback",
    "Flow",
    "GiveBack",
    "Heartbeat",
    "Idea",
    "Item",
    "KioskState",
    "OutboxState",
    "PersonNow",
    "Phrase",
    "Phrases",
    "Question",
    "Repair",
    "Reply",
    "Tried",
]
