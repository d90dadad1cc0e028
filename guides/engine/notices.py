"""Recalls, known problems and messages of the shop: said on every page that they concern, gravest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.products import word_in
from guides.vocabulary import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guides.engine.edition import Edition
    from guides.engine.page import Facts
    from guides.products import Notice, Product
    from guides.shop_look import Message

_ORDER = [NoticeKind.RECALL, NoticeKind.KNOWN]


def product_notices(edition: Edition, products: Iterable[Product | None], *, named: bool = False) -> list[Facts]:
    """Return the notices of some products, recalls first; `named` puts the product's name before the title."""
    found = [
        (notice, f"{product.name_in(edition.language)}: " if named else "")
        for product in products
        if product
        for notice in product.notice
    ]
    found.sort(key=lambda pair: _ORDER.index(pair[0].kind))
    return [_notice(notice, name, edition.language) for notice, name in found]


def shop_notices(messages: Iterable[Message], language: str) -> list[Facts]:
    """Return the shop's own messages to readers of a language."""
    return [
        {
            "kind": "store",
            "title": word_in(message.title, language),
            "text": word_in(message.text, language),
            **address(message.url),
        }
        for message in messages
    ]


def address(url: str) -> Facts:
    """Return a link to a guide by its ID, relative to the language's folder, or to the world outside."""
    outside = ":" in url
    return {"url": url if outside or not url else f"{url}.html", "outside": outside}


def _notice(notice: Notice, name: str, language: str) -> Facts:
    return {
        "kind": notice.kind.value,
        "title": name + word_in(notice.title, language),
        "text": word_in(notice.text, language),
        **address(notice.url),
    }
