"""Cases from the forms of pages on the web, with photos: only from sites that were named, each once, with their receipt."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from fastapi import Request
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from service.desk.limits import Buckets
from service.desk.photos import PhotoError, drawn_anew
from service.desk.reading import words_of
from service.hours import BusinessHours
from service.messages import CaseRequest
from service.receipt import Receipt, promised, receipt_of
from service.store import photos as photo_store
from service.store.cases import load, receive, references_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from sqlalchemy import Connection

    from service.desk.project import Project
    from service.store import Store
    from service.store.photos import Photo

PATH = "/v1/cases"
MOST_PHOTOS = 5
MOST_CASE = 20_000
"""Bytes of the form itself: 500 characters of own words and forty steps that were tried fit well."""
ASKED = {"reference", "details", "words", "reply", "product", "model", "page", "page_version", "stage", "tried", "language"}
"""What a page may tell; moment, shop and promise are the desk's own."""
BY = "web"
_SOON = {"retry-after": "30"}


class Taken(BaseModel):
    """The receipt, how many photos were kept, and the places (from 1) of those that were not."""

    receipt: Receipt
    photos: int = 0
    left_out: tuple[int, ...] = ()


class _Posted(NamedTuple):
    case: CaseRequest
    digest: str
    pictures: list[Photo]
    left_out: tuple[int, ...]


class WebCases:
    """Takes them in. Who sent one is known for the moment of the answer, to hold floods back, and written nowhere."""

    def __init__(self, store: Store, sites: tuple[str, ...], project: Project, clock: Callable[[], float]) -> None:
        self._store = store
        self._sites = frozenset(sites)
        self._project = project
        self._clock = clock
        self._each = Buckets(per_second=1 / 60, burst=6)
        self._all = Buckets(per_second=2, burst=100)
        # A picture may take a quarter of a gigabyte while it is drawn: a flood waits here, and not in the memory.
        self._drawing = asyncio.Semaphore(2)

    async def take(self, request: Request) -> JSONResponse:
        """Keep a case with its photos and return its receipt; the same post again is the same case."""
        origin = request.headers.get("origin", "")
        if origin not in self._sites:
            raise HTTPException(403, "Cases are taken only from pages of sites that the desk was told: --site")
        shown = {"access-control-allow-origin": origin, "vary": "origin", "cache-control": "no-store"}
        try:
            taken = await self._taken(request)
        except HTTPException as error:
            # The page may read why; without these headers it would see a broken line.
            raise HTTPException(error.status_code, error.detail, {**(error.headers or {}), **shown}) from None
        return JSONResponse(taken.model_dump(mode="json"), 201, shown)

    async def _taken(self, request: Request) -> Taken:
        if self._all.wait("") or self._each.wait(request.client.host if request.client else ""):
            raise HTTPException(429, "Too much at once. Come again later.", _SOON)
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            raise HTTPException(400, "Send multipart/form-data with `case` and `photos`.")
        hours_of = await run_in_threadpool(self._project.hours)
        posted = await self._read(request, hours_of)
        now = int(self._clock() * 1000)
        try:
            kept = await run_in_threadpool(self._store.writing, lambda connection: _keep(connection, posted, now))
        except SQLAlchemyError as error:
            raise HTTPException(503, "The desk cannot write just now. Come again.", _SOON) from error
        if kept is None:
            raise HTTPException(409, "Another case has this reference number: take a new one.")
        case, photos = kept
        return Taken(receipt=receipt_of(case, hours_of.get(case.store, BusinessHours())), photos=photos, left_out=posted.left_out)

    async def _read(self, request: Request, hours_of: dict[str, BusinessHours]) -> _Posted:
        async with request.form(max_files=MOST_PHOTOS, max_fields=1, max_part_size=MOST_CASE) as form:
            told = form.get("case")
            if not isinstance(told, str):
                raise HTTPException(400, "The part `case` is missing.")
            files = [await one.read() for one in form.getlist("photos") if isinstance(one, UploadFile)]
        case = self._case(told, hours_of)
        digest = hashlib.sha256(told.encode("utf-8", "surrogatepass"))
        pictures, left_out = [], []
        for place, data in enumerate(files, 1):
            digest.update(hashlib.sha256(data).digest())
            try:
                async with self._drawing:
                    pictures.append(await run_in_threadpool(drawn_anew, f"photo-{place}.jpg", data))
            except PhotoError:
                left_out.append(place)
        return _Posted(case, digest.hexdigest(), pictures, tuple(left_out))

    def _case(self, told: str, hours_of: dict[str, BusinessHours]) -> CaseRequest:
        """Return what was asked; with one shop it is that one's, and only then an answer can be promised by its hours."""
        now = datetime.fromtimestamp(int(self._clock()), UTC)
        store = next(iter(hours_of)) if len(hours_of) == 1 else ""
        try:
            form = {key: value for key, value in json.loads(told).items() if key in ASKED}
            case = CaseRequest.model_validate({**form, "accepted_at": now, "surface": "web", "store": store})
        except ValidationError as error:
            raise HTTPException(400, words_of(error)) from None
        except (ValueError, AttributeError, RecursionError):
            raise HTTPException(400, "The part `case` is no form.") from None
        return promised(case, hours_of.get(store, BusinessHours()), now)


def _keep(connection: Connection, posted: _Posted, now: int) -> tuple[CaseRequest, int] | None:
    """Keep a case and its photos once, in the caller's transaction; None when its number is another one's."""
    case = posted.case
    outcome = receive(connection, [(case, posted.digest, BY, now)], {case.reference: _photos(connection, posted, now)})
    if outcome == ["clash"]:
        return None
    first = load(connection, case.reference)
    return first.request, len(first.events[0].data.get("photos", ()))


def _photos(connection: Connection, posted: _Posted, now: int) -> dict[str, Any]:
    if not posted.pictures or references_of(connection, [posted.case.reference]):
        return {}
    return {"photos": photo_store.keep(connection, posted.case.store, posted.case.reference, posted.pictures, now)}


def add_route(api: FastAPI, cases: WebCases, failures: dict[int | str, dict[str, Any]], defined: dict[str, Any]) -> None:
    """Let pages of these sites hand over; `defined` takes the parts of the schema."""
    schema = CaseRequest.model_json_schema(mode="validation", ref_template="#/components/schemas/{model}")
    defined.update(schema.pop("$defs", {}))
    photos = {"type": "array", "maxItems": MOST_PHOTOS, "items": {"type": "string", "format": "binary"}}
    parts = {"type": "object", "required": ["case"], "properties": {"case": schema, "photos": photos}}
    body = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": parts}}}}
    api.add_api_route(
        PATH, cases.take, response_model=Taken, status_code=201, responses=failures, openapi_extra=body, methods=["POST"]
    )
