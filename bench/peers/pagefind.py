"""Pagefind over the built pages, in Chromium, with its defaults; a reader sees five results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.engines import Indexed, size_of
from bench.engines_browser import InChromium, depth
from bench.machine import BenchError
from bench.peers import node_folder
from bench.process import measure
from bench.search_pages import page_number
from bench.search_sets import QuerySet

RESULTS = """async (text) => {
  const { results } = await engine.search(text);
  return Promise.all(results.slice(0, COUNT).map(async (result) => (await result.data()).url));
}"""


class Pagefind(InChromium):
    """Pagefind."""

    name = "pagefind"
    OPEN = """async () => {
      window.engine = await import("/pagefind/pagefind.js");
      await engine.init();
    }"""
    ASK = depth(RESULTS.replace("COUNT", "DEPTH"))
    FIRST = RESULTS.replace("COUNT", "5")

    def make(self, queries: QuerySet, site: Path, folder: Path) -> tuple[Indexed, Path]:  # noqa: ARG002, takes pages, not texts
        """Run its own indexer on the pages."""
        program = node_folder() / "node_modules/.bin/pagefind"
        try:
            usage = measure([str(program), "--site", str(site), "--output-path", str(folder / "pagefind")], folder)
        except (RuntimeError, OSError) as error:
            raise BenchError(f"{self.name}: {error}") from None
        return Indexed(usage.cpu_seconds, size_of(folder / "pagefind")), folder

    def page(self, given: Any) -> str:
        """Return the id behind an address."""
        return self._ids[page_number(str(given))]
