"""What pages on the web count: anonymous, added to the sums of the day, and taken only from pages of sites that were named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fastapi import Request
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from service.desk.limits import Buckets
from service.messages import Daily
from service.store.sums import add_daily

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    from service.store import Store

MOST_BYTES = 8_000
MOST_OF_ONE = 100
"""No page is read, and nothing searched for, more often than this between two tellings."""
PATH = "/v1/daily"


class DailyCounts:
    """Takes them in. Who sent them is known for the moment of the answer, to hold floods back, and written nowhere."""

    def __init__(self, store: Store, sites: tuple[str, ...], clock: Callable[[], float]) -> None:
        self._store = store
        self._sites = frozenset(sites)
        self._clock = clock
        self._each = Buckets(per_second=0.5, burst=30)
        self._all = Buckets(per_second=200, burst=2000)

    async def take(self, request: Request) -> Response:
        """Add what a page on the web counted to the sums of today. Nothing of the sender is kept."""
        origin = request.headers.get("origin", "")
        if origin not in self._sites:
            raise HTTPException(403, "Counts are taken only from pages of sites that the desk was told: --site")
        if self._all.wait("") or self._each.wait(request.client.host if request.client else ""):
            raise HTTPException(429, "Too much at once. Come again later.", {"retry-after": "60"})
        body = await request.body()
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"At most {MOST_BYTES} bytes.")
        told = _read(body)
        day = datetime.fromtimestamp(self._clock(), UTC).date().isoformat()
        try:
            await run_in_threadpool(self._store.writing, lambda connection: add_daily(connection, told, day))
        except SQLAlchemyError as error:
            raise HTTPException(503, "The desk cannot write just now.", {"retry-after": "60"}) from error
        return Response(status_code=204, headers={"access-control-allow-origin": origin, "vary": "origin"})


def _read(body: bytes) -> Daily:
    try:
        told = Daily.model_validate_json(body)
    except ValidationError:
        raise HTTPException(400, "These are not counts.") from None
    if any(line.n > MOST_OF_ONE for line in told.lines):
        raise HTTPException(400, f"No more than {MOST_OF_ONE} of one thing at once.")
    return told


def add_route(
    api: FastAPI,
    daily: DailyCounts,
    failures: dict[int | str, dict[str, Any]],
    defined: dict[str, Any],
) -> None:
    """Let pages of these sites tell what they counted; `defined` takes the parts of the schema."""
    schema = Daily.model_json_schema(mode="validation", ref_template="#/components/schemas/{model}")
    defined.update(schema.pop("$defs", {}))
    # Sent as plain text: then a browser need not ask beforehand whether it may.
    body = {"requestBody": {"required": True, "content": {"text/plain": {"schema": schema}}}}
    api.add_api_route(
        PATH, daily.take, response_class=Response, status_code=204, responses=failures, openapi_extra=body, methods=["POST"]
    )
