"""What a shop owner sets in `extra.helpstand` of mkdocs.yml beside the languages: name tag, colour, pictures, messages."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from guides.contrast import LEAST_CONTRAST, contrast_on_white
from guides.products import Words
from guides.suggest import did_you_mean
from guides.vocabulary import Intent

PLACES = ("home", "person", *(str(intent) for intent in Intent))
"""Where a picture of the shop's own can stand."""
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_MEDIA = re.compile(r"(?:media/)?[^/:\\.][^:\\]*\.(?:svg|png|jpg|jpeg|webp|avif)", re.IGNORECASE)


def _accent(value: str) -> str:
    if not value:
        return value
    if not _HEX.fullmatch(value):
        raise PydanticCustomError(
            "accent",
            "'{value}' is not a colour. Write it as hash and hex digits in quotes, such as \"#0b5c5a\"",
            {"value": value},
        )
    full = value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])
    ratio = contrast_on_white(full)
    if ratio < LEAST_CONTRAST:
        message = (
            "the accent {value} is too pale: on white it has a contrast of {ratio}:1, and text needs {least}:1. "
            "Choose a darker one"
        )
        raise PydanticCustomError("accent", message, {"value": value, "ratio": f"{ratio:.1f}", "least": LEAST_CONTRAST})
    return full.lower()


def _picture(value: str) -> str:
    if value and not _MEDIA.fullmatch(value):
        raise PydanticCustomError(
            "picture",
            "'{value}' is not a picture of the site. Name a file in content/media, such as media/logo.svg",
            {"value": value},
        )
    return value if not value or value.startswith("media/") else f"media/{value}"


def _desk(value: str) -> str:
    """Return the origin alone: the policy of every page allows it by name, and no other."""
    try:
        parts = urlsplit(value)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    here = parts.hostname in {"localhost", "127.0.0.1"}
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password)
    known = parts.hostname and _HOST.fullmatch(parts.hostname)
    if value and not (known and plain and (parts.scheme == "https" or (parts.scheme == "http" and here))):
        message = "'{value}' is no address of a desk. Write it as https:// and a host alone, such as https://desk.shop.example"
        raise PydanticCustomError("desk", message, {"value": value})
    return f"{parts.scheme}://{parts.hostname}{port}" if value else ""


def _pictures(value: Any) -> Any:
    for place in value if isinstance(value, dict) else ():
        if place not in PLACES:
            cure = did_you_mean(str(place), PLACES) or f" Use one of: {', '.join(PLACES)}"
            raise PydanticCustomError("place", "unknown place '{place}' of a picture.{cure}", {"place": str(place), "cure": cure})
    return value


def _one_or_more(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else (value,) if isinstance(value, dict | str) else value


def _message(value: Any) -> Any:
    return {"title": value} if isinstance(value, str) else value


Picture = Annotated[str, AfterValidator(_picture)]
Desk = Annotated[str, AfterValidator(_desk)]


class Message(BaseModel):
    """Something that the shop says on every page."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    title: Words = Field(description="What it is about, per language.")
    text: Words = Field(default_factory=dict, description="More about it, per language.")
    url: str = Field(default="", description="ID of a guide, or an address outside.")


class ShopLook(BaseModel):
    """The optional keys of `extra.helpstand`."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    accent: Annotated[str, AfterValidator(_accent)] = Field(
        default="", description=f'The one accent colour, such as "#0b5c5a"; at least {LEAST_CONTRAST}:1 on white.'
    )
    logo: Picture = Field(default="", description="Picture in content/media, shown beside the name.")
    pictures: Annotated[dict[str, Picture], BeforeValidator(_pictures)] = Field(
        default_factory=dict, description=f"Pictures in content/media by place: {', '.join(PLACES)}."
    )
    messages: Annotated[tuple[Annotated[Message, BeforeValidator(_message)], ...], BeforeValidator(_one_or_more)] = Field(
        default=(), description="Messages on every page, each with title, text and url, per language."
    )
    categories: dict[str, Words] = Field(default_factory=dict, description="Names of the categories of products, per language.")
    desk: Desk = Field(
        default="",
        description="Address of the desk to which web pages hand cases over and tell anonymous daily counts; without it none.",
    )


LOOK_KEYS = tuple(ShopLook.model_fields)


def read_look(data: dict[str, Any], shown: str) -> tuple[ShopLook, list[str]]:
    """Return the look, and what is wrong with it in words; unknown keys are the caller's business."""
    try:
        return ShopLook.model_validate({key: value for key, value in data.items() if key in LOOK_KEYS and value is not None}), []
    except ValidationError as error:
        return ShopLook(), [_explain(dict(details), shown) for details in error.errors(include_url=False)]


def _explain(details: dict[str, Any], shown: str) -> str:
    place = ".".join(str(part) for part in ("extra", "helpstand", *details["loc"]))
    kind, key = details["type"], str(details["loc"][-1])
    if kind == "extra_forbidden":
        return f"{shown}: unknown key '{key}' in {place.rpartition('.')[0]}.{did_you_mean(key, Message.model_fields)}"
    if kind == "missing":
        return f"{shown}: {place.rpartition('.')[0]} has no '{key}'. Add a line '{key}: …'"
    if kind in {"accent", "desk", "picture", "place"}:
        return f"{shown}: {place}: {details['msg']}"
    wanted = {"string_type": "a text", "dict_type": "keys with values", "model_type": "keys with values"}.get(kind, "a list")
    return f"{shown}: {place} must be {wanted}, not '{details['input']}'"
