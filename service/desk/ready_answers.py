"""Answers that lie ready: what stands in braces is filled in for the case. Pure."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from service.cases import CannotError

if TYPE_CHECKING:
    from service.cases import Case

MOST_TITLE = 100
MOST_TEXT = 5_000
PLAIN = {
    "name": "the customer’s name",
    "reference": "the number of the case",
    "guide": "a link to the guide that the customer read last",
}
_GAP = re.compile(r"\{([^{}\n]{1,140})\}")
_GUIDE = re.compile(r"guide:([A-Za-z0-9][A-Za-z0-9._/-]{0,127})")


def checked(title: str, text: str, site: str) -> tuple[str, str]:
    """Return title and text as they are kept; CannotError names everything that is wrong."""
    title, text = " ".join(title.split())[:MOST_TITLE], text.replace("\r\n", "\n").strip()[:MOST_TEXT]
    problems = [] if title and text else ["An answer needs a title and a text."]
    for gap in _GAP.findall(text):
        is_link = gap == "guide" or _GUIDE.fullmatch(gap) is not None
        if is_link and not site:
            problems.append(f"{{{gap}}} cannot be a link: set site in desk.toml to the address of the guides.")
        if not is_link and gap not in PLAIN:
            close = difflib.get_close_matches(gap, [*PLAIN, "guide:"], 1)
            meant = (
                f"Did you mean {{{close[0]}}}?" if close else "Known are {name}, {reference}, {guide} and {guide:kettle/descale}."
            )
            problems.append(f"There is no {{{gap}}}. {meant}")
    if problems:
        raise CannotError(" ".join(problems))
    return title, text


def filled(text: str, case: Case, site: str) -> str:
    """Return an answer for one case; a line whose gap has nothing to go into it is left out."""
    request = case.request
    told = {"name": request.reply.name, "reference": request.reference, "guide": guide_link(site, request.language, request.page)}
    lines = []
    for line in text.split("\n"):
        values = {gap: _value(gap, told, site, request.language) for gap in _GAP.findall(line)}
        if line.strip() and any(not value and gap != "name" for gap, value in values.items()):
            continue
        lines.append(_GAP.sub(lambda found, known=values: known[found[1]], line))  # type: ignore[misc]
    return re.sub(r" +([,.!?])", r"\1", "\n".join(lines))


def guide_link(site: str, language: str, page: str) -> str:
    """Return the address of a guide on the web; empty where there is none."""
    return f"{site.rstrip('/')}/{language.split('-', maxsplit=1)[0].lower()}/{page}.html" if site and page else ""


def _value(gap: str, told: dict[str, str], site: str, language: str) -> str:
    guide = _GUIDE.fullmatch(gap)
    return guide_link(site, language, guide[1]) if guide else told.get(gap, "{" + gap + "}")
