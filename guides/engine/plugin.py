"""The MkDocs plugin: feeds a plan of pages into a MkDocs run and sees to what comes out of Markdown.

It works in `mkdocs build` and `mkdocs serve` too, for one language; our driver gives it a plan of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.config.base import Config
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files

from guides.engine.every_page import EveryPage
from guides.engine.extension import MediaExtension, extensions
from guides.engine.links import LinkResolver
from guides.engine.media import prepare_media
from guides.engine.outside import box_outside
from guides.engine.page import LanguagePlan, Planned, up
from guides.engine.policy import content_security_policy, sanitise
from guides.engine.shop import plan_shop
from guides.engine.shop_css import SHOP_CSS, shop_css
from guides.engine.unbroken import whole_models, whole_units
from guides.engine.warnings import engine_problem
from guides.files import is_own, walk
from guides.library import load_library
from guides.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

    from guides.problems import Problem

log = get_plugin_logger("helpstand")


@dataclass(frozen=True)
class Run:
    """One language's MkDocs run."""

    settings: Settings
    plan: LanguagePlan
    root: str
    """Way from the language's folder to the site's: `..`, or `.` where one language is the whole site."""
    report: Callable[[Problem], None]


class PluginConfig(Config):  # type: ignore[no-untyped-call]
    """The plugin has no options; `extra.helpstand` in mkdocs.yml has them, for every command."""


class HelpstandPlugin(BasePlugin[PluginConfig]):  # type: ignore[no-untyped-call]
    """Puts the library's pages and hubs into MkDocs in place of the files it found."""

    def __init__(self) -> None:
        super().__init__()
        self.run: Run | None = None
        self._targets: frozenset[str] = frozenset()
        self._extensions: dict[str, dict[str, dict[str, Any]]] = {}

    @property
    def _run(self) -> Run:
        if self.run is None:
            raise RuntimeError("on_config has not run")
        return self.run

    @cached_property
    def _every_page(self) -> EveryPage:
        folder = f"{self._run.plan.language}/" if self._run.root == ".." else ""
        return EveryPage(self._run.settings, self._run.plan, folder)

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Set everything that a right build depends on, whatever mkdocs.yml says."""
        if self.run is None:
            self.run = _plain_run(Path(config.config_file_path))
        run = self.run
        chosen, _ = extensions(run.settings, run.plan.language)
        config["markdown_extensions"] = list(chosen)
        config["mdx_configs"] = chosen
        config.use_directory_urls = False
        config.theme["language"] = run.plan.language
        config.theme.static_templates = set()
        config.extra["csp"] = content_security_policy(header=False, desk=run.settings.look.desk)
        config.extra["t"] = run.plan.texts
        config.extra["dir"] = run.plan.direction
        config.extra["language"] = run.plan.language
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Keep the documents' own pictures, take the pages from the plan, and leave the theme's bundle out."""
        kept = [file for file in files if not file.is_documentation_page() and self._is_wanted(file, config)]
        pages = [File.generated(config, src, content=page.markdown) for src, page in self._run.plan.pages.items()]
        shared = self._shared(config) if self._run.root == "." else ()
        found = Files([*kept, *pages, *shared])
        self._targets = frozenset(file.dest_uri for file in found)
        return found

    def _shared(self, config: MkDocsConfig) -> Iterator[File]:
        """Yield the pictures and the shop's colours, which our driver writes once for all languages."""
        yield File.generated(config, SHOP_CSS, content=shop_css(self._run.settings.look))
        content = self._run.settings.content
        for path in sorted(walk(self._run.settings.media)):
            if is_own(path, content):
                yield File(path.relative_to(content).as_posix(), str(content), config.site_dir, use_directory_urls=False)

    def _is_wanted(self, file: File, config: MkDocsConfig) -> bool:
        if file.src_dir == config.docs_dir:
            return self._run.settings.foreign and not file.src_uri.endswith((".html", ".htm", ".js", ".css"))
        # In a run of our driver the theme's files are copied once, for all languages; Material's never are.
        return self._run.root == "." and file.src_uri.startswith("assets/") and Path(file.src_dir or "") == _theme_folder(config)

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:  # noqa: ARG002
        """Escape everything that templates print; MkDocs' own environment does not."""
        env.autoescape = True
        env.filters["whole_models"] = whole_models
        return env

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002
        """Hand over the page's facts, in one key that any engine could carry as front matter."""
        planned = self._planned(page)
        root = self._root_of(planned)
        page.meta = {
            "title": planned.title,
            "template": planned.template,
            "hs": {**planned.facts, **self._every_page.facts(planned), "root": root, "up": up(planned.url)},
        }
        page.canonical_url = self._every_page.canonical(planned)
        config["mdx_configs"] = self._extensions_of(planned.facts["article"]["lang"])
        config["markdown_extensions"] = [*config["mdx_configs"], MediaExtension(planned.src, self._run.plan.language)]
        return planned.markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002
        """Sanitise what Markdown made, box what lies outside, and resolve every link."""
        planned = self._planned(page)
        if html:
            html = self._finished(html, planned, page)
        page.meta["hs"]["schema"] = self._every_page.schema(planned, html)
        return html

    def _finished(self, html: str, planned: Planned, page: Page) -> str:
        clean, refused = sanitise(html)
        for item in refused:
            self._report(planned, "html-refused", item.message, item.needle)
        boxed = box_outside(clean, self._run.plan.texts)
        root = self._root_of(planned)
        resolver = LinkResolver(
            planned.url, self._targets, lambda name: f"{up(planned.url)}/person.html#{name}", lambda path: f"{root}/media/{path}"
        )
        resolved = resolver.resolve(boxed)
        for dead in resolver.dead:
            self._report(planned, "link-dead", f"'{dead.address}' leads nowhere: there is no such page or file", dead.address)
        page.meta["hs"]["own_heading"] = "<h1" in resolved
        return whole_units(resolved)

    def _extensions_of(self, language: str) -> dict[str, dict[str, Any]]:
        """Return the extensions for words in a language: an untranslated page takes its own snippets, but the reader's boxes."""
        if language not in self._extensions:
            self._extensions[language] = extensions(self._run.settings, language, self._run.plan.language)[0]
        return self._extensions[language]

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Prepare pictures and films; our driver does it once for all languages."""
        if self._run.root == ".":
            for found in prepare_media(self._run.settings, {"": self._run.plan}, Path(config.site_dir)).problems:
                self._run.report(found)

    def _planned(self, page: Page) -> Planned:
        return self._run.plan.pages[page.file.src_uri]

    def _root_of(self, planned: Planned) -> str:
        """Return the way from a page to the site's root."""
        way = up(planned.url)
        return way if self._run.root == "." else f"{way}/..".removeprefix("./")

    def _report(self, planned: Planned, rule: str, message: str, needle: str) -> None:
        self._run.report(engine_problem(planned.source or planned.src, line_of(planned, needle), rule, message))


def line_of(planned: Planned, needle: str) -> int:
    """Return the line of the writer's file that holds a text; the first of the body where none does."""
    folded = needle.casefold().strip()
    for number, line in enumerate(planned.markdown.splitlines(), planned.body_line):
        if folded and folded in line.casefold():
            return number
    return planned.body_line


def _theme_folder(config: MkDocsConfig) -> Path:
    return Path(config.theme.custom_dir or "")


def _plain_run(config_file: Path) -> Run:
    """Return the run for a plain `mkdocs build`: the source language alone."""
    settings = load_settings(config_file)
    library, problems = load_library(settings)
    for found in problems:
        log.warning(str(found))
    plan = plan_shop(settings, library)[settings.source_language]
    alone = LanguagePlan(plan.language, plan.direction, plan.texts, {src: _alone(page) for src, page in plan.pages.items()})
    return Run(settings, alone, ".", lambda found: log.warning(str(found)))


def _alone(page: Planned) -> Planned:
    facts: dict[str, Any] = {key: value for key, value in page.facts.items() if key != "alternates"}
    return Planned(page.src, page.template, page.title, page.markdown, facts, page.source, page.body_line, page.summary)
