"""What Helpstand knows of a shop: when it is open, who answers, where things stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from guides.fields import IsoDate, Texts
from guides.products import Words
from guides.suggest import did_you_mean

if TYPE_CHECKING:
    from datetime import date

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_SPAN = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)")
_EMERGENCY = re.compile(r"[0-9]{2,6}")
_PREFIX = re.compile(r"[A-Z0-9]{1,6}")


def _hours(value: Any) -> Any:
    spans = [value] if isinstance(value, str) else value
    if not isinstance(spans, list | tuple):
        return spans
    kept = [str(span).replace(" ", "").replace("–", "-") for span in spans if str(span).strip().casefold() != "closed"]
    for span in kept:
        if not _SPAN.fullmatch(span) or span[:5] >= span[6:]:
            message = "'{value}' are not opening hours. Write from-to, for example 09:00-20:00, or closed"
            raise PydanticCustomError("value-shape", message, {"value": span})
    return tuple(kept)


def _weekday(value: Any) -> Any:
    for day in value if isinstance(value, dict) else ():
        if day not in DAYS:
            cure = did_you_mean(str(day), DAYS) or f" Use one of: {', '.join(DAYS)}"
            raise PydanticCustomError("key-unknown", "unknown day '{day}'.{cure}", {"day": str(day), "cure": cure})
    return value


def _zone(value: str) -> str:
    zones = available_timezones()
    if value not in zones:
        raise PydanticCustomError(
            "value-unknown", "unknown time_zone '{value}'.{cure}", {"value": value, "cure": did_you_mean(value, zones)}
        )
    return value


def _matching(pattern: re.Pattern[str], message: str) -> Any:
    def test(value: str) -> str:
        if not pattern.fullmatch(value):
            raise PydanticCustomError("value-shape", message, {"value": value})
        return value

    return AfterValidator(test)


def _holidays(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple({"date": day, **(rest if isinstance(rest, dict) else {"hours": rest})} for day, rest in value.items())
    return tuple({"date": day} if isinstance(day, str) else day for day in value) if isinstance(value, list | tuple) else value


def _contact(value: Any) -> Any:
    if isinstance(value, str):
        return {"text": {"": value}}
    return {"text": value} if isinstance(value, dict) and not set(value) & {"number", "text", "cost"} else value


class Contact(BaseModel):
    """One way to reach people: a text per language, or a phone number with what a call costs."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    text: Words = Field(default_factory=dict, description="Where or how, per language.")
    number: str = Field(default="", description="Phone number, in quotes.")
    cost: Words = Field(default_factory=dict, description="What a call costs, per language.")

    def spoken(self) -> str:
        """Return all of it as one text."""
        return " ".join([self.number, *self.cost.values(), *self.text.values()])


Hours = Annotated[
    tuple[str, ...],
    BeforeValidator(_hours),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""Spans of a day such as 09:00-20:00; none means closed."""


_CONTACT = {"anyOf": [{"type": "string"}, {"type": "object"}]}


class Holiday(BaseModel):
    """A day on which the shop is closed or has other hours."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    date: IsoDate
    name: Words = Field(default_factory=dict)
    hours: Hours = ()


class Store(BaseModel):
    """One shop file: `stores/<id>.yml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(default="", exclude=True, json_schema_extra={"deprecated": True})
    name: Words = Field(description="What customers call the shop, per language.")
    address: Words = Field(default_factory=dict, description="Street and town.")
    hours: Annotated[dict[str, Hours], BeforeValidator(_weekday)] = Field(default_factory=dict, description="Hours per weekday.")
    holidays: Annotated[tuple[Holiday, ...], BeforeValidator(_holidays)] = Field(default=(), description="Days with other hours.")
    contacts: dict[str, Annotated[Contact, BeforeValidator(_contact), WithJsonSchema(_CONTACT)]] = Field(
        default_factory=dict, description="How to reach people: counter, phone, mail."
    )
    emergency_number: Annotated[
        str,
        _matching(_EMERGENCY, "'{value}' is not an emergency number. Write 2 to 6 digits, such as 112"),
        WithJsonSchema({"type": ["string", "integer"]}),
    ] = Field(description="The local emergency number, shown on safety pages.")
    languages: Texts = Field(default=(), description="Languages offered, the shop's own first; empty for all.")
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(description="Such as Europe/Berlin.")
    places: dict[str, Words] = Field(default_factory=dict, description="Where a product, accessory or part stands.")
    reference_prefix: Annotated[str, _matching(_PREFIX, "'{value}' is not a prefix. Write 1 to 6 capital letters or digits")] = (
        Field(default="", description="Begin of every reference number of this shop.")
    )
    attract: Texts = Field(default=(), description="Pictures of the attract screen, in content/media.")

    def hours_on(self, day: date) -> tuple[str, ...]:
        """Return the opening hours of a day, empty when the shop is closed."""
        for holiday in self.holidays:
            if holiday.date == day:
                return holiday.hours
        return self.hours.get(DAYS[day.weekday()], ())
