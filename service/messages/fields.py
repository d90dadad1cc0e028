"""The kinds of values in messages: a machine's word, a person's line, a reference number."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from service.reference import parse_reference

FORMAT = 1
MOST_WORDS = 500
"""Characters of a shopper's own words: what fits a screen, and what somebody types standing."""

_UNSEEN = {"Cc", "Cf", "Cs", "Co"}
_JOINERS = "\u200c\u200d"
"""They belong to the spelling of Persian and Indian words, and to some pictures of faces."""


def clean(value: Any) -> Any:
    """Take away what no person types: control signs, and signs that turn the writing round unseen."""
    if not isinstance(value, str):
        return value
    if value.isascii() and value.isprintable():
        return value.strip()
    kept = (sign for sign in value if sign == "\n" or sign in _JOINERS or unicodedata.category(sign) not in _UNSEEN)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


_Typed = BeforeValidator(clean)
Word = Annotated[str, _Typed, Field(max_length=64)]
"""A number, code or short answer as typed by a person."""
Line = Annotated[str, _Typed, Field(max_length=254)]
"""A name, an address, a question."""
OwnWords = Annotated[str, _Typed, Field(max_length=MOST_WORDS)]
PhraseWords = Annotated[str, _Typed, Field(min_length=1, max_length=60)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$")]
"""A machine's word: kiosk, store, product, page."""
OptionalName = Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9._/-]{0,127})?$")]
Lang = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
OptionalLang = Annotated[str, Field(pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$", max_length=35)]
Reference = Annotated[str, Field(max_length=24), AfterValidator(lambda text: str(parse_reference(text)))]


class Message(BaseModel):
    """Everything on the wire: fixed once made, without keys that nobody knows; what was typed is in no message of an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)
