"""Nothing on a page is loaded from another host."""

from __future__ import annotations

import pytest

from guides.engine.outside import box_outside, is_outside
from guides.engine.texts import load_texts

TEXTS = load_texts("en")


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://elsewhere.example/a.png" alt="A cat">',
        '<img alt="A cat" src="//elsewhere.example/a.png">',
        '<iframe src="https://elsewhere.example/v" width="5"></iframe>',
        '<video controls=""><source src="https://elsewhere.example/v.mp4" type="video/mp4"></video>',
        '<video src="a.mp4" poster="https://elsewhere.example/p.jpg"></video>',
    ],
)
def test_becomes_a_box_with_its_address(html: str) -> None:
    """The address is shown as text and as a QR code, and no tag loads it."""
    box = box_outside(html, TEXTS)
    assert 'class="outside"' in box
    assert "elsewhere.example/" in box
    assert "<svg" in box
    assert "src=" not in box
    assert "poster=" not in box


def test_alternative_text_stays() -> None:
    """What the picture says in words is kept."""
    assert "Picture on another site: A cat" in box_outside('<img src="https://e.example/a.png" alt="A cat">', TEXTS)


def test_own_pictures_stay() -> None:
    """Pictures and videos of the site itself are left alone."""
    html = '<img src="../media/a.svg" alt="x"><video src="a.mp4" controls=""></video>'
    assert box_outside(html, TEXTS) == html


def test_address_is_escaped() -> None:
    """An address cannot smuggle HTML into the box."""
    assert "<b>" not in box_outside('<img src="https://e.example/?&lt;b&gt;">', TEXTS)


@pytest.mark.parametrize(
    ("address", "outside"),
    [("https://a.example", True), ("//a.example/x", True), ("media/a.svg", False), ("data:image/png;base64,x", False)],
)
def test_is_outside(address: str, outside: bool) -> None:
    """Only what a browser would fetch from another host is outside."""
    assert is_outside(address) is outside
