"""All guides of a site, and every way to look them up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from guides.library import Library, load_library
from guides.settings import load_settings

SITES = Path(__file__).parents[1] / "sites"
MakeSite = Callable[[dict[str, str | bytes]], Path]


@pytest.fixture
def library() -> Library:
    """Load the clean site."""
    return load_library(load_settings(SITES / "clean" / "mkdocs.yml"))[0]


def test_guides_are_sorted_and_found(library: Library) -> None:
    """By language and ID; the ID is the same in all languages."""
    places = [(guide.language, guide.id) for guide in library.guides]
    assert places == sorted(places)
    assert library.languages == ("en", "de")
    assert set(library.translations("kettle/descale")) == {"en", "de"}
    assert library.get("de", "kettle/größe & farbe") is not None
    assert library.get("de", "returns") is None


def test_reverse_indexes(library: Library) -> None:
    """By product, stage, language, symptom and code, whatever the case."""
    english = [guide.id for guide in library.by_product("kettle", "en")]
    assert english == ["kettle/descale", "kettle/größe & farbe"]
    assert len(library.by_product("kettle")) == 4
    assert [guide.id for guide in library.by_stage("policy")] == ["returns"]
    assert len(library.by_language("en")) == 4
    assert [guide.id for guide in library.by_symptom("White Crust")] == ["kettle/descale"]
    assert [guide.id for guide in library.by_code("e1")] == ["kettle/descale"]
    assert library.by_code("010")[0].front.codes == ("E1", "010", "no")
    assert library.by_product("toaster") == ()


def test_backlinks_come_from_text_and_front_matter(library: Library) -> None:
    """A guide knows who leads to it."""
    assert library.backlinks("kettle/größe & farbe") == ("kettle/descale",)
    assert library.backlinks("kettle/descale") == ()


def test_a_guide_knows_its_lines(library: Library) -> None:
    """Lines are those of the file, with CRLF and a byte order mark too."""
    guide = library.get("en", "kettle/größe & farbe")
    assert guide is not None
    assert guide.source == "content/en/kettle/größe & farbe.md"
    assert guide.body_line == 8
    assert guide.line_of("product", 0) == 4
    assert "\r" not in guide.body


def test_a_broken_guide_is_kept_out_and_the_rest_goes_on(make_site: MakeSite) -> None:
    """One writer's slip does not stop the others."""
    head = "---\ntitle: A\ntype: guide\nproduct: kettle\nstage: use\nreview_by: 2036-11-30\n---\n"
    config = make_site({"content/en/kettle/a.md": head, "content/en/kettle/b.md": head.replace("stage: use", "stage: usse")})
    library, problems = load_library(load_settings(config))
    assert [guide.id for guide in library.guides] == ["kettle/a"]
    assert [str(one) for one in problems] == ["content/en/kettle/b.md:5: unknown stage 'usse'. Did you mean 'use'?"]


def test_a_site_of_others_is_read_as_it_is() -> None:
    """The title comes from front matter, first heading or file name."""
    library, _ = load_library(load_settings(SITES / "invalid-foreign" / "mkdocs.yml"))
    assert {guide.id: guide.front.title for guide in library.guides} == {
        "guide": "Guide",
        "index": "Welcome",
        "sub/index": "Index",
    }
    assert all(guide.public and guide.front.product == () and guide.front.stage is None for guide in library.guides)
