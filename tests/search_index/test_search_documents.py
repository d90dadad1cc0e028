"""Documents: what of a page is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from search_index.documents import PIECE_CHARACTERS, cut_section, read_language, read_page, site_languages, site_synonyms
from search_index.errors import SiteMissingError
from tests.search_index.search_sites import page_html

if TYPE_CHECKING:
    from pathlib import Path


def test_documents_hold_what_the_article_says(kettle_site: Path) -> None:
    """Title, sections with anchors, and the lists of the page are there; hubs are not."""
    documents, links = read_language(kettle_site, "en")
    assert [document.id for document in documents] == [
        "kettle/codes",
        "kettle/descale",
        "kettle/error-e24",
        "products/kettle",
        "robot/wifi",
    ]
    descale = documents[1]
    assert (descale.title, descale.product, descale.stage, descale.type) == ("Remove limescale", "kettle", "maintain", "howto")
    assert [(section.heading, section.anchor) for section in descale.sections] == [
        ("", ""),
        ("Steps", "steps"),
        ("You will see", "you-will-see"),
    ]
    assert descale.sections[1].text == "Fill with vinegar.\nWait one hour."
    assert descale.aliases == ("white bits floating in my water",)
    assert descale.product_names == ("Aqua kettle AK-200",)
    assert [(link.title, link.url) for link in links] == [
        ("Aqua kettle AK-200", "en/products/kettle.html"),
        ("Home · Shop", "en/index.html"),
    ]


def test_generated_boxes_and_chrome_are_not_content(kettle_site: Path) -> None:
    """Only the article counts, without what it marks as skipped."""
    text = " ".join(section.text for document in read_language(kettle_site, "en")[0] for section in document.sections)
    assert "person" not in text
    assert "footer" not in text
    assert "navigation" not in text
    assert "¶" not in text


@pytest.mark.parametrize(
    "page", ["", "<html>", "<article>no guide</article>", "<article data-guide=''>x</article>", "<article data-guide='a'"]
)
def test_pages_without_a_guide_are_left_out(page: str) -> None:
    """Anything that is no guide is quietly not searched."""
    assert read_page(page, "en/a.html") is None


@pytest.mark.parametrize(
    ("source", "picture"),
    [
        ("../../media/a%20b.svg", "media/a%20b.svg"),
        ("/media/a.svg", "media/a.svg"),
        ("https://example.org/a.svg", ""),
        ("//example.org/a.svg", ""),
        ("data:image/png;base64,AAAA", ""),
        ("", ""),
    ],
)
def test_a_product_is_known_by_its_picture(source: str, picture: str) -> None:
    """Its address counts from the root of the site; a picture that lies elsewhere is none."""
    page = f'<article data-guide="products/a" data-type="product"><h1>A</h1><img src="{source}"><img src="../b.svg"></article>'
    found = read_page(page, "en/products/a.html")
    assert found is not None
    assert found.picture == picture


def test_a_damaged_list_attribute_does_not_stop_the_index() -> None:
    """A page with broken attributes is still found by its text."""
    document = read_page('<article data-guide="a" data-models="[broken" data-codes="3">text</article>', "en/a.html")
    assert document is not None
    assert (document.models, document.codes, document.title) == ((), (), "a")


def test_file_names_are_quoted_for_links(tmp_path: Path) -> None:
    """A file name with spaces, signs and other letters gives an address that a browser understands."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "Wie geht's #1 ü.html").write_text(
        page_html("en", "x", {"title": "T", "body": "<h2 id='größe'>G</h2><p>a</p>"}), "utf-8"
    )
    document = read_language(tmp_path, "en")[0][0]
    assert document.url == "en/Wie%20geht's%20%231%20%C3%BC.html"
    assert document.sections[-1].anchor == "gr%C3%B6%C3%9Fe"


def test_long_sections_are_cut_between_blocks() -> None:
    """A manual in one piece is shown and marked piece by piece; nothing is lost."""
    text = "\n".join(["word " * 30] * 20) + "\n" + "y" * 3000
    pieces = cut_section("H", "h", text)
    assert all(len(piece.text) <= PIECE_CHARACTERS + 40 for piece in pieces)
    assert [piece.continued for piece in pieces] == [False] + [True] * (len(pieces) - 1)
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join(text.split())


def test_a_folder_without_a_site_is_named(tmp_path: Path) -> None:
    """The message says where, what and how to cure it."""
    with pytest.raises(SiteMissingError, match=r"helpstand\.json: there is no built site here .*Run `\./helpstand build` first"):
        site_languages(tmp_path)


def test_a_language_code_never_leads_out_of_the_site(tmp_path: Path) -> None:
    """A foreign site cannot name a folder elsewhere."""
    (tmp_path / "helpstand.json").write_text('{"languages": [{"code": "../.."}]}')
    with pytest.raises(SiteMissingError, match="is no language code"):
        site_languages(tmp_path)


def test_synonyms_are_those_of_the_language(tmp_path: Path) -> None:
    """A site, or a language of it, may have none."""
    about = tmp_path / "helpstand.json"
    about.write_text('{"synonyms": {"en": [["leccy", "electricity"], ["Wi-Fi", "wlan", "wireless"]]}}')
    assert site_synonyms(tmp_path, "en") == [("leccy", "electricity"), ("Wi-Fi", "wlan", "wireless")]
    assert site_synonyms(tmp_path, "de") == []
    about.write_text("{}")
    assert site_synonyms(tmp_path, "en") == []


@pytest.mark.parametrize("about", ["", "[]", '{"synonyms": []}', '{"synonyms": {"en": 1}}', '{"synonyms": {"en": ["leccy"]}}'])
def test_broken_synonyms_are_a_broken_site(tmp_path: Path, about: str) -> None:
    """They are never half used."""
    (tmp_path / "helpstand.json").write_text(about)
    with pytest.raises(SiteMissingError, match=r"helpstand\.json: .*Run `\./helpstand build` first"):
        site_synonyms(tmp_path, "en")


def test_a_page_is_read_however_deep_it_is_nested() -> None:
    """A page of others may hold anything; the words come out in their order."""
    deep = "<div><b>" * 5_000 + "Deep words" + "</b></div>" * 5_000
    page = f"<article data-guide='a'><h1>{'<i>' * 5_000}Title</h1>Before{deep}after<p>end</p></article>"
    document = read_page(page, "en/a.html")
    assert document is not None
    assert document.title == "Title"
    assert [section.text for section in document.sections] == ["Before\nDeep words\nafter\nend"]


def text_of(body: str) -> str:
    """Return the text of the first section of an article."""
    document = read_page(f"<article data-guide='a'><h1>T</h1>{body}</article>", "en/a.html")
    assert document is not None
    return document.sections[0].text


def test_a_row_of_a_table_is_a_line() -> None:
    """Cell below cell reads as noise in a result."""
    head = "<thead><tr><th>Code</th><th>Meaning</th><th>Do</th></tr></thead>"
    rows = "<tr><td>E21</td><td><p>the door</p><p>does not lock</p></td><td>close it</td></tr>\n"
    rows += "<tr><th>Hot?</th><td></td><td>wait</td></tr>"
    assert text_of(f"<p>Before</p><table>{head}<tbody>{rows}<tr><td>Alone</td></tr></tbody></table>after") == (
        "Before\nCode: Meaning · Do\nE21: the door does not lock · close it\nHot? wait\nAlone\nafter"
    )


def test_a_list_of_answers_is_a_line_and_other_lists_are_not() -> None:
    """"Yes", "No" and "I am not sure" belong together; steps do not."""  # fmt: skip
    assert (
        text_of("Hot?<ul>\n<li><a href='#a'>Yes</a></li>\n<li><a href='#b'>No, cold</a></li></ul>x") == "Hot?\nYes · No, cold\nx"
    )
    assert text_of("<ul><li><a href='#a'>Yes</a></li><li>No <a href='b.html'>B</a></li></ul>") == "Yes\nNo B"


def test_tables_in_tables_lose_no_word() -> None:
    """Whatever the nesting, every word stays, and in its order."""
    inner = "<table><tr><td>c</td><td>d</td></tr></table>"
    assert "".join(filter(str.isalpha, text_of(f"a<table><tr><td>b</td><td>{inner}</td><td>e</td></tr></table>f"))) == "abcdef"
