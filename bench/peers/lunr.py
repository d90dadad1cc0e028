"""lunr as Material for MkDocs sets it: its own worker, its own plugin's search_index.json, its defaults, in Chromium."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import material
from material.plugins.search.plugin import SearchIndex

from bench.engines import Indexed
from bench.engines_browser import InChromium, depth
from bench.machine import BenchError
from bench.search_pages import blocks, page_name, page_number
from bench.search_sets import QuerySet, SetDocument
from bench.tab import PROCESS

TEMPLATES = Path(material.__file__).parent / "templates"
SETTING = re.compile(r'"search\.config\.(lang|pipeline|separator)": "(.*?)",?$', re.MULTILINE)
FIELDS = {"title": {"boost": 1e3}, "text": {"boost": 1.0}, "tags": {"boost": 1e6}}
"""The plugin's own defaults."""


class MaterialLunr(InChromium):
    """Material's search."""

    name = "lunr-material"
    CLOCK = PROCESS
    # 0 set up, 1 ready, 2 query, 3 result: the messages between Material's page and its worker.
    OPEN = """async (script) => {
      const worker = new Worker(script);
      const said = (wanted) => new Promise((resolve, reject) => {
        worker.onerror = (error) => reject(new Error(error.message));
        worker.onmessage = ({ data }) => { if (data.type === wanted) resolve(data.data); };
      });
      window.engine = { ask: (text) => { const answer = said(3); worker.postMessage({ type: 2, data: text }); return answer; } };
      const { config, docs } = await (await fetch("/search/search_index.json")).json();
      const ready = said(1);
      worker.postMessage({ type: 0, data: { config, docs, options: { suggest: false } } });
      await ready;
    }"""
    ASK = depth("async (text) => (await engine.ask(text)).items.slice(0, DEPTH).map((group) => group[0].location)")

    def make(self, queries: QuerySet, site: Path, folder: Path) -> tuple[Indexed, Path]:  # noqa: ARG002, makes pages of its own
        """Write the plugin's file; the index itself is made anew in each reader's browser."""
        scripts = "assets/javascripts"
        shutil.copytree(TEMPLATES / scripts / "workers", folder / scripts / "workers", ignore=shutil.ignore_patterns("*.map"))
        shutil.copytree(TEMPLATES / scripts / "lunr", folder / scripts / "lunr")
        worker = next((folder / scripts / "workers").glob("search.*.min.js"), None)
        if worker is None:
            raise BenchError(f"{self.name}: this version of Material has no search worker")
        self.given = [f"/{worker.relative_to(folder).as_posix()}"]
        began = time.process_time()
        index = SearchIndex(**_settings(queries.language))
        for number, document in enumerate(queries.documents):
            index.add_entry_from_context(_page(document, page_name(number)))
        file = folder / "search/search_index.json"
        file.parent.mkdir()
        file.write_text(index.generate_search_index(None), encoding="utf-8")
        return Indexed(time.process_time() - began, file.stat().st_size), folder

    def page(self, given: Any) -> str:
        """Return the id behind an address."""
        return self._ids[page_number(str(given))]


def _settings(language: str) -> dict[str, Any]:
    """Return what Material's texts of a language say of search; what they leave out is as in English."""
    said: dict[str, str] = {}
    for code in ("en", language):
        file = TEMPLATES / "partials/languages" / f"{code}.html"
        if file.is_file():
            said |= {"pipeline": "stopWordFilter"} | dict(SETTING.findall(file.read_text(encoding="utf-8")))
    pipeline = [name for name in re.split(r"\s*,\s*", said["pipeline"]) if name]
    separator = said["separator"].encode().decode("unicode_escape") if said["separator"].isascii() else said["separator"]
    return {"lang": [said["lang"]], "separator": separator, "pipeline": pipeline, "fields": FIELDS}


def _page(document: SetDocument, url: str) -> SimpleNamespace:
    """Return a page as MkDocs hands it to the plugin."""
    content = f"<h1>{_escaped(document.title)}</h1>\n" + "\n".join(blocks(document.text))
    return SimpleNamespace(meta={}, content=content, toc=[], url=url, title=document.title)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
