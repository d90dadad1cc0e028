"""A tab of a running Chromium that a search engine's script runs in; it tells the CPU time of its process."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bench.host import Host
from bench.machine import BenchError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BLANK = "blank.html"
PAGE_MS = 180_000
THREAD, PROCESS = "ThreadTime", "ProcessTime"
"""Clocks of Chromium: of the page's own thread, to the microsecond; of all threads, workers too, in steps of 10 ms."""


class Tab:
    """An empty page of a site, with nothing in its cache."""

    def __init__(self, browser: Browser, host: Host, clock: str = THREAD, path: str = BLANK) -> None:
        self._host, self._clock = host, clock
        self._context = browser.new_context()
        self._context.set_default_timeout(PAGE_MS)
        self.page = self._context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._devtools = self._context.new_cdp_session(self.page)
        self._devtools.send("Performance.enable")
        self.page.goto(f"{host.origin}/{path}")
        host.sent.clear()

    def run(self, script: str, *values: Any) -> Any:
        """Run a function on the page; what goes in and out is JSON, so half characters survive. Raises BenchError."""
        from playwright.sync_api import Error  # noqa: PLC0415, only what runs in a browser needs it

        # Text of plain letters on the way, because the browser's own wire has no half characters.
        wrapped = f"async (given) => JSON.stringify(await ({script})(...JSON.parse(given)) ?? null)"
        try:
            return json.loads(self.page.evaluate(wrapped, json.dumps(values)))
        except Error as error:
            raise BenchError(f"a script in Chromium failed: {error.message[:500]}") from None

    def cpu_ms(self) -> float:
        """Return the CPU time that the page's thread, or its process, has had so far."""
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == self._clock)) * 1000

    def timed(self, script: str, texts: Sequence[str]) -> list[tuple[Any, float]]:
        """Run a function for each text; return what it gave and its CPU time."""
        found = []
        idle = self._idle()
        for text in texts:
            before = self.cpu_ms()
            given = self.run(script, text)
            found.append((given, max(0.0, self.cpu_ms() - before - idle)))
        return found

    def _idle(self) -> float:
        """Return what the asking itself takes, the least of a few, so that it is not charged to the engine."""
        costs = []
        for _ in range(5):
            before = self.cpu_ms()
            self.run("() => []")
            costs.append(self.cpu_ms() - before)
        return min(costs)

    @property
    def sent(self) -> int:
        """The bytes that the host sent to this tab, as long as they were on the line."""
        time.sleep(0.05)  # the host notes an answer after its last byte
        return sum(one.size for one in self._host.sent)

    def close(self) -> None:
        """Close the tab."""
        self._context.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def blank(site: Path) -> None:
    """Put an empty page into a site, for tabs."""
    (site / BLANK).write_text(
        '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Search</title>', "utf-8"
    )
