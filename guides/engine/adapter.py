"""One MkDocs run from Python: its configuration made by us, its warnings caught and counted."""

from __future__ import annotations

import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

if os.environ.get("HELPSTAND_ENGINE") == "properdocs":
    import properdocs.replacement  # noqa: F401  must come before anything imports mkdocs

from typing import TYPE_CHECKING

from mkdocs.commands.build import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from guides.engine.plugin import HelpstandPlugin, Run, line_of
from guides.engine.staging import stage_files
from guides.engine.warnings import engine_problem

if TYPE_CHECKING:
    from guides.engine.page import LanguagePlan
    from guides.problems import Problem

THEME = Path(__file__).resolve().parents[2] / "theme" / "site"
LOGGERS = ("mkdocs", "properdocs")
_PAGE = re.compile(r"Doc file '(?P<src>[^']+)' contains (?P<what>.*)", re.DOTALL)
_TARGET = re.compile(r"link '([^']*)'")


class EngineError(Exception):
    """MkDocs could not build; the text is its own."""


@dataclass(frozen=True)
class _Collector:
    messages: list[str]

    def handler(self) -> logging.Handler:
        messages = self.messages

        class Handler(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                messages.append(record.getMessage())

        return Handler(level=logging.WARNING)


def run_mkdocs(run: Run, site: Path) -> list[Problem]:
    """Build one language into a folder; return MkDocs' own warnings with file and line. Raises EngineError."""
    with TemporaryDirectory(prefix="helpstand-docs-") as docs:
        stage_files(run.settings, Path(docs))
        return _build(run, _configuration(run, Path(docs), site))


def _build(run: Run, config: MkDocsConfig) -> list[Problem]:
    collected = _Collector([])
    handler = collected.handler()
    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
    except MkDocsException as error:
        raise EngineError("\n".join([*collected.messages, str(error)])) from error
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    return [_as_problem(message, run.plan) for message in collected.messages]


def _configuration(run: Run, docs: Path, site: Path) -> MkDocsConfig:
    settings, language = run.settings, run.plan.language
    config = MkDocsConfig(config_file_path=str(settings.config_file))
    config.load_dict(
        {
            "site_name": settings.site_name,
            "site_url": f"{settings.site_url}{language}/" if settings.site_url else "",
            "docs_dir": str(docs),
            "site_dir": str(site),
            "use_directory_urls": False,
            "theme": {"name": "material", "custom_dir": str(THEME), "font": False},
            "plugins": ["helpstand"],
            "nav": [],
            "not_in_nav": "*",
            # The library has left out what the site excludes; no pattern, nor MkDocs' own, must meet the pages that we make.
            "exclude_docs": "!/templates/",
            "validation": {
                "links": {"not_found": "warn", "anchors": "warn", "unrecognized_links": "warn", "absolute_links": "info"}
            },
        }
    )
    errors, warnings = config.validate()
    if errors:
        raise EngineError("\n".join(f"{settings.shown(settings.config_file)}: {key}: {message}" for key, message in errors))
    plugin = config.plugins["helpstand"]
    if not isinstance(plugin, HelpstandPlugin):
        raise EngineError("the installed MkDocs plugin 'helpstand' is not this one. Cure: start again with ./helpstand")
    plugin.run = run
    del warnings  # MkDocs warns of settings that we do not take from the user
    return config


def _as_problem(message: str, plan: LanguagePlan) -> Problem:
    """Turn a warning of MkDocs into one of ours: the writer's file, the line of the link, the rest as MkDocs says it."""
    found = _PAGE.match(message)
    page = plan.pages.get(found["src"]) if found else None
    if not found or page is None:
        return engine_problem("mkdocs.yml", 1, "engine-warning", message)
    target = _TARGET.search(found["what"])
    return engine_problem(page.source or page.src, line_of(page, target[1] if target else ""), "engine-link", found["what"])
