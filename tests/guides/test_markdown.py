"""The light, line-true reading of Markdown."""

from __future__ import annotations

from pathlib import Path

import markdown as python_markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown.extensions.toc import TocExtension, slugify_unicode

from guides.markdown import MKDOCS_SLUG, scan
from guides.page import Page, Place


def read(body: str, folders: tuple[Path, ...] = (), root: Path = Path("/")) -> Page:
    """Read a body that begins on line 10."""
    return scan(body, Place("a.md", 10, 10), folders, root)


def test_links_and_pictures_know_their_lines() -> None:
    """A link may run over two lines; a picture may be the text of a link."""
    page = read("One [a\nb](b.md) [c](c.md 'T')\n\n[![alt](d.svg)](e.md)\n\n- ![f](<g h.svg>) [i](j (k).md)\n")
    assert [(link.text, link.target, link.place.line) for link in page.links] == [
        ("a b", "b.md", 10),
        ("c", "c.md", 11),
        ("alt", "e.md", 13),
        ("i", "j (k).md", 15),
    ]
    assert [(picture.text, picture.target, picture.place.line) for picture in page.pictures] == [
        ("alt", "d.svg", 13),
        ("f", "g h.svg", 15),
    ]


@pytest.mark.parametrize(
    "code",
    [
        "```\n{}\n```",
        "~~~~ html\n{}\n~~~\n~~~~",
        "    {}",
        "`{}`",
        "``{} ` ``",
        "1.  A\n\n        {}\n",
        "!!! note\n\n        {}\n",
        "<!-- {} -->",
    ],
)
def test_code_is_nobodys_link(code: str) -> None:
    """What stands in code, or in a comment, is not followed."""
    page = read("Text\n\n" + code.replace("{}", "[a](javascript:x) <script> # b") + "\n\nEnd [x](y.md)\n")
    assert [link.target for link in page.links] == ["y.md"]
    assert page.tags == []
    assert page.headings == []


def test_a_fence_that_is_never_closed_is_no_fence() -> None:
    """Python-Markdown shows what follows, so the rules look at it."""
    assert [tag.name for tag in read("```\n<script>\n").tags] == ["script"]


def test_what_is_indented_under_a_list_or_box_is_read() -> None:
    """Four spaces under a list are its own text, not code."""
    page = read('1.  A\n\n    ![b](b.svg)\n\n    - [c](c.md)\n\n!!! warning "T"\n    [d](d.md)\n\n=== "Tab"\n\n    [e](e.md)\n')
    assert [link.target for link in page.links] == ["c.md", "d.md", "e.md"]
    assert [(step.text, step.pictures) for step in page.steps] == [("A", 1)]
    assert [(box.kind, box.place.line) for box in page.boxes] == [("warning", 16)]


BODY = "## Über uns\n\n## Fan (`speed_max`)\n\n### Two\n\n## Two {#deux .x}\n\n## Two\n\n## deux\n\n"
BODY += "Setext\n------\n\n## A [link](b.md) &amp; *more*\n\n## 2.4 GHz / 5\n"


def test_ids_of_headings_are_those_of_the_engine() -> None:
    """The IDs are compared with Python-Markdown's own."""
    extension = TocExtension(slugify=slugify_unicode)
    engine = python_markdown.Markdown(extensions=[extension, "attr_list"])
    html = engine.convert(BODY)
    ours = [heading.id for heading in read(BODY).headings]
    assert ours == [part.split('"')[0] for part in html.split(' id="')[1:]]
    plain = scan("## Über uns\n", Place("a.md", 1, 1), (), Path("/"), MKDOCS_SLUG)
    assert [heading.id for heading in plain.headings] == ["uber-uns"]


def test_snippets_come_in_with_their_own_lines(tmp_path: Path) -> None:
    """A problem in a shared text is told where it is typed, and only there."""
    (tmp_path / "snippets/en").mkdir(parents=True)
    (tmp_path / "snippets/en/a.md").write_text("First\n\n[a](a.md)\n")
    (tmp_path / "snippets/b.md").write_text('--8<-- "b.md"\n')
    folders = (tmp_path / "snippets/en", tmp_path / "snippets")
    page = read('Text\n\n--8<-- "a.md"\n\n--8<-- "b.md"\n--8<-- "../secret.md"\n--8<-- "/etc/passwd"\n', folders, tmp_path)
    assert [link.place for link in page.links] == [Place("snippets/en/a.md", 3, 12)]
    assert [missing.name for missing in page.missing] == ["b.md", "../secret.md", "/etc/passwd"]


def test_references_and_bare_addresses_are_links() -> None:
    """A definition's target counts once, footnotes do not."""
    page = read("[a][b] and <https://x.example>\n\n[b]: c.md\n[^1]: note\n")
    assert [link.target for link in page.links] == ["https://x.example", "c.md"]


def test_words_are_what_a_reader_hears() -> None:
    """Targets, attributes, marks and tags are silent."""
    page = read("**Press** the [red *button*](a.md){.x} now<br> &amp; `code`.\n\n| a | b |\n| - | - |\n\n![alt](b.svg)\n")
    assert [piece.text for piece in page.prose] == ["Press the red button now & ."]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("ab \n\t#*_-=+!?[](){}<>`~|\\\"'1.:/&;^")), max_size=200))
def test_no_markdown_raises(body: str) -> None:
    """Whatever is typed, reading it ends."""
    read(body)


@pytest.mark.parametrize(
    "piece",
    ["[", "![", "[a](", "`", "``` \n", "<", "<a ", "(", "{#", '--8<-- "', "<!--", "> ", "- ", "1. ", "*", "[a]: ", "\\", "&"],
)
def test_no_markdown_takes_for_ever(piece: str) -> None:
    """A hundred thousand brackets are read in seconds."""
    read(piece * 20_000)
    read((piece + "\n") * 5_000)
