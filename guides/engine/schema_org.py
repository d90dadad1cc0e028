"""What a page is, in the words of schema.org, for machines: JSON that stands in a data block of the page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selectolax.lexbor import LexborNode

    from guides.engine.page import Facts

CONTEXT = "https://schema.org"
MAX_STEPS = 100
_SPACE = re.compile(r"\s+")
_SENTENCE = re.compile(r"(?<=[.!?؟。])\s")
_HEADINGS = {"h1", "h2"}
# In HTML a data block ends at the first "</script", and "<!--" opens a comment: neither can be in here.
_UNSAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


@dataclass(frozen=True)
class Place:
    """Where a page lies on the web."""

    url: str
    """Its address, or empty when the site has none."""
    absolute: Callable[[str], str]
    """Turns an address relative to the language's folder into a whole one; empty when the site has none."""
    media: Callable[[str], str]
    """The same for a picture relative to the site's folder."""


def schema_of(facts: Facts, html: str, place: Place) -> str:
    """Return the JSON, safe inside `<script type="application/ld+json">`."""
    article = facts["article"]
    page = _clean(
        {
            "@type": "WebPage",
            "@id": place.url,
            "url": place.url,
            "name": facts["title"],
            "description": facts.get("summary"),
            "inLanguage": article["lang"],
        }
    )
    graph = [page, *_things(facts, html, place), *_crumbs(facts, place)]
    return json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


def _things(facts: Facts, html: str, place: Place) -> Iterator[Facts]:
    """Yield what the page is about, as far as it can be told."""
    kind = facts["article"]["type"]
    if kind in {"howto", "error"}:
        steps = list(_steps(html, place))
        if steps:
            yield _how_to(facts, steps, place)
    elif kind == "faq":
        questions = [_question(title, text) for title, text in _sections(html) if text]
        if questions:
            yield {"@type": "FAQPage", "inLanguage": facts["article"]["lang"], "mainEntity": questions}
    elif kind == "product":
        yield _product(facts, place)


def _how_to(facts: Facts, steps: list[Facts], place: Place) -> Facts:
    before = facts.get("before") or {}
    card = facts.get("product_card") or {}
    return _clean(
        {
            "@type": "HowTo",
            "name": facts["title"],
            "description": facts.get("summary"),
            "inLanguage": facts["article"]["lang"],
            "totalTime": f"PT{before['minutes']}M" if before.get("minutes") else "",
            "tool": [{"@type": "HowToTool", "name": name} for name in before.get("tools", ())],
            "supply": [{"@type": "HowToSupply", "name": name} for name in before.get("parts", ())],
            "about": _clean({"@type": "Product", "name": card["title"], "url": place.absolute(card["url"])}) if card else None,
            "step": steps,
        }
    )


def _product(facts: Facts, place: Place) -> Facts:
    return _clean(
        {
            "@type": "Product",
            "name": facts["title"],
            "description": facts.get("summary"),
            "inLanguage": None,
            "model": list(facts.get("models", ())),
            "gtin": list(facts.get("gtin", ())),
            "category": facts.get("category"),
            "image": place.media(facts["picture"]) if facts.get("picture") else "",
            "url": place.url,
        }
    )


def _question(title: str, text: str) -> Facts:
    return {"@type": "Question", "name": title, "acceptedAnswer": {"@type": "Answer", "text": text}}


def _crumbs(facts: Facts, place: Place) -> Iterator[Facts]:
    """Yield the way to the page; the page itself ends it."""
    trail = [*((crumb["title"], place.absolute(crumb["url"])) for crumb in facts["breadcrumb"]), (facts["title"], place.url)]
    if len(trail) > 1:
        items = [
            _clean({"@type": "ListItem", "position": number, "name": title, "item": url})
            for number, (title, url) in enumerate(trail, start=1)
        ]
        yield {"@type": "BreadcrumbList", "itemListElement": items}


def _steps(html: str, place: Place) -> Iterator[Facts]:
    """Yield the entries of the page's own numbered lists; a list inside of another is part of its step."""
    if "<ol" not in html:
        return
    count = 0
    for anchor, node in _blocks(html):
        for entry in _entries(node) if node.tag == "ol" else ():
            count += 1
            if count > MAX_STEPS:
                return
            text = _text(entry)
            url = f"{place.url}#{anchor}" if place.url and anchor else ""
            yield _clean({"@type": "HowToStep", "position": count, "name": _SENTENCE.split(text, 1)[0], "text": text, "url": url})


def _entries(node: LexborNode) -> list[LexborNode]:
    return [child for child in node.iter() if child.tag == "li"]


def _blocks(html: str) -> Iterator[tuple[str, LexborNode]]:
    """Yield the page's blocks, each with the ID of the heading above it."""
    anchor = ""
    body = LexborHTMLParser(html).body
    for node in body.iter() if body else ():
        if node.tag in _HEADINGS | {"h3"}:
            anchor = node.attributes.get("id") or anchor
        yield anchor, node


def _sections(html: str) -> Iterator[tuple[str, str]]:
    """Yield the headings of the page with the text below each."""
    title, texts = "", list[str]()
    for _, node in _blocks(html):
        if node.tag in _HEADINGS:
            if title:
                yield title, " ".join(texts)
            title, texts = _text(node) if node.tag == "h2" else "", []
        elif text := _text(node):
            texts.append(text)
    if title:
        yield title, " ".join(texts)


def _text(node: LexborNode) -> str:
    return _SPACE.sub(" ", node.text(separator=" ")).replace(" .", ".").strip()


def _clean(thing: Facts) -> Facts:
    """Leave out what is not known."""
    return {name: value for name, value in thing.items() if value or value == 0}
