"""The page for wrong addresses: a host shows it at any depth, so every address in it must start at the root."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

_ADDRESS = re.compile(r'\b(href|src|action|data-root)="(?!/|#|[A-Za-z][A-Za-z0-9+.-]*:)([^"]*)"')


def at_any_depth(page: str, url: str, site_url: str) -> str:
    """Return a page's HTML with absolute paths; `url` is where it lies in the site, `site_url` may have a path of its own."""
    here = urljoin(urlsplit(site_url).path or "/", url)

    def absolute(found: re.Match[str]) -> str:
        target = urljoin(here, found[2])
        # Scripts add "/…" to the root: at the top of a host it is the empty text.
        return f'{found[1]}="{target.rstrip("/") if found[1] == "data-root" else target}"'

    return _ADDRESS.sub(absolute, page)
