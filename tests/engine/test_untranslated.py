"""Where a translation is missing, readers get the source's words at the same address, and are told so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from guides.engine.shop import plan_shop
from guides.engine.texts import load_texts
from guides.library import load_library
from search_index.documents import read_language
from tests.engine.conftest import MakeShop, built, guide, one

FILES = {
    "content/en/lamp/whole.md": guide("Switch it on", '--8<-- "care.md"\n\n[More](only.md#more)\n'),
    "content/de/lamp/whole.md": guide("Einschalten", "Drücken.\n\n[Mehr](only.md#more)\n"),
    "content/en/lamp/only.md": guide(
        "Hang it up", '--8<-- "care.md"\n\n1. Lift.\n\n    --8<-- "hot.md"\n\n## More {#more}\n\nDone.\n', minutes="15"
    ),
    "content/snippets/en/care.md": "Take care.\n",
    "content/snippets/de/care.md": "Vorsicht.\n",
    "content/snippets/en/hot.md": '!!! warning "Hot"\n    Let it cool.\n',
    "content/snippets/de/hot.md": '!!! warning "Heiß"\n    Abkühlen lassen.\n',
}


@pytest.fixture
def site(make_shop: MakeShop, tmp_path: Path) -> Path:
    """Build a shop of two guides, one of them translated."""
    report = built(make_shop(FILES), tmp_path / "site")
    assert report.problems == []
    return tmp_path / "site"


def test_the_source_page_stands_at_the_same_address(site: Path) -> None:
    """Its article says whose language it is, and takes the snippets of that language."""
    page = HTMLParser((site / "de/lamp/only.html").read_text(encoding="utf-8"))
    article, html = one(page, "article"), one(page, "html")
    assert (html.attributes["lang"], article.attributes["data-lang"], article.attributes["lang"]) == ("de", "en", "en")
    assert "Take care." in article.text()
    assert "Vorsicht" not in one(page, "main").text()
    assert "English" in one(page, ".notices").text()
    assert one(page, "link[rel=canonical]").attributes["href"] == "https://help.test.example/en/lamp/only.html"


def test_warnings_are_read_in_the_language_of_the_reader(site: Path) -> None:
    """A shared box that is there in that language is shown in it, and says so to what reads aloud."""
    box = one(HTMLParser((site / "de/lamp/only.html").read_text(encoding="utf-8")), "article li > .admonition.warning")
    assert "Abkühlen lassen." in box.text()
    assert (box.attributes["lang"], box.attributes["dir"], box.attributes["class"]) == ("de", "ltr", "admonition warning")
    assert box.attributes["aria-label"] == "Warnung: Heiß"
    own = one(HTMLParser((site / "en/lamp/only.html").read_text(encoding="utf-8")), ".admonition")
    assert "lang" not in own.attributes


def test_search_of_the_other_language_knows_its_title_and_numbers_only(site: Path) -> None:
    """Its codes lead to it in every language; its words are for the search of its own."""
    [stands_in] = [document for document in read_language(site, "de")[0] if document.id == "lamp/only"]
    assert (stands_in.sections, stands_in.aliases, stands_in.keywords) == ((), (), ())
    [whole] = [document for document in read_language(site, "en")[0] if document.id == "lamp/only"]
    assert whole.sections
    assert (stands_in.title, stands_in.models, stands_in.product) == (whole.title, whole.models, whole.product)


def test_it_is_listed_with_a_note_but_not_in_the_sitemap(site: Path) -> None:
    """Lists say in which language it is, to readers and to what reads aloud."""
    assert (
        load_texts("de")["only_in"].format(language="English")
        in one(HTMLParser((site / "de/all.html").read_text(encoding="utf-8")), ".list").text()
    )
    text = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert "/en/lamp/only.html" in text
    assert "/de/lamp/only.html" not in text


def test_languages_say_what_they_lack(make_shop: MakeShop) -> None:
    """A page knows its counterparts: current, missing, or in a language that is partial."""
    settings = make_shop(FILES)
    plans = plan_shop(settings, load_library(settings)[0])
    english, german = plans["en"].pages["lamp/only.md"].facts["alternates"]
    assert (english["current"], english["missing"], english["partial"]) == (True, False, False)
    assert (german["current"], german["missing"], german["partial"]) == (False, True, True)
    assert german["url"] == "de/lamp/only.html"


@pytest.mark.parametrize(("missing", "partial"), [(1, False), (2, True)])
def test_partial_is_less_than_19_of_20(make_shop: MakeShop, missing: int, partial: bool) -> None:
    """95 % of the source's live pages make a whole language; drafts on either side do not count."""
    files = {f"content/en/lamp/g{number}.md": guide(f"Guide {number}") for number in range(20)}
    files |= {f"content/de/lamp/g{number}.md": guide(f"Text {number}") for number in range(missing, 20)}
    files["content/en/lamp/draft.md"] = guide("Draft", status="draft")
    files["content/de/lamp/g0.md"] = guide("Entwurf", status="draft")
    settings = make_shop(files)
    assert plan_shop(settings, load_library(settings)[0])["de"].partial is partial


def test_the_site_tells_which_languages_are_partial(site: Path) -> None:
    """The kiosk and the first page may say it too."""
    facts = json.loads((site / "helpstand.json").read_text(encoding="utf-8"))
    assert [language["partial"] for language in facts["languages"]] == [False, True]
