"""What is counted: numbers that cannot be joined with each other, and never with a person."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from service.messages.fields import Lang, Message, OptionalLang, OptionalName, PhraseWords, Word


class Place(Message):
    """Where something was counted: the page, never the path."""

    language: OptionalLang = ""
    product: OptionalName = ""
    stage: OptionalName = ""
    page: OptionalName = ""


class Where(Place):
    """Where and when something was counted: the hour, never the second."""

    day: date
    hour: int = Field(default=0, ge=0, le=23)


class Counter(StrEnum):
    """What is counted. Each is a number of its own that cannot be joined with another."""

    VISITS = "visits"
    VISITS_SOLVED = "visits-solved"
    VISITS_UNKNOWN = "visits-unknown"
    SOLVED = "solved"
    FALSE_SOLUTION = "false-solution"
    HANDOFF_OPENED = "handoff-opened"
    HANDOFF_SOLVED = "handoff-solved"
    HANDOFF_SENT = "handoff-sent"
    SEARCHES = "searches"
    SEARCHES_ZERO = "searches-zero"
    SEARCHES_FOUND = "searches-found"
    PAGE_VIEWS = "page-views"
    TREE_CHOICE = "tree-choice"
    TREE_EXIT = "tree-exit"
    ACTIVE_SECONDS = "active-seconds"


class Counted(Place):
    """One counter's growth."""

    name: Counter
    choice: OptionalName = ""
    n: int = Field(default=1, ge=1, le=1_000_000)


class Count(Counted, Where):
    """One counter's growth in one hour."""


class Counts(Message):
    """What a kiosk or the web counted; leaves memory only at the end of a visit."""

    format: Literal[1] = 1
    kind: Literal["counts"] = "counts"
    lines: Annotated[tuple[Count, ...], Field(min_length=1, max_length=200)]


SCALES = {"helpful": (0, 1), "csat": (1, 5), "ces": (1, 7), "nps": (0, 10)}


class Answer(Place):
    """One answer to one question, joined with nothing."""

    question: Literal["helpful", "csat", "ces", "nps"]
    value: int = Field(ge=0, le=10)
    reason: Literal["", "more-information", "inaccurate", "hard-to-understand", "missing-or-broken-link", "other"] = ""

    @model_validator(mode="after")
    def _on_its_scale(self) -> Self:
        least, most = SCALES[self.question]
        if not least <= self.value <= most:
            raise ValueError(f"{self.question} is answered with {least} to {most}, not {self.value}")
        return self


class Feedback(Answer, Where):
    """One answer to one question in one hour."""

    format: Literal[1] = 1
    kind: Literal["feedback"] = "feedback"


class Daily(Message):
    """What a page on the web counted since it told last: no visitor, no hour, no moment; the day is the desk's own."""

    format: Literal[1] = 1
    kind: Literal["daily"] = "daily"
    lines: Annotated[tuple[Counted, ...], Field(max_length=100)] = ()
    answers: Annotated[tuple[Answer, ...], Field(max_length=20)] = ()


class Phrase(Message):
    """Words that were searched for; the desk shows them from three visits on."""

    words: PhraseWords
    language: Lang = "en"
    results: int = Field(default=0, ge=0, le=1000)


class Phrases(Message):
    """The searches of one visit, in a sealed box."""

    format: Literal[1] = 1
    kind: Literal["phrases"] = "phrases"
    day: date
    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=50)]


class Heartbeat(Message):
    """The kiosk is alive: minutes in which its home screen answered, and how its outbox stands."""

    format: Literal[1] = 1
    kind: Literal["heartbeat"] = "heartbeat"
    day: date
    minutes_up: int = Field(ge=0, le=1440)
    waiting: int = Field(default=0, ge=0)
    oldest_seconds: int = Field(default=0, ge=0)
    release: Word = ""
    alarms: Annotated[tuple[Word, ...], Field(max_length=10)] = ()
