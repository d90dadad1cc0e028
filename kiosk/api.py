"""The few questions that pages of the kiosk may ask: search, a QR code, and the beat of a visit."""

import io
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kiosk.keeper import VisitKeeper
from kiosk.pages import read_page
from kiosk.searching import Search, SearchUnavailableError
from kiosk.sessions import Sessions
from kiosk.site import SiteInfo
from kiosk.visit import Visit

MOST_QUERY = 256
MOST_QR = 300

_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")
_QR_TEXT = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f\x7f<>\"]+")
_NO_STORE = {"cache-control": "no-store"}

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(site: Path, info: SiteInfo, search: Search, visits: VisitKeeper, sessions: Sessions, cookie: str) -> list[Route]:
    """All routes below /api/."""

    def guarded(act: Callable[[dict[str, Any]], Visit]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            if not sessions.valid(request.cookies.get(cookie, "")):
                return failure(401, "This page is not open on the kiosk any more. Start again from its first screen.")
            try:
                given = json.loads(await request.body() or b"{}")
            except ValueError:
                return failure(400, "The request is not JSON.")
            if not isinstance(given, dict):
                return failure(400, "The request is not a JSON object.")
            return JSONResponse(visits.report(act(given)), headers=_NO_STORE)

        return endpoint

    def beat(given: dict[str, Any]) -> Visit:
        lang = str(given.get("lang", ""))
        if given.get("speaking") is True:
            visits.hold()
        return visits.beat(touched=given.get("touched") is True, lang=lang if info.knows(lang) else "")

    async def find(request: Request) -> Response:
        return await _search(request, site, info, search)

    return [
        Route("/api/search", find, methods=["GET"]),
        Route("/api/qr.svg", _qr, methods=["GET"]),
        Route("/api/visit/beat", guarded(beat), methods=["POST"]),
        Route("/api/visit/more", guarded(lambda _: visits.more()), methods=["POST"]),
        Route("/api/visit/end", guarded(lambda _: visits.end()), methods=["POST"]),
    ]


def failure(status: int, text: str) -> Response:
    """Tell an error as the api does."""
    return JSONResponse({"error": text}, status, headers=_NO_STORE)


NO_ANSWER: dict[str, Any] = {
    "query": "",
    "results": [],
    "clear": False,
    "facets": {"products": [], "stages": []},
    "did_you_mean": None,
    "zero_result_help": None,
}


async def _search(request: Request, site: Path, info: SiteInfo, search: Search) -> Response:
    query = _NOT_TEXT.sub(" ", request.query_params.get("q", "")).strip()[:MOST_QUERY]
    lang = request.query_params.get("lang", "") or info.default
    product = _NOT_TEXT.sub("", request.query_params.get("product", ""))[:128] or None
    stage = _NOT_TEXT.sub("", request.query_params.get("stage", ""))[:64] or None
    if not info.knows(lang):
        known = ", ".join(language.code for language in info.languages)
        return failure(400, f"This site has no language '{lang[:16]}'. It has: {known}.")
    if not query:
        return JSONResponse({**NO_ANSWER, "lang": lang}, headers=_NO_STORE)
    try:
        return JSONResponse(await search.ask(query, lang, product, stage), headers=_NO_STORE)
    except SearchUnavailableError as error:
        # Not an error of the question: the page shows the ways that are still open, and asks again.
        ways = {"unavailable": str(error), "zero_result_help": {"links": _ways_on(site, info, lang)}}
        return JSONResponse({**NO_ANSWER, "query": query, "lang": lang, **ways}, headers=_NO_STORE)


def _ways_on(site: Path, info: SiteInfo, lang: str) -> list[dict[str, str]]:
    """Give the pages that lead on without a search, as they name themselves; home last."""
    pages = {name: read_page(site, f"/{lang}/{name}") for name in ("products.html", "all.html", "index.html")}
    return [
        {"title": page.title.removesuffix(f" · {info.name}"), "url": f"{lang}/{name}"} for name, page in pages.items() if page
    ]


async def _qr(request: Request) -> Response:
    text = request.query_params.get("text", "")
    if len(text) > MOST_QR or not _QR_TEXT.fullmatch(text):
        return failure(400, f"A QR code can hold a web, mail or telephone address of at most {MOST_QR} characters.")
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="svg", scale=8, border=4, xmldecl=False, light="#ffffff")
    return Response(picture.getvalue(), media_type="image/svg+xml", headers=_NO_STORE)
