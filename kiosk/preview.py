"""The live preview for writers: the kiosk's own server over the built site, and pages that reload when a build is done."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kiosk import server as web
from kiosk.keeper import VisitKeeper
from kiosk.searching import IndexFind, Search
from kiosk.sessions import Holder, Sessions
from kiosk.shell import Shell
from kiosk.site import SiteError, SiteInfo, read_info
from kiosk.visit import Timing

MACHINE = 3
NEVER = 3600
POLL_SECONDS = 0.4
SCRIPT = '<script type="module" src="/preview/reload.js"></script></head>'
RELOAD = """
let known;
async function look() {
  try {
    const version = await (await fetch("/preview/version", { cache: "no-store" })).text();
    if (known !== undefined && version !== known) location.reload();
    known = version;
  } catch { /* the preview was ended; the page stays as it is */ }
  setTimeout(look, 500);
}
look();
"""


class _WebShell(Shell):
    """Shows pages as the web has them, with the script that reloads them."""

    def dress(self, html: str, lang: str | None) -> str:  # noqa: ARG002, the kiosk's signature
        """Return the page with the reloading script."""
        return html.replace("</head>", SCRIPT, 1)


class _KioskShell(Shell):
    """Shows pages as the kiosk has them, with the script that reloads them."""

    def dress(self, html: str, lang: str | None) -> str:
        """Return the page in the kiosk's frame with the reloading script."""
        return super().dress(html, lang).replace("</head>", SCRIPT, 1)


class _Reloading:
    """Answers what the script asks; everything else is the server's."""

    def __init__(self, app: ASGIApp) -> None:
        self.version = 0
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answers = {"/preview/version": (str(self.version), "text/plain"), "/preview/reload.js": (RELOAD, "text/javascript")}
        found = answers.get(scope.get("path", ""))
        app: ASGIApp = self._app if found is None else _uncached(*found)
        await app(scope, receive, send)


def _uncached(text: str, kind: str) -> Response:
    return PlainTextResponse(text, media_type=kind, headers={"cache-control": "no-store", "x-content-type-options": "nosniff"})


def preview(
    site: Path, index: Path, watched: Iterable[Path], rebuild: Callable[[], str], *, port: int, as_kiosk: bool = False
) -> int:
    """Serve the site until interrupted; whenever a watched file changes, build again and reload the open pages.

    `rebuild` returns what to tell the writer; it never raises for content errors.
    """
    watch = list(watched)
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell starts background jobs deaf to SIGINT
        signal.signal(number, signal.default_int_handler)
    try:
        info = _first_build(site, watch, rebuild)
        sock = web.bind(port)
    except KeyboardInterrupt:
        return 0
    except web.PortInUseError as error:
        print(str(error).replace("in kiosk.toml", "with --port"), file=sys.stderr, flush=True)
        return MACHINE
    sessions = Sessions()
    app = _Reloading(_application(site, info, sessions, IndexFind(index), sock.getsockname()[1], as_kiosk=as_kiosk))
    server = web.Server(sock, app)
    server.start()
    key = f"?key={sessions.issue(Holder.PRINTED)}" if as_kiosk else ""
    print(f"ready: http://{server.host}/{key}", flush=True)
    try:
        _watch(watch, lambda: _again(rebuild, app))
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()
    return 0


def _first_build(site: Path, watch: list[Path], rebuild: Callable[[], str]) -> SiteInfo:
    """Build until there is a site to show; a writer whose first page has an error mends it while the preview waits."""
    print(rebuild(), file=sys.stderr, flush=True)
    while True:
        last = _stamps(watch)
        try:
            return read_info(site)
        except SiteError:
            print(
                "There is nothing to show yet. Mend the errors above: the preview goes on when you save.",
                file=sys.stderr,
                flush=True,
            )
        while _stamps(watch) == last:
            threading.Event().wait(POLL_SECONDS)
        print(rebuild(), file=sys.stderr, flush=True)


def _application(site: Path, info: SiteInfo, sessions: Sessions, find: IndexFind, port: int, *, as_kiosk: bool) -> ASGIApp:
    shell = (_KioskShell if as_kiosk else _WebShell)(info, attract=False)
    # A writer who reads for long is no shopper who has gone: the visit of a preview hardly ends.
    parts = web.Parts(site, shell, sessions, VisitKeeper(Timing(NEVER, NEVER, 100)), Search(find))
    return web.create_app(parts, port)


def _again(rebuild: Callable[[], str], app: _Reloading) -> None:
    print(rebuild(), file=sys.stderr, flush=True)
    app.version += 1


def _watch(folders: list[Path], changed: Callable[[], None]) -> None:
    """Call `changed` after each change of a file, until interrupted."""
    wait = threading.Event()
    last = _stamps(folders)
    while not wait.wait(POLL_SECONDS):
        now = _stamps(folders)
        if now != last:
            last = now
            changed()


def _stamps(folders: list[Path]) -> dict[str, tuple[int, int]]:
    found = {}
    for folder in folders:
        for path in [folder, *folder.rglob("*")] if folder.is_dir() else [folder]:
            try:
                stat = path.stat()
            except OSError:  # an editor's temporary file, gone between listing and looking
                continue
            found[str(path)] = (stat.st_mtime_ns, stat.st_size)
    return found
