"""Figures for managers, each with exactly one definition. What is not measured says so; no figure is made up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import NamedTuple

from service.cases import Case, Kind

LEAST = 10
"""Fewer than this could point at a person: the figure is withheld."""
LEAST_SATISFACTION = 30
"""Under thirty answers a percentage says more than is known."""

Counted = Mapping[tuple[str, str], int]
"""How much of each (name, choice) was counted in the time and place that is looked at."""
Minutes = Callable[[int, int], float]
"""Business minutes between two moments."""


class Figure(NamedTuple):
    """A figure: its value, out of how many, and why there is none."""

    value: float | None
    n: int
    why_none: str = ""


@dataclass(frozen=True)
class Definition:
    """What a figure says, as it stands beside it."""

    name: str
    unit: str
    says: str


DEFINITIONS: dict[str, Definition] = {
    "csat": Definition("Satisfaction (CSAT)", "%", "Answers 4 or 5 ÷ all answers × 100. Shown from 30 answers on."),
    "nps": Definition("Recommendation (NPS)", "", "% of 9 and 10 − % of 0 to 6, asked on the web, from −100 to 100."),
    "ces": Definition("Effort (CES)", "of 7", "Mean of 1 to 7 for “It was easy”."),
    "first-response": Definition(
        "First response",
        "min",
        "Median of (first answer of a person − taken in), in known opening hours; open cases count until now.",
    ),
    "average-response": Definition(
        "Average response",
        "min",
        "Mean of (answer − the customer’s first unanswered message), in known opening hours. Not time to solve.",
    ),
    "handle-time": Definition("Handle time", "min", "Staff time on a case. Nobody’s time is taken here."),
    "first-contact": Definition(
        "First-contact resolution",
        "%",
        "Closed cases with one answer, nothing more from the customer, not opened again ÷ closed cases.",
    ),
    "self-service-score": Definition("Self-service score", "to 1", "Visits ÷ hand-overs. Easy to inflate: no target."),
    "self-service": Definition("Self-service rate", "%", "Visits with a confirmed solution ÷ visits."),
    "deflection": Definition(
        "Strict deflection", "%", "Hand-overs opened and then left as solved ÷ opened. Silence is not counted as success."
    ),
    "zero-result": Definition("Zero-result rate", "%", "Searches without a result ÷ searches."),
    "search-success": Definition("Search success", "%", "Searches with an opened result and no new search for 60 s ÷ searches."),
    "unknown-end": Definition("Ended unknown", "%", "Visits ended by the idle reset without an outcome ÷ visits."),
    "false-solution": Definition("False solution", "%", "Hand-overs in the same visit after “solved” ÷ “solved”."),
    "help-to-contact": Definition("Help to contact", "%", "Hand-overs sent from a page ÷ views of pages."),
    "coverage": Definition(
        "Coverage", "%", "Product × stage cells with a live guide ÷ declared cells: see ./helpstand check --coverage."
    ),
    "availability": Definition("Availability", "%", "Minutes in which the home screen answered ÷ minutes of the days reported."),
}

_RATIOS = {
    "self-service": ("visits-solved", "visits"),
    "deflection": ("handoff-solved", "handoff-opened"),
    "zero-result": ("searches-zero", "searches"),
    "search-success": ("searches-found", "searches"),
    "unknown-end": ("visits-unknown", "visits"),
    "false-solution": ("false-solution", "solved"),
    "help-to-contact": ("handoff-sent", "page-views"),
}
NOT_MEASURED = Figure(None, 0, "not measured")


def figures(counted: Counted, cases: Sequence[Case], up: Sequence[int], now: int, minutes: Minutes) -> dict[str, Figure]:
    """Return every figure of a time and place; `up` has the minutes of each day that a kiosk reported."""
    sums: dict[str, int] = {}
    for (name, _), n in counted.items():
        sums[name] = sums.get(name, 0) + n
    found = {name: ratio(sums.get(part, 0), sums.get(whole, 0)) for name, (part, whole) in _RATIOS.items()}
    visits, sent = sums.get("visits", 0), sums.get("handoff-sent", 0)
    found |= {
        "csat": _satisfaction(_scale(counted, "csat")),
        "nps": _recommendation(_scale(counted, "nps")),
        "ces": mean(_spread(_scale(counted, "ces"))),
        "first-response": middle([minutes(case.received_at, case.first_reply_at or now) for case in _asking(cases)]),
        "average-response": mean([minutes(asked, answered) for case in cases for asked, answered in replies(case)]),
        "handle-time": NOT_MEASURED,
        "first-contact": _first_contact(cases),
        "self-service-score": Figure(visits / sent, sent) if sent >= LEAST else too_few(sent),
        "coverage": NOT_MEASURED,
        "availability": Figure(100 * sum(up) / (1440 * len(up)), len(up)) if up else NOT_MEASURED,
    }
    return {name: found[name] for name in DEFINITIONS}


def ratio(part: int, whole: int) -> Figure:
    """Return a percentage, withheld where it could point at a person."""
    return Figure(100 * part / whole, whole) if whole >= LEAST else too_few(whole)


def mean(values: Sequence[float]) -> Figure:
    """Return a mean, withheld where it could point at a person."""
    return Figure(fmean(values), len(values)) if len(values) >= LEAST else too_few(len(values))


def middle(values: Sequence[float]) -> Figure:
    """Return a median, withheld where it could point at a person."""
    return Figure(median(values), len(values)) if len(values) >= LEAST else too_few(len(values))


def too_few(n: int) -> Figure:
    """Say why there is no figure."""
    return Figure(None, n, "withheld: fewer than 10") if n else NOT_MEASURED


def replies(case: Case) -> Iterable[tuple[int, int]]:
    """Yield for each answer the moment of the first unanswered message, and its own; a second answer in a row answers nothing."""
    asked: int | None = None
    for event in case.events:
        if event.kind in {Kind.RECEIVED, Kind.ANSWERED} and asked is None:
            asked = event.at
        elif event.kind is Kind.REPLIED and asked is not None:
            yield asked, event.at
            asked = None


def _asking(cases: Iterable[Case]) -> list[Case]:
    """Leave out those who want no answer."""
    return [case for case in cases if case.request.reply.how != "none" or case.first_reply_at]


def _first_contact(cases: Iterable[Case]) -> Figure:
    closed = [case for case in cases if case.closed_at is not None]
    once = 0
    for case in closed:
        kinds = [event.kind for event in case.events]
        once += kinds.count(Kind.REPLIED) == 1 and Kind.ANSWERED not in kinds and Kind.REOPENED not in kinds
    return ratio(once, len(closed))


def _scale(counted: Counted, name: str) -> dict[int, int]:
    return {int(choice): n for (counter, choice), n in counted.items() if counter == name}


def _spread(scale: Mapping[int, int]) -> list[float]:
    return [float(value) for value, n in scale.items() for _ in range(n)]


def _satisfaction(scale: Mapping[int, int]) -> Figure:
    n = sum(scale.values())
    if n < LEAST_SATISFACTION:
        return Figure(None, n, "fewer than 30 answers") if n else NOT_MEASURED
    return Figure(100 * (scale.get(4, 0) + scale.get(5, 0)) / n, n)


def _recommendation(scale: Mapping[int, int]) -> Figure:
    n = sum(scale.values())
    if n < LEAST:
        return too_few(n)
    good = scale.get(9, 0) + scale.get(10, 0)
    bad = sum(number for value, number in scale.items() if value <= 6)
    return Figure(100 * (good - bad) / n, n)
