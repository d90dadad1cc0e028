"""What kiosks speak with: enrolment, batches, and a word that the desk is alive. Its OpenAPI document is /api/v1/openapi.json."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from service import signing
from service.desk import web_cases
from service.desk.daily import DailyCounts, add_route
from service.desk.limits import Buckets
from service.desk.project import ALONE
from service.desk.reading import BatchError, read_envelope, read_item, words_of
from service.desk.writer import BusyError
from service.messages import Acknowledged, Batch, DeskAnswer, Enrolled, Enrolment, KioskState
from service.store.ingest import Post
from service.store.kiosks import EnrolmentRefusedError, Kiosk, enrol, keys_of
from service.store.states import keep

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.desk.keyring import Keyring
    from service.desk.project import Project
    from service.desk.writer import Writer
    from service.store import Store

_SOON = {"retry-after": "5"}

KNOWN_SECONDS = 10.0
"""How long a kiosk's key is remembered: so long a revoked one may still post."""


class Failure(BaseModel):
    """Why something was not done."""

    error: str


class Health(BaseModel):
    """The desk answers, and its database too."""

    ok: bool


class Kiosks:
    """The keys of kiosks, remembered for a moment."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[str, tuple[float, list[Kiosk]]] = {}

    async def signer(self, request: Request, body: bytes, purpose: str = "batch") -> Kiosk | None:
        """Return the kiosk that signed this body for that purpose, or None."""
        name = request.headers.get(signing.KIOSK_HEADER, "")[:128]
        signature = request.headers.get(signing.SIGNATURE_HEADER, "")
        if not name or len(signature) != 128:
            return None
        for kiosk in await self._keys(name):
            if signing.is_signed(kiosk.public_key, signature, purpose, name, body):
                return kiosk
        return None

    async def _keys(self, name: str) -> list[Kiosk]:
        until, keys = self._known.get(name, (0.0, []))
        if self._clock() >= until:
            keys = await run_in_threadpool(self._look, name)
            if keys:
                self._known[name] = (self._clock() + KNOWN_SECONDS, keys)
            else:
                self._known.pop(name, None)
        return keys

    def _look(self, name: str) -> list[Kiosk]:
        with self._store.read() as connection:
            return keys_of(connection, name)


def _answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Failure} for status in statuses}


def _body(model: type[BaseModel], defined: dict[str, Any]) -> dict[str, Any]:
    """Describe a body that is read by hand, because its signature is over its bytes; its parts go to the document's own."""
    schema = model.model_json_schema(mode="validation", ref_template="#/components/schemas/{model}")
    defined.update(schema.pop("$defs", {}))
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


class _Api:
    """The answers; what they share is the store and how much is enough."""

    def __init__(self, store: Store, writer: Writer, keys: Keyring, clock: Callable[[], float]) -> None:
        self._store = store
        self._writer = writer
        self._keys = keys
        self._clock = clock
        self._kiosks = Kiosks(store)
        self._batches = Buckets(per_second=50, burst=200)
        self._tries = Buckets(per_second=0.2, burst=10)

    async def take_batch(self, request: Request) -> JSONResponse:
        """Take the items of a kiosk's outbox in. Everything up to the acknowledged number is safe and may be deleted there."""
        body = await request.body()
        kiosk = await self._signed(request, body, "batch")
        try:
            batch = read_envelope(body)
        except BatchError as error:
            raise HTTPException(400, str(error)) from None
        if batch.kiosk != kiosk.kiosk:
            raise HTTPException(403, "The batch names another kiosk than its signature.")
        items = [read_item(item, self._keys) for item in batch.items]
        try:
            quarantined = await self._writer.write(Post(kiosk.kiosk, kiosk.store, batch.epoch, items))
        except (BusyError, SQLAlchemyError) as error:
            raise HTTPException(503, "The desk cannot write just now. Keep everything and come again.", _SOON) from error
        return JSONResponse({"acknowledged": items[-1].seq, "quarantined": list(quarantined)})

    async def take_kiosk(self, request: Request) -> JSONResponse:
        """Take a kiosk in that knows a one-time code, and tell it the key to seal with."""
        _hold(self._tries.wait(_sender(request)))
        try:
            asked = Enrolment.model_validate_json(await request.body())
        except ValidationError:
            raise HTTPException(400, "This is not an enrolment.") from None
        now = int(self._clock() * 1000)
        try:
            made = await run_in_threadpool(self._store.writing, lambda connection: enrol(connection, asked, now))
        except EnrolmentRefusedError as error:
            raise HTTPException(403, str(error)) from None
        except SQLAlchemyError as error:
            raise HTTPException(503, "The desk cannot write just now. Try again.", _SOON) from error
        return JSONResponse(Enrolled(kiosk=made.kiosk, store=made.store, desk_key=self._keys.public).model_dump())

    async def take_state(self, request: Request) -> JSONResponse:
        """Take in how a kiosk is, and tell it the key to seal with."""
        body = await request.body()
        kiosk = await self._signed(request, body, "state")
        try:
            state = KioskState.model_validate_json(body)
        except ValidationError as error:
            raise HTTPException(400, words_of(error)) from None
        if state.kiosk != kiosk.kiosk:
            raise HTTPException(403, "The heartbeat names another kiosk than its signature.")
        now = int(self._clock() * 1000)
        try:
            await run_in_threadpool(self._store.writing, lambda connection: keep(connection, state, kiosk.store, now))
        except SQLAlchemyError as error:
            raise HTTPException(503, "The desk cannot write just now. Come again.", _SOON) from error
        return JSONResponse(DeskAnswer(desk_key=self._keys.public).model_dump())

    async def key(self) -> JSONResponse:
        """Tell the public key to seal with: it is no secret, and it changes when the desk takes a new one."""
        return JSONResponse(DeskAnswer(desk_key=self._keys.public).model_dump())

    async def _signed(self, request: Request, body: bytes, purpose: str) -> Kiosk:
        kiosk = await self._kiosks.signer(request, body, purpose)
        if kiosk is None:
            _hold(self._tries.wait(_sender(request)))
            raise HTTPException(401, "This post is not signed by an enrolled kiosk.")
        _hold(self._batches.wait(kiosk.kiosk))
        return kiosk

    async def health(self) -> JSONResponse:
        """Say that the desk and its database answer."""
        try:
            await run_in_threadpool(_ask, self._store)
        except SQLAlchemyError:
            return JSONResponse({"error": "The database does not answer."}, 503)
        return JSONResponse({"ok": True})


def create_api(
    store: Store,
    writer: Writer,
    keys: Keyring,
    clock: Callable[[], float] = time.time,
    *,
    sites: tuple[str, ...] = (),
    project: Project = ALONE,
) -> FastAPI:
    """Make the part of the desk that kiosks speak with."""
    api = FastAPI(
        title="Helpstand desk",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        servers=[{"url": "/api"}],
    )
    api.add_exception_handler(HTTPException, _refused)
    answers = _Api(store, writer, keys, clock)
    signed = [_header(signing.KIOSK_HEADER, 128), _header(signing.SIGNATURE_HEADER, 128)]
    failures = _answers(400, 401, 403, 408, 413, 429, 503)
    defined: dict[str, Any] = {}

    def post(path: str, endpoint: Any, asked: type[BaseModel], answered: type[BaseModel], headers: list[dict[str, Any]]) -> None:
        extra = {**_body(asked, defined), "parameters": headers}
        api.add_api_route(path, endpoint, methods=["POST"], response_model=answered, responses=failures, openapi_extra=extra)

    post("/v1/batches", answers.take_batch, Batch, Acknowledged, signed)
    post("/heartbeat", answers.take_state, KioskState, DeskAnswer, signed)
    post("/v1/enrol", answers.take_kiosk, Enrolment, Enrolled, [])
    add_route(api, DailyCounts(store, sites, clock), _answers(400, 403, 408, 413, 429, 503), defined)
    refusals = _answers(400, 403, 408, 409, 413, 429, 503)
    web_cases.add_route(api, web_cases.WebCases(store, sites, project, clock), refusals, defined)
    api.add_api_route("/v1/key", answers.key, response_model=DeskAnswer)
    api.add_api_route("/v1/health", answers.health, response_model=Health, responses=_answers(503))
    api.openapi()["components"]["schemas"].update(defined)
    return api


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    found = error if isinstance(error, HTTPException) else HTTPException(500)
    return JSONResponse({"error": str(found.detail)}, found.status_code, dict(found.headers or {}))


def _hold(seconds: int) -> None:
    if seconds:
        raise HTTPException(429, "Too much at once. Come again later.", {"retry-after": str(seconds)})


def _header(name: str, most: int) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": {"type": "string", "maxLength": most}}


def _ask(store: Store) -> None:
    with store.read() as connection:
        connection.exec_driver_sql("SELECT 1")


def _sender(request: Request) -> str:
    return request.client.host if request.client else "unknown"
