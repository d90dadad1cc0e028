"""Every kind of page on every surface, in a real browser: for screenshots, and for tests that walk over all of them."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from kiosk import server as kiosk_server
from kiosk.keeper import VisitKeeper
from kiosk.searching import IndexFind, Search
from kiosk.sessions import Sessions
from kiosk.shell import Shell
from kiosk.site import read_info
from kiosk.visit import Timing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = "/usr/bin/chromium"
STORE = "nordhaven-city"

KINDS = {
    "home": "{lang}/index.html",
    "intent": "{lang}/intents/something-is-wrong.html",
    "product": "{lang}/products/kettle.html",
    "stage": "{lang}/products/kettle/maintain.html",
    "products": "{lang}/products.html",
    "products-a-z": "{lang}/products-a-z.html",
    "products-models": "{lang}/products-models.html",
    "compare": "{lang}/products/lamp/compare.html",
    "guide": "{lang}/kettle/descale.html",
    "error": "{lang}/espresso/error-e1.html",
    "faq": "{lang}/robot/which-floors.html",
    "troubleshooter": "{lang}/espresso/no-coffee.html",
    "question": "{lang}/espresso/no-coffee.html#grind?a=3.1",
    "ending": "{lang}/espresso/no-coffee.html#stop?a=6",
    "menu": "{lang}/menu.html",
    "codes": "{lang}/products/espresso/codes.html",
    "list": "{lang}/all.html",
    "search": "{lang}/search.html?q=AK-200",
    "search-nothing": "{lang}/search.html?q=qqqq",
    "language": "index.html",
    "person": "{lang}/person.html",
    "safety": "{lang}/safety.html",
    "missing": "{lang}/404.html",
    "offline": "{lang}/offline.html",
}
"""A page of each kind in the demo shop."""

ONLY_KIOSK = {"waiting": "?lang={lang}"}
NOT_KIOSK = {"language", "offline"}
"""The kiosk chooses the language on its waiting screen, and is never offline to itself."""

_ANSWERED = """() => {
  const said = document.querySelector("[data-search-page] .search-status")?.textContent
  return said && said !== document.querySelector("[data-search-page] form").dataset.textSearching
}"""

THEMES = ("light", "dark", "contrast")


@dataclass(frozen=True)
class Surface:
    """A screen on which the pages are shown."""

    name: str
    width: int
    height: int
    kiosk: bool = False

    def kinds(self) -> dict[str, str]:
        """Return the kinds of pages that this surface has, with their addresses."""
        if not self.kiosk:
            return KINDS
        return ONLY_KIOSK | {kind: path for kind, path in KINDS.items() if kind not in NOT_KIOSK}


SURFACES = (
    Surface("phone", 390, 844),
    Surface("tablet", 768, 1024),
    Surface("desktop", 1920, 1080),
    Surface("kiosk-portrait", 1080, 1920, kiosk=True),
    Surface("kiosk-landscape", 1920, 1080, kiosk=True),
)


@dataclass(frozen=True)
class Served:
    """Where a built site answers."""

    web: str
    kiosk: str

    def address(self, surface: Surface, kind: str, lang: str) -> str:
        """Return the address of a kind of page."""
        return f"{self.kiosk if surface.kiosk else self.web}/{surface.kinds()[kind].format(lang=lang)}"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(site: Path, index: Path, store: str = STORE) -> Iterator[Served]:
    """Serve a built site as a plain host does and as the kiosk does, until the block ends."""
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    shell = Shell(read_info(site).in_store(store), site)
    search = Search(IndexFind(index))
    parts = kiosk_server.Parts(site, shell, Sessions(), VisitKeeper(Timing()), search)
    sock = kiosk_server.bind(0)
    kiosk = kiosk_server.Server(sock, kiosk_server.create_app(parts, sock.getsockname()[1]))
    kiosk.start()
    try:
        yield Served(f"http://127.0.0.1:{web.server_port}", f"http://{kiosk.host}")
    finally:
        web.shutdown()
        web.server_close()
        kiosk.stop()
        search.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a real Chromium without a screen, until the block ends."""
    with sync_playwright() as playwright:
        # Chromium refuses to run as root with its sandbox, and containers often are root.
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def screen(browser: Browser, surface: Surface, theme: str, **options: Any) -> Iterator[BrowserContext]:
    """Open a browser of a reader who has chosen that theme."""
    chosen = {} if theme == "light" and surface.kiosk else {"theme": theme}
    context = browser.new_context(
        viewport={"width": surface.width, "height": surface.height},
        color_scheme="light",
        reduced_motion="reduce",
        # A reader whose language the demo shop does not have: the page that asks for the language does not lead on by itself.
        locale="fi-FI",
        has_touch=surface.kiosk or surface.width < 1000,
        **options,
    )
    kept = json.dumps(json.dumps(chosen))
    context.add_init_script(
        f"try {{ for (const memory of [localStorage, sessionStorage]) memory.setItem('helpstand-display', {kept}) }} catch {{}}"
    )
    try:
        yield context
    finally:
        context.close()


def settle(page: Page) -> None:
    """Wait until fonts, pictures and what scripts still bring are there."""
    page.wait_for_load_state("load")
    if "q=" in page.url:
        page.wait_for_function(_ANSWERED, timeout=15_000)
    page.evaluate("document.fonts.ready")
    page.evaluate(
        "Promise.all([...document.images].filter((image) => image.getClientRects().length && image.loading !== 'lazy')"
        ".map((image) => image.decode().catch(() => {})))"
    )
