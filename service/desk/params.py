"""What a request of the desk's pages asks for, read from its address and its form."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.exceptions import HTTPException

from service.cases import CannotError
from service.desk import words
from service.reference import ReferenceProblem, parse_reference
from service.store.cases import Filter

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request

    from service.desk.sessions import Person


def reference(request: Request) -> str:
    """Return the reference number in the address; the page is missing where it is none."""
    try:
        return str(parse_reference(request.path_params["reference"]))
    except ReferenceProblem as error:
        raise HTTPException(404, str(error)) from None


def typed_reference(text: str) -> str:
    """Return a reference number that somebody typed; where it is none, nothing can be done with it."""
    try:
        return str(parse_reference(text))
    except ReferenceProblem as error:
        raise CannotError(str(error)) from None


def number(text: str) -> str:
    """Return what was typed as a reference number; empty where it is words to search for."""
    try:
        return str(parse_reference(text))
    except ReferenceProblem:
        return ""


def field(form: FormData, name: str) -> str:
    """Return a text of the form; empty where it has none or a file."""
    value = form.get(name, "")
    # PostgreSQL takes no text with a NUL in it.
    return value.replace("\x00", "") if isinstance(value, str) else ""


def filter_of(request: Request, person: Person) -> Filter:
    """Return which cases the address asks for; what makes no sense is left out."""
    asked = request.query_params
    mine = asked.get("assignee", "")
    page, level = asked.get("page", "0"), asked.get("level", "0")
    return Filter(
        status=asked.get("status", "due"),
        store=asked.get("store", "")[:128],
        flow=asked.get("flow", "") if asked.get("flow", "") in words.FLOWS else "",
        assignee=person.name if mine == "me" else mine[:64],
        level=int(level) if level in {"1", "2", "3"} else 0,
        words=asked.get("words", "").replace("\x00", "").strip()[:100],
        page=int(page) if page.isdecimal() and len(page) < 6 else 0,
    )


def query_of(wanted: Filter) -> str:
    """Return a filter as an address has it, without the page."""
    told = {key: value for key, value in wanted._asdict().items() if value and key != "page"}
    return urlencode(told)
