"""The same guides under stock Material: the peer's site, its pages, and the links that a reader finds there.

It gets what is best for it: one hub for each stage, and a nav of one page, because Material repeats the nav in every page. Each
guide begins with a link to the start, as ours has one in its bar: at a kiosk's width Material's own hides in a drawer.
"""

from __future__ import annotations

import posixpath
import shutil
import sys
from pathlib import Path
from typing import Any

import yaml

from bench.built import GUIDE, HOME, HUB, OTHER, Page
from guides.engine.extension import extensions
from guides.settings import Settings

COPIED = "guides"
ENVIRONMENT = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
SNIPPETS = "pymdownx.snippets"


def write_peer(settings: Settings, guides: list[Page], folder: Path) -> list[Page]:
    """Write the peer's Markdown and settings; return the pages that it will have."""
    docs = folder / "docs"
    others = {"products", "snippets", *settings.languages[1:]} if not settings.foreign else set()
    shutil.copytree(settings.content, docs / COPIED, ignore=shutil.ignore_patterns(*others, ".*"))
    prefix = COPIED if settings.foreign else f"{COPIED}/{settings.source_language}"
    sources = {page.guide: f"{prefix}/{page.guide}.md" for page in guides}
    for source in sources.values():
        _lead_home(docs / source, posixpath.relpath("index.md", posixpath.dirname(source)))
    stages = _stages(guides)
    for stage, inside in stages.items():
        links = [f"- [{page.title}](../{sources[page.guide]})" for page in inside]
        _write(docs / f"stages/{stage}.md", f"# {stage.capitalize()}\n\n[Home](../index.md)\n\n" + "\n".join(links) + "\n")
    hubs = [f"- [{stage.capitalize()}](stages/{stage}.md)" for stage in stages]
    _write(docs / "index.md", f"# {settings.site_name}\n\n" + "\n".join(hubs) + "\n")
    _write(folder / "mkdocs.yml", yaml.safe_dump(_settings(settings), allow_unicode=True, sort_keys=False))
    return [
        Page("/index.html", "home", HOME),
        *(Page(f"/stages/{stage}.html", "stage", HUB, size=len(inside)) for stage, inside in stages.items()),
        *(
            Page("/" + sources[page.guide].removesuffix(".md") + ".html", page.type, GUIDE, page.guide, pictures=page.pictures)
            for page in guides
        ),
        Page("/404.html", "404", OTHER),
    ]


def peer_command(folder: Path) -> list[str]:
    """Return what builds the peer into `site` below its folder."""
    return [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(folder / "mkdocs.yml"), "-d", str(folder / "site")]


def _stages(guides: list[Page]) -> dict[str, list[Page]]:
    found: dict[str, list[Page]] = {}
    for page in guides:
        found.setdefault(page.stage or "guides", []).append(page)
    return dict(sorted(found.items()))


def _settings(settings: Settings) -> dict[str, Any]:
    known, _ = extensions(settings, settings.source_language)
    # Ours reads snippets by a class of its own; the peer has the one that it is made after. Options that are code stay away.
    plain = {
        SNIPPETS if name.endswith(".snippets") else name: {key: value for key, value in options.items() if not callable(value)}
        for name, options in known.items()
    }
    if SNIPPETS in plain:
        plain[SNIPPETS]["check_paths"] = False
    return {
        "site_name": settings.site_name,
        "use_directory_urls": False,
        "nav": ["index.md"],
        "not_in_nav": "*.md",
        "theme": {"name": "material", "font": False},
        "markdown_extensions": [{name: options} if options else name for name, options in plain.items()],
    }


def _lead_home(path: Path, home: str) -> None:
    """Put a link to the start under the title, which Material makes from the front matter."""
    text = path.read_text(encoding="utf-8-sig")
    end = text.find("\n---", 3) if text.startswith("---") else -1
    at = text.find("\n", end + 4) + 1 if end >= 0 else 0
    _write(path, f"{text[:at]}\n[Home]({home})\n\n{text[at:]}")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
