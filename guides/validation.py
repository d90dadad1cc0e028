"""From texts to a checked model, and from the model's complaints to a writer's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from guides.problems import RULES, Problem, problem
from guides.suggest import did_you_mean

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
    try:
        checked = model.model_validate(without_blanks(model, text.data))
    except ValidationError as error:
        found = [_explain(model, text, details, slips or {}) for details in error.errors(include_url=False)]
        # A key written twice has two values: which one is meant, only the writer knows.
        return None, list(text.problems) + found
    return (None, list(text.problems)) if text.problems else (checked, [])


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
        known = [key for key, info in _model_at(model, place[:-1]).model_fields.items() if not info.exclude]
        return problem(text.source, line, "key-unknown", f"unknown key '{key}'.{_cure(key, known, slips)}")
    if kind == "enum":
        choices = _choices(model, place)
        return problem(text.source, line, "value-unknown", f"unknown {name} '{value}'.{_cure(str(value), choices, slips)}")
    if kind in RULES:
        return problem(text.source, line, kind, details["msg"])
    subject = f"each entry of '{name}'" if place and isinstance(place[-1], int) else f"'{name}'"
    return problem(text.source, line, "value-shape", f"{subject} must be {_wanted(kind)}, not {_shape(value)}")


def _missing(text: YamlText, place: Place, key: str) -> Problem:
    if place in text.lines:
        return problem(text.source, text.line(place), "key-missing", f"the key '{key}' is empty. Write its value after the colon")
    return problem(text.source, text.line(place[:-1]), "key-missing", f"the key '{key}' is missing. Add a line '{key}: …'")


def _cure(word: str, choices: Sequence[str], slips: Slips) -> str:
    meant = slips.get(word.casefold())
    if meant in choices:
        return f" Did you mean '{meant}'?"
    return did_you_mean(word, choices) or f" Use one of: {', '.join(choices)}"


def _wanted(kind: str) -> str:
    words = {
        "string_type": "a text",
        "tuple_type": "a list of texts",
        "dict_type": "keys with values",
        "model_type": "keys with values",
    }
    return words.get(kind, "written in another form")


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
