"""What the forms of a case page ask for, as events of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from service.cases import CannotError, CaseEvent, Kind
from service.desk.reading import words_of
from service.desk.words import OUTCOMES
from service.messages import About

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_TEXT = 10_000


def _text(form: Mapping[str, str]) -> dict[str, Any]:
    text = form.get("text", "").strip()[:MOST_TEXT]
    if not text:
        raise CannotError("Write something first.")
    return {"text": text}


def told_of(form: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form tells of the kind: only what that kind has."""
    flow = form.get("flow", "")
    asked = {"complaint": ("kind", "remedy"), "repair": ("error_code",)}.get(flow, ())
    ticked = {"safety_risk": bool(form.get("safety_risk"))} if flow == "complaint" else {}
    return {"flow": flow, **{name: form.get(name, "") for name in asked}, **ticked}


def product_of(form: Mapping[str, str]) -> str:
    """Return the product as it is named everywhere: "Bike light" is bike-light."""
    return "-".join(form.get("product", "").lower().split())


CURES = {
    "product": "The product can have only letters, digits, dots and hyphens, such as bike-light. Correct it.",
    "model": "The model can have at most 64 characters. Shorten it.",
    "error_code": "The error code can have at most 64 characters. Shorten it.",
}


def cannot_be_kept(error: ValidationError) -> str:
    """Say to a clerk what to change in a form."""
    found = [CURES[item["loc"][-1]] for item in error.errors(include_input=False) if item["loc"][-1] in CURES]
    return " ".join(found) or f"That cannot be kept. {words_of(error)}"


def _sorted(form: Mapping[str, str]) -> dict[str, Any]:
    told = {"details": told_of(form), "product": product_of(form), "model": form.get("model", "").strip()}
    try:
        About.model_validate(told)
    except ValidationError as error:
        raise CannotError(cannot_be_kept(error)) from None
    return told


def _one_of(form: Mapping[str, str], name: str, known: Any, otherwise: str) -> str:
    value = form.get(name, "")
    return value if value in known else otherwise


ACTIONS: dict[str, tuple[Kind, Callable[[Mapping[str, str]], dict[str, Any]]]] = {
    "reply": (Kind.REPLIED, lambda form: {**_text(form), "how": _one_of(form, "how", {"mail", "phone", "counter"}, "mail")}),
    "answer": (Kind.ANSWERED, _text),
    "note": (Kind.NOTED, _text),
    "assign": (Kind.ASSIGNED, lambda form: {"to": form.get("to", "")[:64]}),
    "level": (Kind.LEVEL, lambda form: {"level": int(_one_of(form, "level", {"1", "2", "3"}, "1"))}),
    "sort": (Kind.SORTED, _sorted),
    "close": (Kind.CLOSED, lambda form: {"outcome": _one_of(form, "outcome", OUTCOMES, "other")}),
    "reopen": (Kind.REOPENED, lambda _form: {}),
}
"""Address of the form, and what it makes happen."""


def events_of(action: str, form: Mapping[str, str], by: str, now: int, *, with_photos: bool = False) -> list[CaseEvent]:
    """Return what a form makes happen; CannotError when it is not filled, KeyError when there is no such form."""
    kind, data = ACTIONS[action]
    if with_photos and not form.get("text", "").strip():
        form = {**form, "text": "(a photo)"}
    events = [CaseEvent(kind, by, now, data(form))]
    if action == "reply" and form.get("close"):
        events.append(CaseEvent(Kind.CLOSED, by, now, {"outcome": "solved"}))
    return events
