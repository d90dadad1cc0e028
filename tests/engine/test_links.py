"""Links lead where their writer meant, from wherever the page lies."""

from __future__ import annotations

import pytest

from guides.engine.links import LinkResolver

TARGETS = frozenset(
    {"index.html", "guide/start.html", "guide/end.html", "img/a.png", "guide/größe und maße.html", "deep/index.html"}
)


def resolver(url: str = "guide/start.html") -> LinkResolver:
    """Return a resolver for a page one folder deep."""
    return LinkResolver(url, TARGETS, lambda name: f"../person.html#{name}", lambda path: f"../../media/{path}")


@pytest.mark.parametrize(
    ("written", "resolved"),
    [
        ("end.html", "end.html"),
        ("end.md#x", "end.html#x"),
        ("../end/", "end.html"),  # as a page with folder addresses has it
        ("../../img/a.png", "../img/a.png"),
        ("../img/a.png", "../img/a.png"),
        ("/deep/", "../deep/index.html"),
        ("/", "../index.html"),
        ("größe und maße.html", "gr%C3%B6%C3%9Fe%20und%20ma%C3%9Fe.html"),
        ("service:repair", "../person.html#repair"),
        ("media:kettle/lid.svg", "../../media/kettle/lid.svg"),
        ("https://elsewhere.example/x", "https://elsewhere.example/x"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("#here", "#here"),
    ],
)
def test_resolves(written: str, resolved: str) -> None:
    """Each form of address becomes one that works in the built site."""
    assert resolver().resolve(f'<a class="x" href="{written}">y</a>') == f'<a class="x" href="{resolved}">y</a>'


def test_dead_links_are_kept_and_told() -> None:
    """A link without a target stays as it is and is reported."""
    found = resolver()
    assert found.resolve('<img alt="" src="gone.png">') == '<img alt="" src="gone.png">'
    assert [dead.address for dead in found.dead] == ["gone.png"]


def test_text_that_looks_like_a_link_stays() -> None:
    """Only tags are touched."""
    assert resolver().resolve('<p>write src="gone.png"</p>') == '<p>write src="gone.png"</p>'
