"""Links of a page's finished HTML: our own schemes, addresses that raw HTML brought along, and what leads nowhere."""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

_LINK = re.compile(r'(<(?:a|img|video|audio|source|track)\b[^>]*?\s(?:href|src)=")([^"]*)(")')
_POSTER = re.compile(r'(<video\b[^>]*?\sposter=")([^"]*)(")')


@dataclass(frozen=True)
class DeadLink:
    """A link in raw HTML whose target does not exist; MkDocs looks only at those that Markdown wrote."""

    address: str


class LinkResolver:
    """Makes every link of one page work from where the page lies."""

    def __init__(self, url: str, targets: AbstractSet[str], service: Callable[[str], str], media: Callable[[str], str]) -> None:
        self._folder = posixpath.dirname(url)
        self._stem = posixpath.splitext(url)[0]
        self._targets = targets
        self._service = service
        self._media = media
        self.dead: list[DeadLink] = []

    def resolve(self, content: str) -> str:
        """Return the HTML with its links resolved; dead ones are kept in `dead` and left as they are."""
        for pattern in (_LINK, _POSTER):
            content = pattern.sub(
                lambda found: found[1] + html.escape(self._address(html.unescape(found[2]))) + found[3], content
            )
        return content

    def _address(self, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme == "service":
            return self._service(parts.path)
        if parts.scheme == "media":
            return self._media(address.removeprefix("media:"))
        if parts.scheme or parts.netloc or not parts.path:
            return address
        tail = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        target = self._find(unquote(parts.path))
        if target is None:
            self.dead.append(DeadLink(address))
            return address
        return quote(posixpath.relpath(target, self._folder or "."), safe="/@:+,;=~!$&'()*") + tail

    def _find(self, path: str) -> str | None:
        """Return the page or file that a path means: seen from this page, from a folder page as other sites have, or the root."""
        if path.startswith("/"):
            bases = [path.lstrip("/")]
        else:
            bases = [posixpath.join(self._folder, path), posixpath.join(self._stem, path)]
        for base in bases:
            clean = posixpath.normpath(base)
            for guess in (clean, f"{clean}.html", f"{clean}/index.html", clean.removesuffix(".md") + ".html"):
                if guess in self._targets:
                    return guess
            if clean == ".":
                return "index.html"
        return None
