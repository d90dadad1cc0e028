"""Paid phone numbers: which they are, and whether a text says what a call costs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from guides.problems import Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from guides.guide import Guide
    from guides.rules.site import Site

_END = r"(?:[ /-]?[0-9]){4,10}(?![0-9])"
# By the language of the page: the same digits are free in one country and dear in the next.
_PAID = {
    "en": re.compile(r"(?<![0-9+])(?:\+44[ ]?|0)(?:84[345]|87[0123]|9[018][0-9])" + _END + r"|(?<![0-9])1-900-[0-9]{3}-[0-9]{4}"),
    "de": re.compile(r"(?<![0-9+])(?:\+49[ ]?(?:\(0\)[ ]?)?|0)(?:900|180|137)" + _END),
    "fr": re.compile(r"(?<![0-9+])(?:\+33[ ]?|0)8[ .]?[129][ .]?" + _END),
    "es": re.compile(r"(?<![0-9+])(?:\+34[ ]?)?(?:80[367]|90[12])" + _END),
    "it": re.compile(r"(?<![0-9+])(?:\+39[ ]?)?(?:199|89[0-9])" + _END),
}
_COST = re.compile(
    r"[0-9]+(?:[.,][0-9]+)?[ ]?(?:€|EUR|ct\b|cents?\b|Cent\b|p\b|pence\b|£|GBP|\$|USD|CHF|céntimos|centesimi)|[€£$][ ]?[0-9]",
    re.IGNORECASE,
)


def cost_missing(text: str, languages: Iterable[str]) -> str:
    """Return the first paid number of a text that names no cost, else an empty text."""
    for language in languages:
        pattern = _PAID.get(language.split("-")[0])
        found = pattern.search(text) if pattern else None
        if found and not _COST.search(text):
            return found[0].strip()
    return ""


def phones(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that nobody is sent to a paid number without being told its cost beside it."""
    for piece in guide.page.prose:
        found = cost_missing(piece.text, (guide.language,)) if "0" in piece.text or "8" in piece.text else ""
        if found:
            message = f"the number {found} is paid by the minute. Write beside it what a call costs"
            yield problem(piece.place.source, piece.place.line, "phone-cost-missing", message)


RULES = (phones,)
