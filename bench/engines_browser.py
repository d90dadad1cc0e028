"""Engines that run in Chromium: ours over its export, and what is common to the peers there."""

from __future__ import annotations

import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.engines import Asked, Indexed, size_of
from bench.host import Host
from bench.machine import BenchError
from bench.measures import DEPTH
from bench.search_sets import QuerySet
from bench.tab import THREAD, Tab, blank
from search_index.export import FOLDER, write_export

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCRIPTS = Path(__file__).resolve().parents[1] / "theme/site/assets/js"


class InChromium(ABC):
    """An engine whose `OPEN` makes it ready on a page and whose `ASK` gives the pages for a text."""

    name = ""
    OPEN = ""
    """A function of `given`: what makes the engine ready. It keeps it as `window.engine`."""
    ASK = ""
    """A function of a text: ids or addresses of the first ten pages."""
    FIRST = ""
    """The same for the first results that a reader sees, with all that is shown of them."""

    CLOCK = THREAD

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.host: Host | None = None
        self._tab: Tab | None = None
        self._ids: list[str] = []
        self.given: list[Any] = []

    @abstractmethod
    def make(self, queries: QuerySet, site: Path, folder: Path) -> tuple[Indexed, Path]:
        """Make the index; return what it took, and the folder to serve."""

    def page(self, given: Any) -> str:
        """Return the id of a page that the script named."""
        return str(given)

    def index(self, queries: QuerySet, site: Path, folder: Path) -> Indexed:
        """Make the index and serve it."""
        self.close()
        indexed, served = self.make(queries, site, folder)
        blank(served)
        self._ids = [document.id for document in queries.documents]
        self.host = Host(served)
        self.host.__enter__()
        return indexed

    def ask(self, texts: Sequence[str]) -> list[Asked]:
        """Ask in one tab that stays open; its first question also pays for what it loads."""
        if self._tab is None:
            self._tab = self.tab()
            self._tab.run(self.OPEN, *self.given)
        return [Asked([self.page(one) for one in found], cpu) for found, cpu in self._tab.timed(self.ASK, texts)]

    def tab(self) -> Tab:
        """Return a new tab with an empty cache."""
        if self.host is None:
            raise BenchError(f"{self.name}: there is no index yet")
        return Tab(self._browser, self.host, self.CLOCK)

    def first(self, text: str) -> tuple[float, float]:
        """Return milliseconds and kB (1000 bytes, gzip) from nothing to the first results."""
        with self.tab() as tab:
            script = f"""async (text, given) => {{
              const began = performance.now();
              await ({self.OPEN})(...given);
              await ({self.FIRST or self.ASK})(text);
              return performance.now() - began;
            }}"""
            milliseconds = float(tab.run(script, text, self.given))
            return milliseconds, tab.sent / 1000

    def close(self) -> None:
        """Close the tab and the host."""
        if self._tab is not None:
            self._tab.close()
            self._tab = None
        if self.host is not None:
            self.host.__exit__()
            self.host = None


class HelpstandInChromium(InChromium):
    """Ours as a plain browser has it: `search.js` over the exported files."""

    name = "helpstand"
    OPEN = """async (folder) => {
      const { Search } = await import("/assets/js/search.js");
      window.engine = await Search.open(folder);
    }"""
    ASK = "async (text) => (await engine.search(text)).results.map((result) => result.id)"
    ANSWERS = """async (texts) => {
      const answers = [];
      for (const text of texts) answers.push(await engine.search(text));
      return answers;
    }"""

    def make(self, queries: QuerySet, site: Path, folder: Path) -> tuple[Indexed, Path]:  # noqa: ARG002, lies in the site
        """Export as `./helpstand build` does, beside the pages."""
        began = time.process_time()
        write_export(site)
        seconds = time.process_time() - began
        shutil.copytree(SCRIPTS, site / "assets/js", dirs_exist_ok=True)
        self.given = [f"/{queries.language}/{FOLDER}"]
        return Indexed(seconds, size_of(site / queries.language / FOLDER)), site

    def answers(self, texts: Sequence[str]) -> list[Any]:
        """Return whole answers, for comparing them with the kiosk's."""
        if self._tab is None:
            self.ask([])
        if self._tab is None:
            raise BenchError("there is no tab")
        found: list[Any] = self._tab.run(self.ANSWERS, list(texts))
        return found


def depth(script: str) -> str:
    """Return a script with the number of results that are measured put in."""
    return script.replace("DEPTH", str(DEPTH))
