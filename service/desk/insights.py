"""What readers miss, gathered for writers: as a page, as JSON, as words for the terminal."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from service import insights as rules
from service.connectors.config import Routes
from service.desk.project import Cell, Change, Project
from service.insights import Asked, Exit, Gap, Group, PageSign
from service.routing import told_of
from service.store import insights as stored
from service.store.deliveries import begin
from service.store.figures import cases_between

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.store import Store

NOWHERE = Routes()
"""Without a routes.yml nobody is told."""


@dataclass(frozen=True)
class Insights:
    """Everything that a writer should know of some days."""

    first: date
    last: date
    failing_pages: list[PageSign]
    zero_results: list[Asked]
    most_asked: list[Asked]
    tree_exits: list[Exit]
    complaints: list[Group]
    defects: list[dict[str, Any]]
    """As `defect.cluster` events."""
    gaps: list[Gap]
    cells: int
    changes: list[Change]


def insights_of(store: Store, project: Project, first: date, last: date) -> Insights:
    """Work out what readers miss from day to day."""
    begin = int(datetime.combine(first, time.min, UTC).timestamp() * 1000)
    end = int(datetime.combine(last + timedelta(days=1), time.min, UTC).timestamp() * 1000) - 1
    days = (first.isoformat(), last.isoformat())
    with store.read() as connection:
        cases = cases_between(connection, begin, end)
        searches = stored.searches(connection, *days)
        pages = stored.page_counts(connection, *days)
        exits = stored.exits(connection, *days)
        defects = [stored.cluster_event(row, row.raised_at) for row in stored.raised(connection, begin)]
    cells = project.cells()
    return Insights(
        first=first,
        last=last,
        failing_pages=rules.failing_pages(pages, rules.read_before(cases)),
        zero_results=rules.asked_for(searches, found=False),
        most_asked=rules.asked_for(searches, found=True),
        tree_exits=rules.tree_exits(exits),
        complaints=rules.complaint_kinds(cases),
        defects=defects,
        gaps=rules.gaps(cells),
        cells=len(cells),
        changes=project.changes(),
    )


def look_for_clusters(store: Store, now: int, routes: Routes = NOWHERE) -> list[dict[str, Any]]:
    """Note which defects came together in the last month, let the new ones go where routes.yml says, and return those."""
    with store.read() as connection:
        found = rules.clusters(cases_between(connection, now - rules.CLUSTER_DAYS * 86_400_000, now), now)
    if not found:
        return []

    def change(connection: Connection) -> list[rules.Cluster]:
        # Noted and on its way in one transaction: a desk that is killed can forget neither.
        new = stored.raise_clusters(connection, found, now)
        for one in new:
            name = stored.name_of(one, now)
            begin(connection, name, told_of(routes.defects, one.product, routes.products), now)
        return new

    new = store.writing(change)
    return [stored.cluster_event(cluster, now) for cluster in new]


def as_json(found: Insights) -> dict[str, Any]:
    """Return everything for other programs."""
    told = asdict(found)
    told |= {"first": found.first.isoformat(), "last": found.last.isoformat()}
    for name in ("failing_pages", "zero_results", "most_asked", "tree_exits", "complaints", "gaps", "changes"):
        told[name] = [_plain(one) for one in getattr(found, name)]
    return told


def _plain(one: Any) -> Any:
    return {name: _plain(value) for name, value in one._asdict().items()} if hasattr(one, "_asdict") else one


def as_text(found: Insights) -> str:
    """Return everything as lines for the terminal."""
    parts = [
        f"What readers missed from {found.first} to {found.last}. Nothing is told of fewer than ten readers or three visits."
    ]
    for title, lines in _lines(found):
        parts += ["", title, *(f"  {line}" for line in lines or ["nothing to tell"])]
    return "\n".join(parts)


def _lines(found: Insights) -> list[tuple[str, list[str]]]:
    pages = [
        f"{sign.page} ({sign.language}): read {sign.views} times"
        + (f", {sign.contacts} asked a person afterwards" if sign.contacts else "")
        + (f", helpful for {sign.helpful.value:.0f} %" if sign.helpful.value is not None else "")
        + "".join(f", {reason} {n}" for reason, n in sign.reasons.items())
        for sign in found.failing_pages
    ]
    return [
        ("Pages that fail", pages),
        ("Searched for, nothing found", [f"“{one.words}” ({one.language}): {one.visits} visits" for one in found.zero_results]),
        ("Searched for most", [f"“{one.words}” ({one.language}): {one.visits} visits" for one in found.most_asked]),
        (
            "Where troubleshooters are left",
            [f"{one.tree} at {one.node}, {one.ending}: {one.times} ({one.share:.0f} %)" for one in found.tree_exits],
        ),
        (
            "Complaints per model",
            [f"{one.product} {one.model or 'model not told'}, {one.kind}: {one.cases}" for one in found.complaints],
        ),
        ("Defects for the maker", [_defect(event["data"]) for event in found.defects]),
        (
            f"Gaps in {found.cells} cells of the last build",
            [f"{gap.product} in {', '.join(gap.languages)}: {', '.join(gap.stages)}" for gap in found.gaps],
        ),
        ("You said → we changed", [f"{one.day}: “{one.said}” → {one.changed}" for one in found.changes]),
    ]


def _defect(data: dict[str, Any]) -> str:
    return f"{data['product']} {data['model'] or 'model not told'}, {data['code']}: {data['cases']} cases"


def defects_csv(found: Insights) -> list[tuple[str, ...]]:
    """Return the defects as rows for the maker."""
    head = ("raised", "product", "model", "code", "cases")
    rows = [(_moment(event["timestamp"]), *(str(event["data"][name]) for name in head[1:])) for event in found.defects]
    return [head, *rows]


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")


__all__ = ["Cell", "Insights", "as_json", "as_text", "defects_csv", "insights_of", "look_for_clusters"]
