"""Pages for managers: figures with charts, and what readers miss."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from service.desk import insights
from service.desk.charts import Chart, Point, chart
from service.desk.figures import TOTALS, Part, Report, as_csv, as_json, csv_of, report_of, slice_of, span
from service.desk.privacy import export_case
from service.desk.words import REASONS
from service.metrics import DEFINITIONS
from service.reference import ReferenceProblem, parse_reference
from service.store.cases import NoCaseError

if TYPE_CHECKING:
    from datetime import date

    from starlette.requests import Request

    from service.desk.project import Project
    from service.desk.sessions import Person
    from service.store import Store

NO_STORE = {"cache-control": "no-store"}
CHARTED = ("self-service", "zero-result", "helpful", "first-response")
_OF_PAGES = (("page-views", "cases"), ("helpful", "help-to-contact", "first-response", "coverage"))
_OF_VISITS = (
    ("visits", "page-views", "searches", "cases"),
    ("self-service", "zero-result", "helpful", "help-to-contact", "first-response"),
)
COLUMNS = {
    "product": _OF_PAGES,
    "stage": _OF_PAGES,
    "language": (_OF_VISITS[0], (*_OF_VISITS[1], "coverage")),
    "store": (_OF_VISITS[0], (*_OF_VISITS[1], "availability")),
    "kiosk": (_OF_VISITS[0], (*_OF_VISITS[1], "availability")),
}
"""Counts and figures of each table of parts: a visit and a search belong to no product and no stage."""
PARTS = {"product": "Product", "stage": "Stage", "language": "Language", "store": "Shop", "kiosk": "Kiosk"}
PROMISES = {
    "Reachable": "availability",
    "Understands": "zero-result",
    "Fast": "first-response",
    "Solves": "self-service",
    "Content": "csat",
}
"""The five promises of the service, and the figure that says whether they are kept."""


class ManagerPages:
    """Answers managers."""

    def __init__(
        self,
        store: Store,
        project: Project,
        page: Callable[..., Response],
        person: Callable[[Request], Person],
        now: Callable[[], int],
    ) -> None:
        self._store = store
        self._project = project
        self._page = page
        self._person = person
        self._now = now

    def routes(self) -> list[Route]:
        """Return the addresses of these pages."""
        return [Route(f"/figures{form}", self.figures, methods=["GET"]) for form in ("", ".json", ".csv")] + [
            Route("/insights", self.insights, methods=["GET"]),
            Route("/insights.json", self.insights, methods=["GET"]),
            Route("/insights-defects.csv", self.insights, methods=["GET"]),
            Route("/case/{reference}/export.zip", self.export, methods=["GET"]),
        ]

    async def figures(self, request: Request) -> Response:
        """Show the figures of a time, or hand them out."""
        return await run_in_threadpool(self._figures, request)

    def _figures(self, request: Request) -> Response:
        person = self._manager(request, "Figures are for managers.")
        now = self._now()
        first, last = span(request.query_params, datetime.fromtimestamp(now / 1000, UTC).date())
        report = report_of(self._store, self._project, first, last, slice_of(request.query_params), now)
        if request.url.path.endswith(".json"):
            return JSONResponse(as_json(report), headers=NO_STORE)
        if request.url.path.endswith(".csv"):
            table = request.query_params.get("table", "")
            return csv_file(as_csv(report, table), f"figures-{table if table in {'day', *PARTS} else 'all'}", first, last)
        told: dict[str, Any] = {"definitions": DEFINITIONS, "totals": TOTALS, "columns": COLUMNS, "parts": PARTS}
        return self._page(
            "figures.html", person, report=report, charts=charts_of(report), promises=PROMISES, query=_query(report), **told
        )

    async def insights(self, request: Request) -> Response:
        """Show what readers miss, or hand it out."""
        return await run_in_threadpool(self._insights, request)

    def _insights(self, request: Request) -> Response:
        person = self._manager(request, "Insights are for managers.")
        first, last = span(request.query_params, datetime.fromtimestamp(self._now() / 1000, UTC).date())
        found = insights.insights_of(self._store, self._project, first, last)
        if request.url.path.endswith(".json"):
            return JSONResponse(insights.as_json(found), headers=NO_STORE)
        if request.url.path.endswith(".csv"):
            return csv_file(csv_of(insights.defects_csv(found)), "defects", first, last)
        return self._page("insights.html", person, found=found, reasons=REASONS, query=urlencode({"first": first, "last": last}))

    async def export(self, request: Request) -> Response:
        """Hand out everything that is kept of one case, for the person whose it is."""
        return await run_in_threadpool(self._export, request)

    def _export(self, request: Request) -> Response:
        person = self._manager(request, "Only a manager may hand out a whole case.")
        try:
            reference = str(parse_reference(request.path_params["reference"]))
            content = export_case(self._store, reference, person.name, self._now())
        except (ReferenceProblem, NoCaseError) as error:
            raise HTTPException(404, str(error)) from None
        headers = {**NO_STORE, "content-disposition": f'attachment; filename="{reference}.zip"'}
        return Response(content, media_type="application/zip", headers=headers)

    def _manager(self, request: Request, refusal: str) -> Person:
        person = self._person(request)
        if not person.may("manager"):
            raise HTTPException(403, refusal)
        return person


def charts_of(report: Report) -> list[Chart]:
    """Return a chart of each count and of the figures that change from day to day."""
    made = [chart(title, "", [_count(part, name) for part in report.series]) for name, title in TOTALS.items()]
    for name in CHARTED:
        about = DEFINITIONS[name]
        made.append(chart(about.name, about.unit, [_figure(part, name) for part in report.series]))
    return made


def _count(part: Part, name: str) -> Point:
    n = part.totals[name]
    return Point(part.name, n, f"{part.name}: {n if n is not None else 'withheld: fewer than 10, or too easy to work out'}")


def _figure(part: Part, name: str) -> Point:
    figure = part.figures[name]
    unit = DEFINITIONS[name].unit
    told = figure.why_none if figure.value is None else f"{figure.value:.1f} {unit} of {figure.n}"
    return Point(part.name, figure.value, f"{part.name}: {told}")


def _query(report: Report) -> str:
    told = {
        "first": report.first,
        "last": report.last,
        **{name: value for name, value in report.wanted._asdict().items() if value},
    }
    return urlencode(told)


def csv_file(text: str, name: str, first: date, last: date) -> Response:
    """Hand out a table as a file."""
    headers = {**NO_STORE, "content-disposition": f'attachment; filename="{name}-{first}-{last}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
