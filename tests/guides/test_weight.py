"""Pages that would keep the engine busy for minutes are told, and the slowest that are not told build soon."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from guides.engine.driver import build_site
from guides.library import load_library
from guides.settings import load_settings
from guides.snippets import Line
from guides.weight import heavy

MakeSite = Callable[[dict[str, str | bytes]], Path]
Told = Callable[[Path], list[str]]
HEAD = "---\ntitle: A title\ntype: guide\nproduct: kettle\nstage: use\nreview_by: 2036-11-30\n---\n\n"
PAGE = "content/en/kettle/a.md"
BRACKETS = "too many [ or ( are not closed, or closed only far away. Close them, or put a \\ before each"
TAGS = "too many < on the page are not closed by >. Close the tags, or write &lt;"
NESTED = "more than 100 HTML tags stand in one another here. Close them, or write it in Markdown"
LONG = "the line has {} characters, the limit is 20,000. Break it, or make a list of it"
INDENT = "the line is nested more than 100 levels deep. Indent it less"


def lines(text: str) -> list[Line]:
    """Return a text as lines of a page."""
    return [Line(line, number, "a.md", number) for number, line in enumerate(text.split("\n"), 1)]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Fine.\n\n" + "<div>" * 3_000, 3, NESTED),
        ("<b>" * 3_000, 1, NESTED),
        ("Fine.\n\n" + "[" * 20_000, 3, BRACKETS),
        ("[" * 9_000 + "]" * 9_000, 1, BRACKETS),
        ("[a\n" * 20_000, 1, BRACKETS),
        ("![a](" * 3_000, 1, BRACKETS),
        ("<x-y " * 3_000, 1, TAGS),
        ("<!-- " * 3_000, 1, TAGS),
        ("word " * 5_000, 1, LONG.format("25,000")),
        ("- a\n\n" + " " * 404 + "- b", 3, INDENT),
        ("> " * 101 + "a", 1, INDENT),
        ("|a" * 301 + "\n" + "|-" * 301, 1, "the table has more than 300 columns. Make several tables of it"),
        ("|a" * 100 + "\n" + "|-" * 100 + "\n|a" * 600, 501, "the table has more than 50,000 cells. Make several tables of it"),
        (
            "*[a]: b\n" * 2_000,
            1,
            "the page has 2,000 abbreviations for this much text. Keep those that readers need",
        ),
    ],
)
def test_what_makes_a_page_too_heavy(text: str, line: int, message: str) -> None:
    """Each with its line and its cure, and found at once."""
    started = time.process_time()
    found = heavy(lines(text))
    assert found is not None
    assert (found.line.number, found.message) == (line, message)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "text",
    [
        "<p>" * 500 + "\n\n" + "<li>one\n" * 500,
        "<b>a</b> " * 2_000,
        "std::vector<std::string>\n" * 500,
        "[a](b.md) (c) [d] [^1]\n" * 5_000,
        "x = a[0] < b[1]\n" * 5_000,
        "|a|b|c|\n" * 3_000,
        "A smile :-( and a [ here.\n\n" * 10_000,
        "word " * 3_900,
        "",
    ],
)
def test_long_pages_of_ordinary_text_are_not_heavy(text: str) -> None:
    """A false alarm here would keep a page from its readers."""
    assert heavy(lines(text)) is None


def test_a_heavy_page_is_an_error_and_nothing_else_is_said_of_it(make_site: MakeSite, told: Told) -> None:
    """All that a rule could say of such a page is noise."""
    assert told(make_site({PAGE: HEAD + "[" * 20_000})) == [f"error page-too-heavy {PAGE}:9: {BRACKETS}"]


def test_snippets_that_include_each_other_end(make_site: MakeSite, told: Told) -> None:
    """A thousand times a thousand lines are a page that is too heavy, not a check that never ends."""
    parts: dict[str, str | bytes] = {f"content/snippets/{n}.md": f'--8<-- "{n + 1}.md"\n' * 1_000 for n in range(4)}
    words: dict[str, str | bytes] = {PAGE: HEAD + '--8<-- "0.md"\n', "content/snippets/4.md": "Many words are here.\n"}
    started = time.process_time()
    found = told(make_site({**parts, **words}))
    cure = "the page has more than 2,000 snippets, or 2 MB with them. Include fewer of them"
    assert [line for line in found if "page-too-heavy" in line] == [f"error page-too-heavy {PAGE}:8: {cure}"]
    assert time.process_time() - started < 10


def test_a_heavy_page_of_others_is_left_out_with_a_warning(tmp_path: Path) -> None:
    """The other pages of the site are built."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: Theirs\n")
    (tmp_path / "docs/index.md").write_text("# Home\n\n[bad](bad.md)\n")
    (tmp_path / "docs/bad.md").write_text("# Bad\n\n" + "<div>\n" * 5_000)
    settings = load_settings(tmp_path / "mkdocs.yml")
    library, problems = load_library(settings)
    assert [guide.id for guide in library.guides] == ["index"]
    assert [f"{found.severity} {found}" for found in problems] == [
        f"warning docs/bad.md:103: {NESTED}. The page is left out",
    ]
    site = tmp_path / "site"
    site.mkdir()
    assert build_site(settings, library, site, date(2026, 11, 22)).pages


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100 + "x" * 19_800,
        "[a " * 100 + "x" * 19_600,
        "![a](" * 90 + "x" * 19_500,
        "[a][" * 90 + "x" * 19_500,
        "<x-y " * 600,
        "<div>" * 99,
        "a `" * 6_000,
        "*a **b _c " * 1_900,
        "|a" * 300 + "\n" + "|-" * 300 + "\n|a" * 160,
        "\n\n".join(" " * 4 * depth + "- a" for depth in range(100)),
        "\n\n".join(" " * 4 * depth + "!!! note" for depth in range(100)),
        "*[a1]: b\n" * 300 + "a1 word " * 2_400,
    ],
)
def test_the_slowest_accepted_pages_build_soon(make_site: MakeSite, tmp_path: Path, text: str) -> None:
    """The bounds are where a page takes seconds, not minutes."""
    settings = load_settings(make_site({PAGE: HEAD + text, PAGE.replace("/en/", "/de/"): HEAD}))
    library, problems = load_library(settings)
    assert problems == []
    site = tmp_path / "out"
    site.mkdir()
    started = time.process_time()
    build_site(settings, library, site, date(2026, 11, 22))
    assert time.process_time() - started < 15
