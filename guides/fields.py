"""The forms that values take in the files of writers and shops."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_EVERY = re.compile(r"([1-9][0-9]{0,3}) ?(h|hours?|days?|weeks?|months?|years?)")
_ID = re.compile(r"[^\s/\\#?%:<>\"|*\x00-\x1f][^\\#?%:<>\"|*\x00-\x1f]*(?<!/)")
_HASH = re.compile(r"[0-9a-f]{12}")

# Editors read 15 and E1 in a list as a number and a text; we take both as text.
_SCALAR = {"type": ["string", "number"]}
_LIST = {"anyOf": [{"type": "string"}, {"type": "array", "items": _SCALAR}]}


@dataclass(frozen=True)
class Interval:
    """How often something is to be done, such as 3 months or 200 h."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_date(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("date-format", "there is no day '{value}'. Correct the date", {"value": value}) from None
    raise PydanticCustomError(
        "date-format", "'{value}' is not a date. Write year-month-day, for example 2027-03-01", {"value": str(value)}
    )


def _as_minutes(value: Any) -> Any:
    number = _as_number(value)
    if number > 600:
        raise PydanticCustomError(
            "value-shape", "'{value}' minutes are too many. Write a whole number from 1 to 600", {"value": number}
        )
    return number


def _as_number(value: Any) -> int:
    if isinstance(value, int):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    raise PydanticCustomError(
        "value-shape", "'{value}' is not a number. Write a whole number in digits, such as 15", {"value": str(value)}
    )


def _as_interval(value: Any) -> Any:
    if isinstance(value, Interval):
        return value
    found = _EVERY.fullmatch(value) if isinstance(value, str) else None
    if not found:
        message = "'{value}' is not an interval. Write a number and a unit, for example 3 months or 200 h"
        raise PydanticCustomError("every-format", message, {"value": str(value)})
    count, unit = int(found[1]), found[2].rstrip("s").replace("hour", "h")
    return Interval(count, unit if unit == "h" or count == 1 else unit + "s")


def _as_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not _ID.fullmatch(value) or ".." in value or value.endswith((".md", ".html")):
            message = "'{value}' is not the ID of a page. Write it without language and ending, such as kettle/old-name"
            raise PydanticCustomError("value-shape", message, {"value": value})
    return values


def _as_hash(value: str) -> str:
    if not _HASH.fullmatch(value):
        raise PydanticCustomError(
            "value-shape", "'{value}' is not a version: tools write it, 12 hex digits. Take this line out", {"value": value}
        )
    return value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list), WithJsonSchema(_LIST)]
"""A list of texts; one text alone is a list of one."""

Ids = Annotated[Texts, AfterValidator(_as_ids)]
"""A list of IDs of pages."""

IsoDate = Annotated[date, BeforeValidator(_as_date), WithJsonSchema({"type": "string", "format": "date"})]
"""A date written as year-month-day."""

Minutes = Annotated[int, BeforeValidator(_as_minutes), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 600})]
"""A time of 1 to 600 minutes."""

Count = Annotated[int, BeforeValidator(_as_number), WithJsonSchema({"type": "integer", "minimum": 1})]
"""A whole number from 1."""

Every = Annotated[
    Interval,
    BeforeValidator(_as_interval),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_EVERY.pattern}$", "examples": ["3 months", "200 h"]}),
]
"""A maintenance interval."""

Version = Annotated[str, AfterValidator(_as_hash), WithJsonSchema({"type": "string", "pattern": "^[0-9a-f]{12}$"})]
"""The first 12 hex digits of the hash of a source body."""


def _one_or_more(value: Any) -> Any:
    return tuple(_as_list(value)) if isinstance(value, str | list | tuple) else value


def list_of(choices: Any) -> Any:
    """Return the JSON Schema of one value of an enumeration or a list of them."""
    words = [str(member) for member in choices]
    return {"anyOf": [{"enum": words}, {"type": "array", "items": {"enum": words}}]}


AsTuple = BeforeValidator(_one_or_more)
"""Takes a value alone for a list of one."""
