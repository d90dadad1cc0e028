"""Handing over to a person: a filled form goes into the outbox, and its number comes back at once, with the cable out."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import segno
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kiosk.sessions import Sessions
from kiosk.site import SiteInfo
from service.outbox import BusinessHours, Identity, Intake, NotEnrolledError, Outbox, OutboxError

NO_STORE = {"cache-control": "no-store"}
ASKED = {"details", "words", "reply", "product", "model", "page", "page_version", "stage", "tried", "scan", "language"}
"""What a page may tell; number, moment and shop are the kiosk's own."""


def open_intake(state: Path | None, info: SiteInfo) -> Intake | None:
    """Open the outbox of an enrolled kiosk; None where there is no desk, or where the outbox cannot be used, which is told."""
    if state is None:
        return None
    identity = Identity(state)
    try:
        desk = identity.desk
        outbox = Outbox(state / "outbox.sqlite")
    except NotEnrolledError:
        return None
    except OutboxError as error:
        print(f"kiosk: hand-overs are not taken in: {error}", file=sys.stderr, flush=True)
        return None
    store = info.store
    hours = BusinessHours.model_validate(dict(store.hours)) if store else BusinessHours()

    def newest_key() -> str:
        try:
            return identity.desk.desk_key  # the agent writes it when the desk takes another one
        except NotEnrolledError:
            return desk.desk_key

    return Intake(outbox, newest_key, store=store.id if store else desk.store, prefix=store.prefix if store else "", hours=hours)


def routes(intake: Intake | None, sessions: Sessions, cookie: str) -> list[Route]:
    """Return the addresses that the person page asks."""

    async def is_open(_request: Request) -> Response:
        return JSONResponse({"open": intake is not None}, headers=NO_STORE)

    async def take(request: Request) -> Response:
        if not sessions.valid(request.cookies.get(cookie, "")):
            return _failure(401, "session")
        if intake is None:
            return _failure(503, "no-desk")
        try:
            told = json.loads(await request.body())
            form = {key: value for key, value in told.items() if key in ASKED}
            receipt = await run_in_threadpool(intake.accept, {**form, "surface": "kiosk"})
        except ValidationError as error:
            # The names of fields only: what was typed stays where it was typed.
            return _failure(400, "form", sorted({".".join(map(str, item["loc"])) for item in error.errors(include_input=False)}))
        except (ValueError, AttributeError):
            return _failure(400, "form")
        except OutboxError:
            return _failure(503, "not-kept")
        return JSONResponse(receipt.model_dump(mode="json"), 201, NO_STORE)

    return [
        Route("/api/case", is_open, methods=["GET"]),
        Route("/api/case", take, methods=["POST"]),
        Route("/api/case/{reference}/qr.svg", _qr, methods=["GET"]),
    ]


async def _qr(request: Request) -> Response:
    """Draw a reference number: the smallest code there is, still read when a quarter of it is dirty."""
    reference = request.path_params["reference"]
    if not reference.replace("-", "").isalnum() or not reference.isascii() or len(reference) > 20:
        return _failure(400, "form")
    picture = io.BytesIO()
    segno.make(reference.upper(), error="q", boost_error=False, micro=False).save(
        picture, kind="svg", scale=8, xmldecl=False, light="#ffffff"
    )
    return Response(picture.getvalue(), media_type="image/svg+xml", headers=NO_STORE)


def _failure(status: int, why: str, fields: Any = ()) -> Response:
    return JSONResponse({"error": why, "fields": list(fields)}, status, NO_STORE)
