"""From texts to a checked model, and from the model's complaints to a writer's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from guides.problems import RULES, Problem, problem
from guides.suggest import nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from guides.yamltext import Place, Tree, YamlText

Model = TypeVar("Model", bound=BaseModel)
Slips = Mapping[str, str]
"""Words that writers use for one of ours: what looks nothing alike, no measure of likeness finds."""


def validate(model: type[Model], text: YamlText, slips: Slips | None = None) -> tuple[Model | None, list[Problem]]:
    """Return the model, or None and every problem of the text, with lines."""
    if text.broken:
        return None, list(text.problems)
    slips = slips or {}
    try:
        checked = model.model_validate(without_blanks(model, text.data))
    except ValidationError as error:
        errors = error.errors(include_url=False)
        slipped = {_slipped(model, details, slips) for details in errors}
        # Who writes 'titel' has not forgotten the title.
        errors = [details for details in errors if details["type"] != "missing" or details["loc"] not in slipped]
        return None, list(text.problems) + [_explain(model, text, details, slips) for details in errors]
    # A key written twice has two values: which one is meant, only the writer knows.
    return (None, list(text.problems)) if text.problems else (checked, [])


def doubtful_keys(model: type[BaseModel], text: YamlText, slips: Slips) -> set[str]:
    """Return the keys whose values nobody knows: missing, wrong, written twice, or meant by an unknown key."""
    if text.broken:
        return set(model.model_fields)
    doubtful = {str(place[0]) for place in text.doubles}
    try:
        model.model_validate(without_blanks(model, text.data))
    except ValidationError as error:
        for details in error.errors(include_url=False):
            doubtful |= {str((_slipped(model, details, slips) or details["loc"])[0])}
    return doubtful


def meant(word: object, choices: Iterable[str], slips: Slips) -> str | None:
    """Return the choice that a word is likely to mean: itself when it is one of them."""
    if not isinstance(word, str):
        return None
    names = [str(choice) for choice in choices]
    slip = slips.get(word.casefold())
    return word if word in names else slip if slip in names else nearest(word, names)


def _slipped(model: type[BaseModel], details: ErrorDetails, slips: Slips) -> Place | None:
    """Return the key that an unknown one is likely to mean."""
    *around, key = details["loc"]
    word = meant(key, _keys(model, tuple(around)), slips) if details["type"] == "extra_forbidden" else None
    return (*around, word) if word else None


def _keys(model: type[BaseModel], place: Place) -> list[str]:
    return [key for key, info in _model_at(model, place).model_fields.items() if not info.exclude]


def without_blanks(model: type[BaseModel], data: Mapping[str, Tree]) -> dict[str, Tree]:
    """Leave out keys without a value: a template's line not yet filled in is not a mistake."""
    return {key: value for key, value in data.items() if not _is_blank(value) or key not in model.model_fields}


def _is_blank(value: Tree) -> bool:
    return not value.strip() if isinstance(value, str) else value == []


def _explain(model: type[BaseModel], text: YamlText, details: ErrorDetails, slips: Slips) -> Problem:
    place: Place = tuple(details["loc"])
    kind, value = details["type"], details["input"]
    key = str(place[-1]) if place else ""
    # Inside a list or a mapping the number means nothing to a reader, the name of the list does.
    name = next((str(part) for part in reversed(place) if isinstance(part, str)), key)
    line = text.line(place)
    if kind == "missing":
        return _missing(text, place, key)
    if kind == "extra_forbidden":
        return problem(text.source, line, "key-unknown", f"unknown key '{key}'.{_cure(key, _keys(model, place[:-1]), slips)}")
    if kind == "enum":
        choices = _choices(model, place)
        return problem(text.source, line, "value-unknown", f"unknown {name} '{value}'.{_cure(str(value), choices, slips)}")
    if kind in RULES:
        return problem(text.source, line, kind, details["msg"])
    subject = f"each entry of '{name}'" if place and isinstance(place[-1], int) else f"'{name}'"
    return problem(
        text.source, line, "value-shape", f"{subject} must be {_wanted(kind)}, not {_shape(value)}{_form(kind, value)}"
    )


def _missing(text: YamlText, place: Place, key: str) -> Problem:
    if place in text.lines:
        return problem(text.source, text.line(place), "key-missing", f"the key '{key}' is empty. Write its value after the colon")
    return problem(text.source, text.line(place[:-1]), "key-missing", f"the key '{key}' is missing. Add a line '{key}: …'")


def _cure(word: str, choices: Sequence[str], slips: Slips) -> str:
    found = meant(word, choices, slips)
    return f" Did you mean '{found}'?" if found else f" Use one of: {', '.join(choices)}"


def _wanted(kind: str) -> str:
    words = {
        "string_type": "a text",
        "tuple_type": "a list of texts",
        "dict_type": "keys with values",
        "model_type": "keys with values",
    }
    return words.get(kind, "written in another form")


def _form(kind: str, value: object) -> str:
    if kind == "string_type":
        return ". Write one text" if isinstance(value, list | tuple) else ". Put a text that holds a colon in quotes"
    mapping = ". Write lines of 'key: value' below it, indented"
    return {"tuple_type": ". Write it as [one, two]", "dict_type": mapping, "model_type": mapping}.get(kind, "")


def _shape(value: object) -> str:
    return "a list" if isinstance(value, list | tuple) else "keys with values" if isinstance(value, dict) else f"'{value}'"


def _annotations(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _annotations(inner)


def _inside(annotation: Any, kind: type) -> Any:
    """Find the first class of a kind in an annotation such as `tuple[Surface, ...] | None`."""
    return next((part for part in _annotations(annotation) if isinstance(part, type) and issubclass(part, kind)), None)


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel]:
    for part in place:
        info = model.model_fields.get(str(part))
        model = (_inside(info.annotation, BaseModel) if info else None) or model
    return model


def _choices(model: type[BaseModel], place: Place) -> list[str]:
    names = [part for part in place if isinstance(part, str)]
    for depth in range(len(names), 0, -1):
        info = _model_at(model, tuple(names[: depth - 1])).model_fields.get(names[depth - 1])
        found = _inside(info.annotation, StrEnum) if info else None
        if found:
            return [str(member) for member in found]
    return []
