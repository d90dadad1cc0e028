"""The kiosk under measurement, a process of its own: `python -m bench.kiosk_window kiosk|plain BACKEND SITE INDEX`.

`kiosk` is the kiosk as shops run it; `plain` is the same site in plain pywebview, with nothing of ours around it. In both each
page says by one line of JSON when it has drawn and where its links are. On standard input `end` ends the visit, and `hang` lets
the next page that reports run for ever.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.host import Host
from kiosk.app import Options, run
from kiosk.config import KioskConfig
from kiosk.ladder import Limits
from kiosk.searching import IndexFind
from kiosk.shell import Shell
from kiosk.watcher import Watcher
from kiosk.window import backoff

TAG = '<script type="module" src="/assets/bench.js"></script></head>'
MARK = "bench:"
SCRIPT = """
const told = (what) => encodeURIComponent("bench:" + JSON.stringify({ page: location.pathname, ...what }))
const ask = (what) => fetch("/api/search?lang=en&q=" + told(what))
const middle = (link) => {
  const box = link.getClientRects()[0]
  if (!box) return null
  const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]
  const top = document.elementFromPoint(x, y)
  return top && link.contains(top) ? [link.pathname, x, y] : null
}
async function drawn() {
  await ask({ drawn: Date.now() / 1000 })
  await new Promise((done) => setTimeout(done, 150))
  const links = [...document.querySelectorAll("main a[href$='.html'], .k-bar a[href]")].map(middle).filter(Boolean).slice(0, 3)
  const answer = await (await ask({ links })).json()
  if (answer.did_you_mean === "hang") for (;;);
}
const frames = () => requestAnimationFrame(() => requestAnimationFrame(drawn))
if (document.readyState === "complete") frames()
else addEventListener("load", frames)
"""


class Orders:
    """What was asked for on standard input, and what pages said."""

    def __init__(self, find: IndexFind | None) -> None:
        self._find = find
        self._hang = False
        self.watcher: Watcher | None = None
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            if line.strip() == "hang":
                self._hang = True
            elif line.strip() == "end" and self.watcher is not None:
                self.watcher.visits.end()

    def __call__(self, query: str, lang: str, product: str | None, stage: str | None = None) -> Mapping[str, Any]:
        """Answer a search, or hear a report."""
        if not query.startswith(MARK):
            return self._find(query, lang, product, stage) if self._find else {}
        report = json.loads(query.removeprefix(MARK))
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()
        hang = self._hang and "links" in report
        self._hang = self._hang and not hang
        return {"results": [], "did_you_mean": "hang" if hang else None}


def kiosk(backend: str, site: Path, index: Path) -> int:
    """Run the kiosk until told to end."""
    orders = Orders(IndexFind(index))
    attract = Shell.attract

    def reporting(shell: Shell, lang: str | None = None) -> str:
        return attract(shell, lang).replace("</head>", TAG, 1)

    Shell.attract = reporting  # type: ignore[assignment,method-assign]  # this screen is no file of the site, and must report too
    # So many breakdowns in a row are ours; in a shop the process would be begun anew.
    limits = Limits(breaks=10_000, breaks_within=5.0)
    backoff.CALM_SECONDS = 5.0
    options = Options(orders, limits=limits, started=lambda watcher: setattr(orders, "watcher", watcher))
    return run(KioskConfig.model_validate({"backend": backend}), site, index, options)


def plain(backend: str, site: Path) -> int:
    """Run plain pywebview over a plain server until it is killed."""
    import webview  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415, the kiosk loads it by itself
    from starlette.requests import Request  # noqa: PLC0415
    from starlette.responses import JSONResponse  # noqa: PLC0415

    orders = Orders(None)
    host = Host(site, squeeze=False)
    inner = host._app  # noqa: SLF001, our own

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope.get("path") == "/api/search":
            answer = JSONResponse(orders(Request(scope).query_params["q"], "en", None))
            await answer(scope, receive, send)
        else:
            await inner(scope, receive, send)

    host._app = app  # noqa: SLF001
    with host:
        webview.create_window("Plain", f"{host.origin}/en/index.html", fullscreen=True)
        webview.start(gui=backend)
    return 0


def main(words: list[str]) -> int:
    """Open what was asked for."""
    if words[0] == "plain":
        return plain(words[1], Path(words[2]))
    return kiosk(words[1], Path(words[2]), Path(words[3]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
