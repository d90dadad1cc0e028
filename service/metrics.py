"""Figures for managers, each with exactly one definition. What is not measured says so; no figure is made up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import NamedTuple

from service.cases import Case, CaseEvent, Kind

LEAST = 10
"""Fewer than this could point at a person: the figure is withheld."""
LEAST_SATISFACTION = 30
"""Under thirty answers a percentage says more than is known."""

Counted = Mapping[tuple[str, str], int]
"""How much of each (name, choice) was counted in the time and place that is looked at."""
Minutes = Callable[[str, int, int], float]
"""Business minutes of a store between two moments."""
WEEK = 7 * 24 * 3600 * 1000


class Figure(NamedTuple):
    """A figure: its value, out of how many, why there is none, and whether what is still open can only raise it."""

    value: float | None
    n: int
    why_none: str = ""
    at_least: bool = False


@dataclass(frozen=True)
class Definition:
    """What a figure says, as it stands beside it."""

    name: str
    unit: str
    says: str


DEFINITIONS: dict[str, Definition] = {
    "csat": Definition("Satisfaction (CSAT)", "%", "Answers 4 or 5 ÷ all answers × 100. Shown from 30 answers on."),
    "nps": Definition(
        "Recommendation (NPS)",
        "",
        "% of 9 and 10 − % of 0 to 6, from −100 to 100. Asked on the web only, of one in five after an outcome, and of the same "
        "browser at most once in three months; about the shop, so it has no product and no stage.",
    ),
    "ces": Definition("Effort (CES)", "of 7", "Mean of 1 to 7 for “It was easy”."),
    "helpful": Definition(
        "Helpful", "%", "Yes ÷ all answers to “Did this help?”. Few answer, and more often who is not content."
    ),
    "first-response": Definition(
        "First response",
        "min",
        "Median of (first answer of a person − taken in), in opening hours. Automatic replies do not count. Cases without an "
        "answer count until now or their end; where that can only raise the median, it says “at least”.",
    ),
    "average-response": Definition(
        "Average response",
        "min",
        "Mean of (answer − the customer’s first unanswered message), in opening hours. Not time to solve.",
    ),
    "total-handle-time": Definition(
        "Total handle time", "h", "Sum of staff time on cases. Nobody’s time is taken here: your time sheets may know it."
    ),
    "handle-time": Definition("Average handle time", "min", "Total handle time ÷ handled cases. Nobody’s time is taken here."),
    "active-time": Definition("Active time", "s", "Seconds from the first page to the last touch ÷ visits, at kiosks."),
    "first-contact": Definition(
        "First-contact resolution",
        "%",
        "Cases closed as solved after one answer, nothing more from the customer, not opened again, and no other case from the "
        "same address within 7 days ÷ closed first contacts. A case counts when those 7 days are over.",
    ),
    "self-service-score": Definition("Self-service score", "to 1", "Visits ÷ hand-overs. Easy to inflate: no target."),
    "self-service": Definition(
        "Self-service rate",
        "%",
        "Visits with a confirmed solution (a troubleshooter ended in “solved”, or somebody said so) ÷ visits.",
    ),
    "deflection": Definition(
        "Strict deflection", "%", "Hand-overs opened and then left as solved ÷ opened. Silence is not counted as success."
    ),
    "zero-result": Definition("Zero-result rate", "%", "Searches without a result ÷ searches. What is typed on is one search."),
    "search-success": Definition("Search success", "%", "Searches with an opened result and no new search for 60 s ÷ searches."),
    "unknown-end": Definition("Ended unknown", "%", "Visits ended by the idle reset without an outcome ÷ visits, at kiosks."),
    "false-solution": Definition("False solution", "%", "Hand-overs in the same visit after “solved” ÷ “solved”."),
    "help-to-contact": Definition("Help to contact", "%", "Hand-overs sent by somebody who came from a page ÷ views of pages."),
    "coverage": Definition(
        "Coverage", "%", "Product × stage × language with a live guide in date ÷ declared, as the last build saw it."
    ),
    "availability": Definition("Availability", "%", "Minutes in which the home screen answered ÷ minutes of the days reported."),
}

_RATIOS = {
    "self-service": ("visits-solved", "visits"),
    "deflection": ("handoff-solved", "handoff-opened"),
    "zero-result": ("searches-zero", "searches"),
    "search-success": ("searches-found", "searches"),
    "unknown-end": ("visits-unknown", "visits-at-kiosks"),
    "false-solution": ("false-solution", "solved"),
    "help-to-contact": ("handoff-from-page", "page-views"),
}
NOT_MEASURED = Figure(None, 0, "not measured")


@dataclass(frozen=True)
class Measured:
    """Everything that was measured of a time and place."""

    counted: Counted
    cases: Sequence[Case] = ()
    up: Sequence[int] = ()
    """The minutes of each day that a kiosk reported."""
    contacts: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """When cases came from each customer's address, also in the week before and after."""
    cells: Sequence[int] = ()
    """Live guides of each declared product, stage and language."""


def figures(measured: Measured, now: int, minutes: Minutes) -> dict[str, Figure]:
    """Return every figure of a time and place."""
    counted, cases, up, cells = measured.counted, measured.cases, measured.up, measured.cells
    sums: dict[str, int] = {}
    for (name, _), n in counted.items():
        sums[name] = sums.get(name, 0) + n
    sums["visits-at-kiosks"] = sums.get("visits", 0) - counted.get(("visits", "web"), 0)
    found = {name: ratio(sums.get(part, 0), sums.get(whole, 0)) for name, (part, whole) in _RATIOS.items()}
    visits, sent, kiosk_visits = sums.get("visits", 0), sums.get("handoff-sent", 0), sums["visits-at-kiosks"]
    helpful = _scale(counted, "helpful")
    waits = [minutes(case.request.store, asked, answered) for case in cases for asked, answered in replies(case)]
    found |= {
        "csat": _satisfaction(_scale(counted, "csat")),
        "nps": _recommendation(_scale(counted, "nps")),
        "ces": mean(_spread(_scale(counted, "ces"))),
        "helpful": ratio(helpful.get(1, 0), sum(helpful.values())),
        "first-response": _first_response(cases, now, minutes),
        "average-response": mean(waits),
        "total-handle-time": NOT_MEASURED,
        "handle-time": NOT_MEASURED,
        "active-time": per(sums.get("active-seconds", 0), kiosk_visits) if "active-seconds" in sums else NOT_MEASURED,
        "first-contact": _first_contact(cases, measured.contacts, now),
        "self-service-score": per(visits, sent),
        "coverage": Figure(100 * sum(n > 0 for n in cells) / len(cells), len(cells)) if cells else NOT_MEASURED,
        "availability": Figure(100 * sum(up) / (1440 * len(up)), len(up)) if up else NOT_MEASURED,
    }
    return {name: found[name] for name in DEFINITIONS}


def per(part: int, whole: int) -> Figure:
    """Return how much there is for each one, withheld where it could point at a person."""
    return Figure(part / whole, whole) if whole >= LEAST else too_few(whole)


def ratio(part: int, whole: int) -> Figure:
    """Return a percentage, withheld where it could point at a person."""
    return Figure(100 * part / whole, whole) if whole >= LEAST else too_few(whole)


def mean(values: Sequence[float]) -> Figure:
    """Return a mean, withheld where it could point at a person."""
    return Figure(fmean(values), len(values)) if len(values) >= LEAST else too_few(len(values))


def too_few(n: int) -> Figure:
    """Say why there is no figure; how few is part of what is withheld."""
    return Figure(None, 0, "withheld: fewer than 10") if n else NOT_MEASURED


def replies(case: Case) -> Iterable[tuple[int, int]]:
    """Yield for each answer the moment of the first unanswered message, and its own; a second answer in a row answers nothing."""
    asked: int | None = None
    for event in case.events:
        if event.kind in {Kind.RECEIVED, Kind.ANSWERED} and asked is None:
            asked = event.at
        elif by_person(event) and asked is not None:
            yield asked, event.at
            asked = None


def by_person(event: CaseEvent) -> bool:
    """Whether somebody of the desk answered, and not a machine."""
    return event.kind is Kind.REPLIED and not event.data.get("automatic")


def _first_response(cases: Iterable[Case], now: int, minutes: Minutes) -> Figure:
    """Return the median; those who want no answer, and cases that went into another, are left out."""
    answered, waiting = [], []
    for case in cases:
        first = next((event.at for event in case.events if by_person(event)), None)
        if first is not None:
            answered.append(minutes(case.request.store, case.received_at, first))
        elif case.request.reply.how != "none" and not case.merged_into:
            waiting.append(minutes(case.request.store, case.received_at, case.closed_at or now))
    times = [*answered, *waiting]
    if len(times) < LEAST:
        return too_few(len(times))
    value = median(times)
    return Figure(value, len(times), at_least=any(wait <= value for wait in waiting))


def _first_contact(cases: Iterable[Case], contacts: Mapping[str, Sequence[int]], now: int) -> Figure:
    whole = once = 0
    for case in cases:
        if case.closed_at is None or case.merged_into or case.closed_at + WEEK > now:
            continue
        others = [at for at in contacts.get(case.request.reply.address.strip().casefold(), ()) if at != case.received_at]
        if any(case.received_at - WEEK <= at < case.received_at for at in others):
            continue  # not the first contact
        whole += 1
        again = any(case.received_at < at <= case.closed_at + WEEK for at in others)
        once += _solved_at_once(case) and not again
    return ratio(once, whole)


def _solved_at_once(case: Case) -> bool:
    kinds = [event.kind for event in case.events]
    solved = [event.data.get("outcome") for event in case.events if event.kind is Kind.CLOSED][-1:] == ["solved"]
    return solved and sum(map(by_person, case.events)) == 1 and Kind.ANSWERED not in kinds and Kind.REOPENED not in kinds


def _scale(counted: Counted, name: str) -> dict[int, int]:
    return {int(choice): n for (counter, choice), n in counted.items() if counter == name}


def _spread(scale: Mapping[int, int]) -> list[float]:
    return [float(value) for value, n in scale.items() for _ in range(n)]


def _satisfaction(scale: Mapping[int, int]) -> Figure:
    n = sum(scale.values())
    if n < LEAST:
        return too_few(n)
    if n < LEAST_SATISFACTION:
        return Figure(None, n, "fewer than 30 answers")
    return Figure(100 * (scale.get(4, 0) + scale.get(5, 0)) / n, n)


def _recommendation(scale: Mapping[int, int]) -> Figure:
    n = sum(scale.values())
    if n < LEAST:
        return too_few(n)
    good = scale.get(9, 0) + scale.get(10, 0)
    bad = sum(number for value, number in scale.items() if value <= 6)
    return Figure(100 * (good - bad) / n, n)


def hidden(counts: Sequence[int]) -> list[int | None]:
    """Return the counts of the parts of a whole, without those that could point at a person.

    Where what is hidden is itself so little that the whole gives it away, the next smallest are hidden too.
    """
    shown: list[int | None] = [None if 0 < n < LEAST else n for n in counts]
    rest = sum(n for n, kept in zip(counts, shown, strict=True) if kept is None)
    order = sorted((n, place) for place, n in enumerate(counts) if n >= LEAST)
    while 0 < rest < LEAST and order:
        n, place = order.pop(0)
        shown[place] = None
        rest += n
    return shown
