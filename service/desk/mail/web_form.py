"""What the form on the web wrote into its mail: the lines below the reader's own words (`write` in handover.js). Pure."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from service.messages import Details, Reply
from service.messages.fields import OptionalLang, OptionalName

_LINE = re.compile(r"^([a-z_]{2,20}): ?(.*)$")
_BEGINS = re.compile(r"^flow: ?[a-z]+$")
_DETAILS: TypeAdapter[Any] = TypeAdapter(Details)
_REPLY, _PAGE, _LANGUAGE = TypeAdapter(Reply), TypeAdapter[str](OptionalName), TypeAdapter[str](OptionalLang)
_NO_PRODUCT = {"shop", "policies"}


class Told(NamedTuple):
    """A form that came as a mail."""

    text: str
    """The reader's own words, and what their mail program put below the form."""
    details: dict[str, Any]
    reply: dict[str, str]
    page: str
    product: str
    language: str


def told_on_form(text: str) -> Told | None:
    """Return what the lines of a form say; None where there are none, or they were changed until they say nothing."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if _BEGINS.match(line.strip())), None)
    if first is None:
        return None
    end, values = first, dict[str, str]()
    while end < len(lines) and (found := _LINE.match(lines[end].strip())):
        values[found[1]] = found[2].strip()
        end += 1
    reply: dict[str, str] = {name: values.pop(name) for name in ("how", "address", "name") if name in values}
    page, language = values.pop("page", ""), values.pop("language", "")
    try:
        details = _DETAILS.validate_python({name: value for name, value in values.items() if value})
        _REPLY.validate_python(reply)
        _PAGE.validate_python(page)
        _LANGUAGE.validate_python(language)
    except ValidationError:
        return None  # the words are all there: a person reads them
    begins = page.split("/", maxsplit=1)[0]
    around = ("\n".join(part).strip() for part in (lines[:first], lines[end:]))
    words = "\n\n".join(part for part in around if part)
    told = details.model_dump(mode="json", exclude_defaults=True) | {"flow": details.flow}
    product = begins if "/" in page and begins not in _NO_PRODUCT else ""
    return Told(words, told, reply, page, product, language)
