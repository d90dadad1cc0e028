"""What pages ask for people who scan, press keys or listen: the page of a code, whole words, and speech."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kiosk.barcodes import Barcodes
from kiosk.searching import Search
from kiosk.sessions import Sessions
from kiosk.site import SiteInfo
from kiosk.speech.sound import SoundError
from kiosk.speech.speaker import Speaker
from kiosk.workers import BusyError, Workers

MOST_SAID = 400
SLOWEST, FASTEST = 80, 400
NO_STORE = {"cache-control": "no-store"}

Act = Callable[[dict[str, Any]], Awaitable[Response]]


def answer(values: dict[str, Any], status: int = 200) -> Response:
    """Answer with JSON that nobody keeps."""
    return JSONResponse(values, status, headers=NO_STORE)


def guarded(sessions: Sessions, cookie: str, act: Act) -> Callable[[Request], Awaitable[Response]]:
    """Let only pages of the kiosk's own window do this; the request's body is a JSON object."""

    async def endpoint(request: Request) -> Response:
        if not sessions.valid(request.cookies.get(cookie, "")):
            return answer({"error": "This page is not open on the kiosk any more. Start again from its first screen."}, 401)
        try:
            given = json.loads(await request.body() or b"{}")
        except ValueError:
            return answer({"error": "The request is not JSON."}, 400)
        if not isinstance(given, dict):
            return answer({"error": "The request is not a JSON object."}, 400)
        return await act(given)

    return endpoint


class Codes:
    """Answers which page a scanned code means."""

    def __init__(self, info: SiteInfo, barcodes: Barcodes) -> None:
        self._info = info
        self._barcodes = barcodes

    async def __call__(self, request: Request) -> Response:
        """Answer one code."""
        code, lang = request.query_params.get("code", ""), request.query_params.get("lang", "")
        known = lang if self._info.knows(lang) else self._info.default
        # In a thread: the first code reads all product pages.
        url = await asyncio.to_thread(self._barcodes.page, code, known)
        return answer({"url": url}) if url else answer({"error": "No page has this code."}, 404)


class Completion:
    """Answers which words of the index begin so."""

    def __init__(self, search: Search) -> None:
        self._search = search

    async def __call__(self, request: Request) -> Response:
        """Answer one beginning: places are parted by spaces, each holds the letters that it may stand for."""
        places = request.query_params.get("typed", "")[:256].split(" ")
        words = await self._search.complete([place for place in places if place], request.query_params.get("lang", ""))
        return answer({"words": words})


class Speech:
    """Says what pages ask for, in threads of its own."""

    def __init__(self, info: SiteInfo, speaker: Speaker) -> None:
        self._info = info
        self._speaker = speaker
        self._workers = Workers(threads=4, waiting=8)

    async def say(self, given: dict[str, Any]) -> Response:
        """Say a text; answers when it was said or stopped, so that the page knows what comes next."""
        text, lang = str(given.get("text", "")).strip(), str(given.get("lang", ""))
        if not text or len(text) > MOST_SAID:
            return answer({"error": f"A text of 1 to {MOST_SAID} characters can be said at once."}, 400)
        if not self._speaker.speaks(lang):
            return answer({"said": False, "offered": False})
        speed, volume = _between(given.get("speed"), SLOWEST, FASTEST, 150), _between(given.get("volume"), 5, 100, 80)
        following = str(given.get("next", "")).strip()[:MOST_SAID]
        next_lang = str(given.get("next_lang", lang))
        try:
            said = self._workers.submit(lambda: self._speaker.say(text, lang, speed=speed, volume=volume))
            if following and self._speaker.speaks(next_lang):
                self._workers.submit(lambda: self._speaker.prepare(following, next_lang, speed))
            return answer({"said": await asyncio.wrap_future(said), "offered": True})
        except BusyError:
            return answer({"error": "Too much is to be said at once."}, 503)
        except SoundError as error:
            print(f"kiosk: speech does not work: {error}", file=sys.stderr, flush=True)
            return answer({"error": "Speech does not work right now."}, 503)

    async def stop(self, _given: dict[str, Any]) -> Response:
        """Be silent."""
        self._speaker.stop()
        return answer({"said": False})


def routes(info: SiteInfo, barcodes: Barcodes, search: Search, speaker: Speaker, sessions: Sessions, cookie: str) -> list[Route]:
    """All routes of this module."""
    speech = Speech(info, speaker)
    return [
        Route("/api/scan", Codes(info, barcodes).__call__, methods=["GET"]),
        Route("/api/words", Completion(search).__call__, methods=["GET"]),
        Route("/api/speech/say", guarded(sessions, cookie, speech.say), methods=["POST"]),
        Route("/api/speech/stop", guarded(sessions, cookie, speech.stop), methods=["POST"]),
    ]


def _between(value: object, least: int, most: int, otherwise: int) -> int:
    return min(most, max(least, value)) if isinstance(value, int) else otherwise
