"""What shoppers call the same thing: groups of words per language, in `content/synonyms.yml`."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, RootModel, WithJsonSchema
from pydantic_core import PydanticCustomError

SYNONYMS_FILE = "synonyms.yml"
MOST_WORDS = 4
"""Of one entry: what is longer is a question, and a question belongs to the guide that answers it."""
MOST_ENTRIES = 12
"""Of one group: a search looks for all of them, and must end in time."""

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Return the words of a text in the form in which search compares them: without case and accents."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _WORD.findall("".join(sign for sign in letters if not unicodedata.combining(sign)))


def same(text: str) -> str:
    """Return what two spellings of one word have in common."""
    return " ".join(words_of(text))


def _wrong(message: str, **values: str) -> PydanticCustomError:
    return PydanticCustomError("value-shape", message, values)


def _groups(value: Any) -> Any:
    if value == "":  # a language still without words
        return ()
    if isinstance(value, str):
        raise _wrong("'{value}' is not a list of groups. Write it as [[one, two], [three, four]]", value=value)
    if isinstance(value, list | tuple) and value and all(isinstance(entry, str) for entry in value):
        first = ", ".join(value[:2])
        raise _wrong("these words are in no group. Put those that mean the same in a list of their own: [[{first}]]", first=first)
    return value


def _group(value: Any) -> Any:
    if isinstance(value, str):
        raise _wrong("'{value}' is not a group. Write a list of words that mean the same, such as [{value}, …]", value=value)
    if isinstance(value, list | tuple) and len(value) > MOST_ENTRIES:
        message = "the group has {count} words, the limit is {limit}. Keep those that people say most"
        raise _wrong(message, count=str(len(value)), limit=str(MOST_ENTRIES))
    return value


def _entry(value: str) -> str:
    found = words_of(value)
    if not found:
        raise _wrong("'{value}' is not a word. Take it out", value=value)
    if len(found) > MOST_WORDS:
        message = "'{value}' has {count} words, the limit is {limit}. Write a whole question into the aliases of its guide"
        raise _wrong(message, value=value, count=str(len(found)), limit=str(MOST_WORDS))
    return " ".join(value.split())


Entry = Annotated[str, AfterValidator(_entry), WithJsonSchema({"type": ["string", "number"]})]
Group = Annotated[tuple[Entry, ...], BeforeValidator(_group), Field(json_schema_extra={"minItems": 2, "maxItems": MOST_ENTRIES})]
Groups = Annotated[tuple[Group, ...], BeforeValidator(_groups)]


class Synonyms(RootModel[dict[str, Groups]]):
    """Words that mean the same, in groups, by the code of their language: `en: [[leccy, electricity, power]]`."""

    model_config = ConfigDict(frozen=True)

    def of(self, language: str) -> list[list[str]]:
        """Return the groups of a language that say something: two different words or more."""
        groups = (_distinct(group) for group in self.root.get(language, ()))
        return [group for group in groups if len(group) > 1]


def _distinct(group: tuple[str, ...]) -> list[str]:
    found: dict[str, str] = {}
    for word in group:
        found.setdefault(same(word), word)
    return list(found.values())


NO_SYNONYMS = Synonyms({})
