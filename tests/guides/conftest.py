"""Small sites for the tests of the content model."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from guides.check import check
from guides.library import load_library
from guides.problems import Problem
from guides.settings import load_settings
from search_index.languages import stop_words

TODAY = date(2026, 11, 22)

CONFIG = "site_name: Test\ndocs_dir: content/en\nextra:\n  helpstand:\n    languages: [en, de]\n"
PRODUCT = "name: Kettle\nmodels: [AK-200, AK-201]\naccessories: [lid-seal]\n"
HEAD = "---\ntitle: A title\ntype: guide\nproduct: kettle\nstage: use\nreview_by: 2036-11-30\n---\n"

Files = dict[str, str | bytes]
MakeSite = Callable[[Files], Path]


@pytest.fixture
def make_site(tmp_path: Path) -> MakeSite:
    """Write files into a new site with one product and return its mkdocs.yml."""

    def make(files: Files) -> Path:
        everything: Files = {"mkdocs.yml": CONFIG, "content/products/kettle.yml": PRODUCT, **files}
        for name, content in everything.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (tmp_path / "content/de").mkdir(exist_ok=True)
        return tmp_path / "mkdocs.yml"

    return make


@pytest.fixture
def broken_files(make_site: MakeSite) -> Path:
    """Make a site of files that no repository can hold: clashing and unprintable names, a huge page, a missing file."""
    config = make_site(
        {
            "content/en/kettle/good.md": HEAD,
            "content/en/kettle/Good.md": HEAD,
            "content/en/kettle/gr\u00f6\u00dfe.md": HEAD,
            "content/en/kettle/gro\u0308\u00dfe.md": HEAD,
            "content/en/kettle/nested.md": HEAD + "\n" + "<div>\n" * 5_000,
            "content/en/kettle/huge.md": HEAD + "A line of text.\n" * 330_000,
            "content/en/kettle/latin.md": HEAD.encode() + b"\nFine.\nCaf\xe9\n",
            "content/en/kettle/zero.md": HEAD + "\nA\0B\n",
            "content/en/kettle/wide.md": HEAD.encode("utf-16"),
        }
    )
    folder = config.parent / "content/en/kettle"
    (folder / "gone.md").symlink_to("nowhere.md")
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "passwd.md").symlink_to("/etc/passwd")
    (folder / "deeper").symlink_to(".")
    Path(os.fsdecode(os.fsencode(folder) + b"/na\xefve.md")).write_text(HEAD)
    return config


def problems_of(config: Path) -> list[Problem]:
    """Return every problem of a site on the test's day."""
    settings = load_settings(config)
    library, problems = load_library(settings)
    return check(settings, library, problems, TODAY, stop_words=stop_words)


def lines_of(config: Path) -> list[str]:
    """Return every problem of a site as lines of `severity rule path:line: message`."""
    return [f"{found.severity} {found.rule} {found}" for found in problems_of(config)]


@pytest.fixture
def told() -> Callable[[Path], list[str]]:
    """Give what `check` tells about a site on the test's day, line by line."""
    return lines_of
