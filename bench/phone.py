"""A phone on a slow line: headless Chromium, throttled as Lighthouse's mobile runs are, with nothing in its cache."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.host import Host, weights
from bench.machine import BenchError, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCREEN = {"width": 390, "height": 844}
DENSITY = 2
SLOWER = 4
"""Times that the processor is slower."""
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
"""Lighthouse's "slow 4G": 1.6 Mbit/s down, 150 ms for each request, as the browser itself slows it (no handshakes counted)."""
OPENING_MS = 1500
"""How long the browser is busy with a new window of its own; a phone has its browser open when somebody taps a link."""
QUIET_MS = 700
"""How long nothing may have been painted or moved before the page counts as done."""
PAGE_MS = 30_000
WATCH = """
(() => {
  const seen = { largest: 0, element: "", shift: 0, moved: [], last: performance.now() }
  window.benchSeen = seen
  const name = (node) => (node?.nodeType === 1 ? [node.localName, ...node.classList].join(".") : "")
  const watch = (type, note) => new PerformanceObserver((list) => {
    seen.last = performance.now()
    list.getEntries().forEach(note)
  }).observe({ type, buffered: true })
  watch("largest-contentful-paint", (entry) => {
    seen.largest = entry.startTime
    seen.element = name(entry.element)
  })
  watch("layout-shift", (entry) => {
    seen.shift += entry.value
    seen.moved.push(...entry.sources.map((source) => name(source.node)))
  })
})()
"""
DONE = """(quiet) => document.readyState === "complete" && document.fonts.status === "loaded"
  && benchSeen.largest > 0 && performance.now() - benchSeen.last > quiet"""


@dataclass(frozen=True)
class Visit:
    """What one load of one page was."""

    largest_paint_s: float
    shift: float
    weight: dict[str, float]
    largest: str
    """The element that was painted last of the large ones."""
    moved: tuple[str, ...]


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run Chromium until the block ends. Raises BenchError when it does not start."""
    from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415, only this bench needs it

    arguments = ["--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to run as root with it
    with sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(executable_path=chromium(), args=arguments, timeout=PAGE_MS)
        except Error as error:
            raise BenchError(f"Chromium did not start: {error.message}") from None
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True)
class Phone:
    """A phone that shows pages in a running browser."""

    browser: Browser

    @property
    def version(self) -> str:
        """The browser's version."""
        return self.browser.version

    def visit(self, host: Host, path: str) -> Visit:
        """Load a page with an empty cache and wait until it rests. Raises BenchError when it does not load."""
        from playwright.sync_api import Error  # noqa: PLC0415

        context = self.browser.new_context(viewport=SCREEN, device_scale_factor=DENSITY, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
        try:
            page = context.new_page()
            page.add_init_script(WATCH)
            page.wait_for_timeout(OPENING_MS)
            _throttle(page)
            host.sent.clear()
            page.goto(f"{host.origin}{path}", wait_until="load", timeout=PAGE_MS)
            page.wait_for_function(DONE, arg=QUIET_MS, timeout=PAGE_MS)
            seen: dict[str, Any] = page.evaluate("benchSeen")
        except Error as error:
            raise BenchError(f"{path}: the browser could not load it: {error.message}") from None
        finally:
            context.close()
        weight = weights(host.sent)
        return Visit(seen["largest"] / 1000, seen["shift"], weight, seen["element"], tuple(filter(None, seen["moved"])))


def _throttle(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", LINE)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
