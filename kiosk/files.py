"""Files of the built site over HTTP: right type, ETag, ranges, and the kiosk's own layer in every page."""

import hashlib
import mimetypes
import os
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from kiosk.shell import Shell, language_of

# Named here, because what mimetypes answers depends on the machine.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".ics": "text/calendar; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}


@dataclass(frozen=True)
class _Page:
    body: bytes
    etag: str


class Files:
    """Answers with files; finished pages are kept, so that a tap costs no work twice."""

    MOST_KEPT_BYTES = 32 * 1024 * 1024

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._pages: OrderedDict[tuple[str, int, int, int], _Page] = OrderedDict()
        self._kept_bytes = 0

    def answer(self, request: Request, file: Path, status: int = 200, lang: str | None = None) -> Response:
        """Answer with one file, which `site.find` has judged to be inside the site."""
        stat = file.stat()
        if file.suffix == ".html":
            page = self._page(file, stat, lang)
            return whole(request, page.body, TYPES[".html"], page.etag, status)
        etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        fields = {"etag": etag, "cache-control": "no-cache"}
        if _fresh(request, etag):
            return Response(status_code=304, headers=fields)
        kind = TYPES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return FileResponse(file, status_code=status, headers=fields, media_type=kind, stat_result=stat)

    def _page(self, file: Path, stat: os.stat_result, lang: str | None) -> _Page:
        key = (f"{file}\n{lang}", stat.st_mtime_ns, stat.st_size, stat.st_ino)
        page = self._pages.get(key)
        if page is None:
            page = self._dress(file, lang)
            self._pages[key] = page
            self._kept_bytes += len(page.body)
            while self._kept_bytes > self.MOST_KEPT_BYTES and len(self._pages) > 1:
                self._kept_bytes -= len(self._pages.popitem(last=False)[1].body)
        self._pages.move_to_end(key)
        return page

    def _dress(self, file: Path, lang: str | None) -> _Page:
        html = file.read_text(encoding="utf-8", errors="replace")
        body = self._shell.dress(html, language_of(html) or lang).encode()
        return _Page(body, etag_of(body))


def etag_of(body: bytes) -> str:
    """Name exactly these bytes."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def whole(request: Request, body: bytes, kind: str, etag: str, status: int = 200) -> Response:
    """Bytes that are already in memory, or 304 when the browser has them."""
    fields = {"etag": etag, "cache-control": "no-cache"}
    if status == 200 and _fresh(request, etag):
        return Response(status_code=304, headers=fields)
    return Response(body, status, headers=fields, media_type=kind)


def _fresh(request: Request, etag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    return etag in [one.strip().removeprefix("W/") for one in given.split(",")]
