"""Where a link leads, from the text of its target alone."""

from __future__ import annotations

import html
import posixpath
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from urllib.parse import unquote


class Kind(Enum):
    """What a link leads to."""

    PAGE = auto()
    """A guide of the same language: id, and perhaps anchor."""
    HERE = auto()
    """A heading of the same page."""
    FILE = auto()
    """Something else in the site's folder."""
    ABSOLUTE = auto()
    """A path from the root of whatever host the site lies on."""
    OUTSIDE = auto()
    """Another host, a phone or a mailbox."""
    SERVICE = auto()
    """Something that the help desk does: id is its name."""
    DANGEROUS = auto()
    """An address that runs code or opens files of the reader's machine."""
    EMPTY = auto()


@dataclass(frozen=True)
class Target:
    """Where a link leads."""

    kind: Kind
    id: str = ""
    anchor: str = ""
    path: str = ""
    """Relative to the folder of the page, as typed but decoded."""


DANGEROUS = {"javascript", "vbscript", "data", "file", "blob"}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20\x7f\u200b\u00ad]")


@lru_cache(maxsize=4096)  # several rules ask for each link
def resolve(guide_id: str, target: str) -> Target:
    """Return where a target leads that stands in a guide. Never raises."""
    address = html.unescape(target.strip())
    # Browsers skip what cannot be seen: java<tab>script: runs.
    scheme = _SCHEME.match(_UNSEEN.sub("", address))
    if scheme:
        return _with_scheme(scheme[1].lower(), address)
    if not address:
        return Target(Kind.EMPTY)
    if address.startswith(("/", "\\")):
        return Target(Kind.OUTSIDE if address[1:2] in {"/", "\\"} else Kind.ABSOLUTE, path=address)
    path, _, anchor = address.partition("#")
    path = unicodedata.normalize("NFC", unquote(path.partition("?")[0]))
    anchor = unicodedata.normalize("NFC", unquote(anchor))
    if not path:
        return Target(Kind.HERE, guide_id, anchor)
    if not path.endswith(".md"):
        return Target(Kind.FILE, anchor=anchor, path=path)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(guide_id), path))
    return Target(Kind.PAGE, joined.removesuffix(".md"), anchor, path)


def _with_scheme(scheme: str, address: str) -> Target:
    if scheme in DANGEROUS:
        return Target(Kind.DANGEROUS, scheme)
    if scheme == "service":
        return Target(Kind.SERVICE, address.partition(":")[2].strip())
    return Target(Kind.OUTSIDE, scheme, path=address)
