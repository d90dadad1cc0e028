"""What was measured of the pages of two sites, as figures, as JSON and as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.table import Table

from bench.built import Page
from bench.figures import middle, percentile
from bench.phone import Visit
from bench.taps import Walk, Walked

SIDES = ("helpstand", "material")
OF_PAGES = ("largest_paint_s", "shift", "weight_kb")
AIMS = {"tap_ms_p50": 250, "tap_ms_p95": 500, "largest_paint_s": 1.0, "shift": 0.0, "weight_kb": 100}


@dataclass
class Side:
    """One of the two sites, and what was measured of it."""

    name: str
    site: Path
    window: tuple[str, ...]
    pages: list[Page]
    walks: list[Walked] = field(default_factory=list)
    visits: dict[str, list[Visit]] = field(default_factory=dict)

    @property
    def walk(self) -> Walk:
        """A new walk through it."""
        return Walk({page.path: page.part for page in self.pages})


def figures(side: Side) -> dict[str, float]:
    """Return the five figures of a site; those of pages are of the worst type, because a promise holds for all."""
    taps = spread(tap.painted for walk in side.walks for tap in walk.taps)
    types = [type_figures(visits) for visits in side.visits.values()]
    worst = {name: max(found[name] for found in types) for name in OF_PAGES}
    return {"tap_ms_p50": taps["p50"], "tap_ms_p95": taps["p95"], **worst}


def type_figures(visits: list[Visit]) -> dict[str, Any]:
    """Return what the loads of one type of page have in the middle; of shifts the worst."""
    return {
        "largest_paint_s": round(middle(visit.largest_paint_s for visit in visits), 3),
        "largest": visits[0].largest,
        "shift": round(max(visit.shift for visit in visits), 4),
        "moved": sorted({name for visit in visits for name in visit.moved}),
        "weight_kb": middle(visit.weight["page"] for visit in visits),
        "kb": {kind: middle(visit.weight[kind] for visit in visits) for kind in visits[0].weight if kind != "page"},
    }


def details(both: tuple[Side, Side]) -> dict[str, Any]:
    """Return what stands below the five figures: each type of page, and each tap."""
    return {"pages": {side.name: _pages(side) for side in both}, "runs": {side.name: _runs(side) for side in both}}


def _pages(side: Side) -> dict[str, Any]:
    types = {type_: type_figures(visits) for type_, visits in side.visits.items()}
    medians = {name: round(middle(found[name] for found in types.values()), 3) for name in OF_PAGES}
    return {"median": medians, "types": types}


def _runs(side: Side) -> dict[str, Any]:
    taps = [tap for walk in side.walks for tap in walk.taps]
    return {
        "taps": len(taps),
        "missed": sum(walk.missed for walk in side.walks),
        "to": {part: spread(tap.painted for tap in taps if tap.to == part) for part in sorted({tap.to for tap in taps})},
        "drawn": spread(tap.drawn for tap in taps),
        "rounds": [[[tap.to, round(tap.painted), round(tap.drawn)] for tap in walk.taps] for walk in side.walks],
    }


def spread(milliseconds: Iterable[float]) -> dict[str, int]:
    """Return the middle and the slow end."""
    values = list(milliseconds)
    return {"p50": round(percentile(values, 0.5)), "p95": round(percentile(values, 0.95))}


def table(result: dict[str, Any]) -> Table:
    """Return the figures beside their aims, and the types of page below."""
    made = Table("figure", "aim at most", *SIDES)
    for name, aim in AIMS.items():
        made.add_row(name, str(aim), str(result[name]), str(result["material"][name]))
    made.add_section()
    for name in OF_PAGES:
        made.add_row(f"{name}, median of types", "", *(str(result["pages"][side]["median"][name]) for side in SIDES))
    made.add_section()
    types = [result["pages"][side]["types"] for side in SIDES]
    for type_ in sorted({*types[0], *types[1]}):
        made.add_row(f"{type_}: paint s, shift, kB", "", *(_three(found.get(type_)) for found in types))
    return made


def _three(found: dict[str, Any] | None) -> str:
    return f"{found['largest_paint_s']:.2f}  {found['shift']:.3f}  {found['weight_kb']:.1f}" if found else ""
