"""What a shop says once about a product, so that no guide has to repeat it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from guides.fields import AsTuple, Count, Texts, list_of
from guides.vocabulary import NoticeKind, Stage

if TYPE_CHECKING:
    from datetime import date

_MONTH = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_SPAN = re.compile(rf"{_MONTH.pattern}\.\.({_MONTH.pattern})?")
_GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")


def gtin_is_valid(text: str) -> bool:
    """Tell whether a barcode number has a right length and check digit (GS1 General Specifications 7.9)."""
    if not _GTIN.fullmatch(text):
        return False
    digits = [int(digit) for digit in reversed(text)]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def _gtins(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not gtin_is_valid(value):
            message = "'{value}' is not a barcode number. Copy all its digits from the package"
            raise PydanticCustomError("gtin-invalid", message, {"value": value})
    return values


def _month(value: str) -> str:
    if not _MONTH.fullmatch(value):
        raise PydanticCustomError(
            "date-format", "'{value}' is not a month. Write year-month, for example 2034-03", {"value": value}
        )
    return value


def _span(value: str) -> str:
    if not _SPAN.fullmatch(value):
        message = "'{value}' is not a span of time. Write from..to, for example 2022-03..2026-10, or 2022-03.. while it is sold"
        raise PydanticCustomError("date-format", message, {"value": value})
    return value


def _by_language(value: Any) -> Any:
    # One text stands for all languages: the key "" is asked last.
    return {"": value} if isinstance(value, str) else value


def _items(value: Any) -> Any:
    if isinstance(value, str):
        value = [value]
    if isinstance(value, dict):
        value = [{"id": key, **(rest if isinstance(rest, dict) else {"name": rest})} for key, rest in value.items()]
    return tuple({"id": item} if isinstance(item, str) else item for item in value) if isinstance(value, list | tuple) else value


Words = Annotated[
    dict[str, str],
    BeforeValidator(_by_language),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}),
]
"""A text per language, or one text for all."""


class Item(BaseModel):
    """Something that belongs to a product: an accessory, or what it uses up."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(description="What guides call it.")
    name: Words = Field(default_factory=dict, description="Its name, per language.")
    place: Words = Field(default_factory=dict, description="Where it lies in the shop, per language.")
    link: str = Field(default="", description="Where it can be had.")


_ITEM = {"anyOf": [{"type": "string"}, Item.model_json_schema()]}
Items = Annotated[tuple[Item, ...], BeforeValidator(_items), WithJsonSchema({"type": "array", "items": _ITEM})]
"""IDs alone, or IDs with name, place and link."""


class Notice(BaseModel):
    """Something that owners of a product must know: a recall, or a known problem."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: Annotated[NoticeKind, WithJsonSchema({"enum": [str(kind) for kind in NoticeKind]})] = Field(
        description="A recall or a known problem."
    )
    title: Words = Field(description="What it is, per language.")
    text: Words = Field(default_factory=dict, description="What to do, per language.")
    url: str = Field(default="", description="ID of a guide, or an address outside.")


class Compared(BaseModel):
    """Something in which the models of a product differ, or that shoppers ask of each of them."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: Words = Field(description="What is compared, per language, such as Laundry.")
    models: dict[str, Words] = Field(description="What is true of each model, per language.")


def _notices(value: Any) -> Any:
    return (value,) if isinstance(value, dict) else value


Notices = Annotated[
    tuple[Notice, ...],
    BeforeValidator(_notices),
    WithJsonSchema({"anyOf": [Notice.model_json_schema(), {"type": "array", "items": Notice.model_json_schema()}]}),
]
"""One notice, or a list of them."""


class Product(BaseModel):
    """One product file: `content/products/<id>.yml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(default="", exclude=True, json_schema_extra={"deprecated": True})
    name: Words = Field(description="Its name, per language.")
    models: Texts = Field(description="Exactly what is printed on the label.")
    category: str = Field(default="", description="Where it is listed among all products, such as kitchen.")
    kind: str = Field(default="", description="What it is, such as kettle: products of one kind can be compared with each other.")
    summary: Words = Field(default_factory=dict, description="One sentence, per language.")
    picture: str = Field(default="", description="Picture in content/media, such as kettle/kettle.svg.")
    label_photo: str = Field(default="", description="Picture that shows where model and serial number stand.")
    gtin: Annotated[Texts, AfterValidator(_gtins)] = Field(default=(), description="Barcode numbers, in quotes.")
    sold: Annotated[str, AfterValidator(_span)] = Field(default="", description="From..to; an open end means still sold.")
    parts_until: Annotated[str, AfterValidator(_month)] = Field(default="", description="Until when there are spare parts.")
    guarantee_years: Count | None = Field(default=None, description="Years of guarantee.")
    stages: Annotated[tuple[Stage, ...], AsTuple, WithJsonSchema(list_of(Stage))] = Field(
        default=(), description="Stages that have guides."
    )
    first: Texts = Field(default=(), description="IDs of the guides that stand first in every list of its guides, in this order.")
    accessories: Items = Field(default=(), description="What goes with it.")
    consumables: Items = Field(default=(), description="What it uses up.")
    route: str = Field(default="", description="Group at the desk that answers for it.")
    notice: Notices = Field(default=(), description="A recall or known problem: kind, title, text and url, per language.")
    compare: tuple[Compared, ...] = Field(default=(), description="What shoppers compare: name and models, per language.")
    store_place: Words = Field(
        default_factory=dict, description="Where it stands in the shop, per language; a store's own file may say otherwise."
    )

    def name_in(self, language: str) -> str:
        """Return its name in a language, else in any language."""
        return word_in(self.name, language) or self.id

    def summary_in(self, language: str) -> str:
        """Return its sentence in a language, else an empty text: a sentence in a foreign language helps nobody."""
        return self.summary.get(language) or self.summary.get("", "")

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything that guides may name as accessory or part."""
        return self.accessories + self.consumables

    def is_sold(self, today: date) -> bool:
        """Tell whether the shop still sells it."""
        end = self.sold.partition("..")[2]
        return not end or today.isoformat()[: len(end)] <= end


class Text(str):
    """A text for the reader; `lang` names its language where that is not the reader's, so that it is spoken rightly."""

    __slots__ = ("lang",)
    lang: str

    def __new__(cls, text: str, lang: str = "") -> Self:
        """Keep the language beside the text."""
        new = super().__new__(cls, text)
        new.lang = lang
        return new


def word_in(words: dict[str, str], language: str) -> Text:
    """Return the text of a language, else the one for all, else the first."""
    own = words.get(language) or words.get("")
    if own:
        return Text(own)
    code, text = next(iter(words.items()), ("", ""))
    return Text(text, code)
