"""The page of figures, and the same as JSON and CSV."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from service.desk.project import ALWAYS, Project
from service.metrics import DEFINITIONS, WEEK, Figure, Measured, figures, hidden
from service.store.figures import Slice, cases_between, contacts_between, counted_by, minutes_up, place_of, places

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.cases import Case
    from service.metrics import Minutes
    from service.store import Store
    from service.store.figures import Counts

USUAL_DAYS = 30
TOTALS = {"visits": "Visits", "page-views": "Pages read", "searches": "Searches", "cases": "Hand-overs that came in"}
"""What is shown as it was counted, beside the figures."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Part:
    """One part of the whole: a day, a product, a store."""

    name: str
    totals: dict[str, int | None]
    """None where so few could point at a person."""
    figures: dict[str, Figure]


@dataclass(frozen=True)
class Report:
    """Everything that was asked for."""

    first: date
    last: date
    wanted: Slice
    figures: dict[str, Figure]
    totals: dict[str, int | None]
    series: tuple[Part, ...]
    by: dict[str, tuple[Part, ...]]
    choices: dict[str, list[str]]


def span(asked: Mapping[str, str], today: date) -> tuple[date, date]:
    """Return the days that were asked for; the last thirty where nothing sensible was."""
    try:
        first, last = date.fromisoformat(asked["first"]), date.fromisoformat(asked["last"])
    except (KeyError, ValueError):
        first = last = date.min
    if not all(2000 <= day.year <= 2100 for day in (first, last)):
        return today - timedelta(days=USUAL_DAYS - 1), today
    return (first, last) if first <= last else (last, first)


def slice_of(asked: Mapping[str, str]) -> Slice:
    """Return the part that was asked for."""
    return Slice(**{name: asked.get(name, "").replace("\x00", "")[:128] for name in Slice._fields})


def minutes_of(project: Project) -> Minutes:
    """Return how to count business minutes, by the hours that the last build knows."""
    hours = project.hours()

    def minutes(store: str, start: int, end: int) -> float:
        moments = (datetime.fromtimestamp(at / 1000, UTC) for at in (start, end))
        return hours.get(store, ALWAYS).open_time(*moments).total_seconds() / 60

    return minutes


def report_of(store: Store, project: Project, first: date, last: date, wanted: Slice, now: int) -> Report:
    """Work out every figure from day to day, of the whole and of its parts."""
    begin = int(datetime.combine(first, time.min, UTC).timestamp() * 1000)
    end = int(datetime.combine(last + timedelta(days=1), time.min, UTC).timestamp() * 1000) - 1
    with store.read() as connection:
        reader = _Reader(connection, project, first.isoformat(), last.isoformat(), wanted, now)
        reader.cases = cases_between(connection, begin, end, wanted)
        reader.contacts = contacts_between(connection, begin - WEEK, end + 2 * WEEK)
        whole = reader.parts("", lambda _: "")
        total = whole[0] if whole else Part("", dict.fromkeys(TOTALS, 0), figures(Measured({}), now, reader.minutes))
        period = _period(first, last)
        series = _filled(reader.parts("day", lambda case: _day(case.received_at), period), _days(first, last, period), reader)
        by = {name: _most_first(reader.parts(name, lambda case, name=name: place_of(case, name))) for name in Slice._fields}  # type: ignore[misc]
        return Report(first, last, wanted, total.figures, total.totals, series, by, places(connection, *reader.days))


class _Reader:
    """Reads once, and works out each part."""

    def __init__(self, connection: Connection, project: Project, first: str, last: str, wanted: Slice, now: int) -> None:
        self._connection = connection
        self.days = (first, last)
        self._wanted = wanted
        self._now = now
        self._cells = project.cells()
        self.minutes = minutes_of(project)
        self.cases: list[Case] = []
        self.contacts: dict[str, list[int]] = {}

    def parts(
        self, column: str, group: Callable[[Case], str], merged: Callable[[str], str] = lambda name: name
    ) -> tuple[Part, ...]:
        """Return one part for each value of a column; `merged` names the part to which a value belongs."""
        counted: dict[str, Counts] = defaultdict(lambda: defaultdict(int))
        for value, found in counted_by(self._connection, *self.days, self._wanted, column).items():
            for key, n in found.items():
                counted[merged(value)][key] += n
        cases: dict[str, list[Case]] = defaultdict(list)
        for case in self.cases:
            cases[merged(group(case))].append(case)
        up: dict[str, list[int]] = defaultdict(list)
        for value, minutes in minutes_up(self._connection, *self.days, self._wanted, column).items():
            up[merged(value)] += minutes
        names = sorted({*counted, *cases, *up} - ({""} if column else set()))
        made = [self.part(name, counted[name], cases[name], up[name], self._cells_of(column, name)) for name in names]
        return _withheld(made)

    def part(self, name: str, counted: Counts, cases: Sequence[Case], up: Sequence[int], cells: Sequence[int]) -> Part:
        """Work out one part."""
        totals: dict[str, int | None] = dict.fromkeys(TOTALS, 0)
        for (counter, _), n in counted.items():
            if counter in totals:
                totals[counter] = (totals[counter] or 0) + n
        totals["cases"] = len(cases)
        measured = Measured(counted, cases, up, self.contacts, cells)
        return Part(name, totals, figures(measured, self._now, self.minutes))

    def _cells_of(self, column: str, name: str) -> list[int]:
        if column in {"day", "store", "kiosk"} or self._wanted.store or self._wanted.kiosk:
            return []  # guides are the same everywhere, and what they were is not kept
        wanted = {**self._wanted._asdict(), **({column: name} if column else {})}
        keys = ("product", "stage", "language")
        return [cell.guides for cell in self._cells if all(wanted[key] in {"", getattr(cell, key)} for key in keys)]


def _withheld(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Hide counts that could point at a person, and those from which these could be worked out."""
    shown = {name: hidden([part.totals[name] or 0 for part in parts]) for name in TOTALS}
    return tuple(Part(part.name, {name: shown[name][place] for name in TOTALS}, part.figures) for place, part in enumerate(parts))


def _most_first(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: (-(part.totals["page-views"] or 0), -(part.totals["cases"] or 0), part.name)))


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()


def _period(first: date, last: date) -> Callable[[str], str]:
    """Return how a day is told: as itself, its week's Monday or its month's first, so that a chart has few enough bars."""
    days = (last - first).days + 1
    if days <= 62:
        return lambda day: day
    if days <= 400:
        return lambda day: (date.fromisoformat(day) - timedelta(days=date.fromisoformat(day).weekday())).isoformat()
    return lambda day: f"{day[:7]}-01"


def _days(first: date, last: date, period: Callable[[str], str]) -> list[str]:
    days = ((first + timedelta(days=ahead)).isoformat() for ahead in range((last - first).days + 1))
    return list(dict.fromkeys(map(period, days)))


def _filled(parts: Iterable[Part], days: Iterable[str], reader: _Reader) -> tuple[Part, ...]:
    """Put a part where nothing was counted, so that time runs evenly."""
    known = {part.name: part for part in parts}
    return tuple(known.get(day) or reader.part(day, {}, (), (), ()) for day in days)


# --- for other programs --------------------------------------------------------------------------------------------------


def as_json(report: Report) -> dict[str, Any]:
    """Return everything with its definitions, for other programs."""
    return {
        "first": report.first.isoformat(),
        "last": report.last.isoformat(),
        "of": {name: value for name, value in report.wanted._asdict().items() if value},
        "figures": {name: {**vars(DEFINITIONS[name]), **figure._asdict()} for name, figure in report.figures.items()},
        "totals": report.totals,
        "series": [_part_json(part) for part in report.series],
        "by": {name: [_part_json(part) for part in parts] for name, parts in report.by.items()},
    }


def _part_json(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "totals": part.totals,
        "figures": {name: figure._asdict() for name, figure in part.figures.items()},
    }


def as_csv(report: Report, table: str = "") -> str:
    """Return a table for a spreadsheet: the figures with their definitions, or all of them per day, product, stage and so on."""
    if table != "day" and table not in report.by:
        rows: list[tuple[str, ...]] = [("figure", "value", "unit", "of", "why none", "at least", "definition")]
        rows += [_figure_row(name, figure) for name, figure in report.figures.items()]
        return csv_of(rows)
    parts = report.series if table == "day" else report.by[table]
    head = (table, *TOTALS, *(name for figure in DEFINITIONS for name in (figure, f"{figure} of")))
    return csv_of([head, *(_part_row(part) for part in parts)])


def _figure_row(name: str, figure: Figure) -> tuple[str, ...]:
    about = DEFINITIONS[name]
    at_least = "yes" if figure.at_least else ""
    return (name, _number(figure.value), about.unit, str(figure.n), figure.why_none, at_least, about.says)


def _part_row(part: Part) -> tuple[str, ...]:
    told = [
        cell
        for figure in part.figures.values()
        for cell in (_number(figure.value), str(figure.n) if figure.value is not None else "")
    ]
    return (part.name, *(_number(part.totals[name]) for name in TOTALS), *told)


def _number(value: float | None) -> str:
    return "" if value is None else str(round(value, 3))


def csv_of(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV; a cell that a spreadsheet would run as a formula is told as text."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerows(
        [[f"'{cell}" if cell.startswith(DANGEROUS) and not _is_number(cell) else cell for cell in row] for row in rows]
    )
    return table.getvalue()


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
