"""Lists never make a page grow with the site."""

from __future__ import annotations

from guides.engine.lists import neighbours, paginate
from guides.engine.page import Planned, up, url_of
from guides.engine.texts import load_texts


def pages(count: int) -> list[Planned]:
    """Return plain pages."""
    return [Planned(f"p/{number:03}.md", "main.html", f"Page {number}") for number in range(count)]


def test_siblings_are_at_most_ten_and_near() -> None:
    """A page in a large group knows ten others around it, never itself."""
    group = pages(300)
    for index in (0, 1, 150, 299):
        found = [link["url"] for link in neighbours(group, index)]
        assert len(found) == 10
        assert group[index].url not in found
    assert neighbours(group, 150)[0]["title"] == "Page 145"


def test_small_groups_list_all_others() -> None:
    """In a group of three each page knows the other two."""
    assert [len(neighbours(pages(3), index)) for index in range(3)] == [2, 2, 2]


def test_lists_turn_pages_at_a_hundred() -> None:
    """250 items make three pages that lead to each other."""
    items = [{"title": str(number), "url": "", "summary": "", "note": ""} for number in range(250)]
    made = list(paginate(Planned("all.md", "list.html", "All"), items, load_texts("en")))
    assert [page.src for page in made] == ["all.md", "all-2.md", "all-3.md"]
    assert [len(page.facts["items"]) for page in made] == [100, 100, 50]
    assert made[1].facts["page_of"] == "Page 2 of 3"
    assert (made[1].facts["previous"], made[1].facts["next"]) == ("all.html", "all-3.html")


def test_an_empty_list_is_one_page() -> None:
    """A hub without items still exists."""
    assert len(list(paginate(Planned("all.md", "list.html", "All"), [], load_texts("en")))) == 1


def test_addresses() -> None:
    """Pages are flat files; README.md is an index."""
    assert url_of("kettle/descale.md") == "kettle/descale.html"
    assert url_of("docs/README.md") == "docs/index.html"
    assert [up("index.html"), up("a/b.html"), up("a/b/c.html")] == [".", "..", "../.."]
