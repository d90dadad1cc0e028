"""A hand-over to a person: what is wanted, how to answer, and everything that was tried before."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.messages.fields import Lang, Line, Message, OptionalName, OwnWords, Reference, Word


class Flow(StrEnum):
    """What somebody wants of a person."""

    PERSON = "person"
    QUESTION = "question"
    COMPLAINT = "complaint"
    REPAIR = "repair"
    RETURN = "return"
    EXCHANGE = "exchange"
    ACCESSORY = "accessory"
    IDEA = "idea"


class PersonNow(Message):
    """Somebody of the shop is to come."""

    flow: Literal["person"] = "person"
    need: Literal["none", "sign-language", "text", "quiet-place"] = "none"


class Question(Message):
    """A question in own words."""

    flow: Literal["question"] = "question"


class Complaint(Message):
    """Something is not as it must be, and what would make it right."""

    flow: Literal["complaint"] = "complaint"
    kind: Literal["broken", "damaged", "not-as-promised", "other"]
    remedy: Literal["repair", "exchange", "refund", "apology", "other"]
    since: Word = ""
    safety_risk: bool = False


class Repair(Message):
    """Something is to be repaired: what the workshop asks first."""

    flow: Literal["repair"] = "repair"
    serial: Word = ""
    bought_on: date | None = None
    proof: Word = ""
    error_code: Word = ""
    happened_before: bool | None = None
    repeats: bool | None = None
    anything_new: Line = ""
    place: Literal["store", "home", "post"] = "store"
    personal_data: bool = False


class GiveBack(Message):
    """Something is to go back, or to be changed for another."""

    flow: Literal["return", "exchange"]
    order: Word = ""
    bought_on: date | None = None
    opened: bool | None = None
    reason: Literal["defect", "wrong-item", "does-not-fit", "not-liked", "late", "other"] = "other"
    wanted: Literal["money", "other-size", "same-again"] = "money"


class Accessory(Message):
    """A part or accessory is wanted."""

    flow: Literal["accessory"] = "accessory"
    part: OptionalName = ""
    quantity: int = Field(default=1, ge=1, le=99)


class Idea(Message):
    """An idea, or praise; nobody needs to answer."""

    flow: Literal["idea"] = "idea"


Details = Annotated[PersonNow | Question | Complaint | Repair | GiveBack | Accessory | Idea, Field(discriminator="flow")]


class Reply(Message):
    """How somebody wants to be answered."""

    how: Literal["mail", "phone", "counter", "none"] = "none"
    address: Line = ""
    name: Line = ""


class Tried(Message):
    """One step of the path before: a question of a troubleshooter and its answer, or a page that was read."""

    page: OptionalName = ""
    asked: Line = ""
    answered: Line = ""


class About(Message):
    """What a case is about, as the desk sorts it."""

    details: Details
    product: OptionalName = ""
    model: Word = ""


class CaseRequest(Message):
    """A hand-over to a person with everything that was tried. It leaves the kiosk only in a sealed box."""

    format: Literal[1] = 1
    kind: Literal["case"] = "case"
    reference: Reference
    accepted_at: AwareDatetime
    answer_by: AwareDatetime | None = None
    surface: Literal["kiosk", "web", "mail", "desk"] = "kiosk"
    store: OptionalName = ""
    language: Lang = "en"
    details: Details
    words: OwnWords = ""
    reply: Reply = Reply()
    product: OptionalName = ""
    model: Word = ""
    page: OptionalName = ""
    page_version: Word = ""
    stage: OptionalName = ""
    tried: Annotated[tuple[Tried, ...], Field(max_length=40)] = ()
    scan: Word = ""

    @property
    def flow(self) -> Flow:
        """Return what is wanted."""
        return Flow(self.details.flow)
