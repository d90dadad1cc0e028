"""Drawings hold nothing but the drawing."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from guides.engine.pictures import BrokenPictureError
from guides.engine.svg import clean_svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 480 320">'


def drawing(inside: str) -> bytes:
    """Return a drawing with something in it."""
    return f"{HEAD}<circle r='5'/>{inside}</svg>".encode()


def told(data: bytes) -> list[str]:
    """Return what is said of a drawing."""
    return [message for _, message in clean_svg(data).refused]


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<script>alert(1)</script>", "<script> was taken out: a picture must not run or load anything"),
        ("<script href='https://e.example/a.js'/>", "<script> was taken out: a picture must not run or load anything"),
        (
            "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><iframe/></body></foreignObject>",
            "<foreignObject> was taken out: a picture must not run or load anything",
        ),
        (
            "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>1</x:script>",
            "<script> was taken out: a picture holds drawings only",
        ),
        ("<rect onclick='alert(1)'/>", 'onclick="alert(1)" of <rect> was taken out: it could run code'),
        ("<rect ONLOAD='alert(1)'/>", 'ONLOAD="alert(1)" of <rect> was taken out: it could run code'),
        (
            "<image href='https://e.example/a.png'/>",
            'href="https://e.example/a.png" of <image> was taken out: a picture must not lead or load elsewhere',
        ),
        (
            "<use xlink:href='other.svg#a'/>",
            'href="other.svg#a" of <use> was taken out: a picture must not lead or load elsewhere',
        ),
        (
            "<a href='java&#10;script:alert(1)'><path d='M0 0'/></a>",
            'href="java\nscript:alert(1)" of <a> was taken out: a picture must not lead or load elsewhere',
        ),
        (
            "<image href='data:image/svg+xml;base64,AAAA'/>",
            'href="data:image/svg+xml;base64,AAAA" of <image> was taken out: a picture must not lead or load elsewhere',
        ),
        (
            "<rect fill='url(https://e.example/#a)'/>",
            'fill="url(https://e.example/#a)" of <rect> was taken out: it loads from elsewhere, or could run code',
        ),
        (
            "<rect style='fill: URL( //e.example/a )'/>",
            'style="fill: URL( //e.example/a )" of <rect> was taken out: it loads from elsewhere, or could run code',
        ),
        (
            "<style>@import 'https://e.example/a.css';</style>",
            "the style sheet was taken out: it loads from elsewhere, or could run code",
        ),
        (
            "<style>a{background:u\\72l(https://e.example)}</style>",
            "the style sheet was taken out: it loads from elsewhere, or could run code",
        ),
        ("<a><set attributeName='xlink:href' to='javascript:1'/></a>", "<set> of xlink:href was taken out: it could run code"),
        ("<animate attributeName='onclick' values='1'/>", "<animate> of onclick was taken out: it could run code"),
        ("<feImage href='#x'/>", "<feImage> was taken out: a picture must not run or load anything"),
    ],
)
def test_what_runs_or_loads_is_taken_out(inside: str, message: str) -> None:
    """Each is told in one sentence, and the rest of the drawing stays."""
    clean = clean_svg(drawing(inside))
    assert [one for _, one in clean.refused] == [message]
    text = clean.data.decode()
    assert '<circle r="5"/>' in text
    assert not any(word in text.lower() for word in ("script", "example", "onclick", "onload", "iframe", "import"))
    assert told(clean.data) == []


def test_the_line_is_told() -> None:
    """The author finds it at once."""
    assert clean_svg(drawing("\n\n<script/>")).refused[0][0] == 3


@pytest.mark.parametrize(
    "inside",
    [
        "<use href='#a'/>",
        "<rect fill='url(#a)' style=\"filter: url('#b')\"/>",
        "<image href='data:image/png;base64,AAAA'/>",
        "<style>.a{fill:red}</style><text xml:space='preserve'>a &lt; b &amp; c</text>",
        "<title>Lid</title><desc>A lid</desc>",
        "<switch><g systemLanguage='de'/></switch>",
    ],
)
def test_drawings_stay_as_they_are(inside: str) -> None:
    """What only draws is written again with the same meaning."""
    before, after = drawing(inside), clean_svg(drawing(inside))
    assert after.refused == ()
    assert ET.canonicalize(after.data) == ET.canonicalize(before)


def test_cruft_of_drawing_programs_goes_quietly() -> None:
    """Layers, guides, comments and licences of Inkscape and Illustrator are neither kept nor told."""
    data = b"""<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd" [
<!ENTITY ns_svg "http://www.w3.org/2000/svg">]><!-- made by --><svg xmlns="&ns_svg;" xmlns:i="http://www.inkscape.org/namespaces/inkscape"
 i:version="1"><metadata><x/></metadata><i:grid/><g i:label="Layer"><path d="M0 0"/></g></svg>"""
    clean = clean_svg(data)
    assert clean.refused == ()
    assert clean.data == b'<svg xmlns="http://www.w3.org/2000/svg"><g><path d="M0 0"/></g></svg>\n'


def test_both_spellings_of_a_reference() -> None:
    """A drawing that says href and xlink:href stays well-formed."""
    assert clean_svg(drawing("<use href='#a' xlink:href='#b'/>")).data.count(b'href="#a"') == 1


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 480 320"', (480, 320)),
        ('width="100" viewBox="0 0 480 320"', (100, 67)),
        ('height="160" viewBox="0 0 480 320"', (240, 160)),
        ('width="2in" height="1in"', (192, 96)),
        ('width="100%" height="100%" viewBox="0,0,30,60"', (30, 60)),
        ('width="90px"', (90, 150)),
        ("", (300, 150)),
        ('viewBox="0 0 0 0"', (300, 150)),
        ('viewBox="nonsense"', (300, 150)),
        ('width="0.1" height="0.1"', (1, 1)),
    ],
)
def test_size(attributes: str, size: tuple[int, int]) -> None:
    """Size is what the drawing declares, else that of its viewBox, else a browser's own."""
    clean = clean_svg(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode())
    assert (clean.width, clean.height) == size


LAUGHS = "<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>" + HEAD + "<text>&b;</text></svg>"
OUTSIDE = "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + HEAD + "<text>&a;</text></svg>"
MANY = "<!DOCTYPE svg [<!ENTITY a '" + "x" * 200 + "'>]>" + HEAD + "<text>" + "&a;" * 200_000 + "</text></svg>"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (LAUGHS, "line 1: it declares the entity 'b'. Save it as plain SVG"),
        (OUTSIDE, "line 1: it declares the entity 'a'. Save it as plain SVG"),
        (MANY, "it unfolds to more than 10 MB|it is no well-formed SVG"),
        ("<svg", "it is no well-formed SVG"),
        ("", "it is no well-formed SVG"),
        ("<html/>", "it is no SVG: its first element is not <svg>"),
        ('<svg xmlns="http://other.example/"/>', "it is no SVG: its first element is not <svg>"),
        (HEAD + "<g>" * 300 + "</g>" * 300 + "</svg>", "its elements are nested 200 deep"),
        ('<?xml version="1.0" encoding="klingon"?>' + HEAD + "</svg>", "it is no"),
        (HEAD + " " * 5_000_000 + "</svg>", "the drawing has 5 MB, the limit is 5 MB"),
    ],
)
def test_bombs_and_broken_files(data: str, words: str) -> None:
    """They give one sentence, and no memory is filled."""
    with pytest.raises(BrokenPictureError, match=words):
        clean_svg(data.encode())
