"""Tags of finished pages that show pictures, films and sound: sizes, smaller copies, posters and captions."""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote, unquote, urlsplit

from guides.engine.pictures import KINDS
from guides.engine.texts import endonym
from guides.films import CAPTIONS, FILMS, POSTERS, SOUNDS, captions_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

_ATTRIBUTES = r"((?:\s+[^\s=<>\"'/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?)*)\s*/?>"
_IMG = re.compile(rf"<img\b{_ATTRIBUTES}")
_PLAYER = re.compile(rf"<(video|audio)\b{_ATTRIBUTES}((?:(?!<(?:video|audio)\b).)*?)</\1>", re.DOTALL)
_PAIR = re.compile(r"([^\s=>\"'/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_SOURCE = re.compile(r"<(?:source|track)\b[^>]*?\ssrc=\"([^\"]*)\"")
_KIND = re.compile(r"<track\b[^>]*?\skind=\"(?:captions|subtitles)\"|<track\b(?![^>]*\skind=)")
_LANGUAGE = re.compile(r"<html\b[^>]*?\slang=\"([^\"]*)\"")
PICTURES = frozenset({*KINDS, ".svg"})
"""Every file of these kinds is looked at: one that is not known is missing."""
ARTICLE = 720
"""CSS pixels that the text is wide at most (45rem); a picture is never shown wider."""
_EAGER = 2
"""Pictures at the top of a page that load at once."""


@dataclass(frozen=True)
class Shown:
    """A picture of the site: its size, its smaller copies by width, or why it is left out."""

    width: int = 0
    height: int = 0
    copies: Mapping[int, str] = field(default_factory=dict)
    error: str = ""
    refused: tuple[tuple[int, str], ...] = ()


class MediaTags:
    """Rewrites the tags of one page; `problems` holds (text to find the line by, rule, message)."""

    PLAYED: ClassVar = FILMS | SOUNDS

    def __init__(self, url: str, pictures: Mapping[str, Shown], films: AbstractSet[str], site_url: str = "") -> None:
        self._folder = posixpath.dirname(url)
        self._base = urlsplit(site_url).path.strip("/")
        self._pictures = pictures
        self._films = films
        self._language = ""
        self._seen = 0
        self.problems: list[tuple[str, str, str]] = []
        self.broken: set[str] = set()

    def rewrite(self, page: str) -> str:
        """Return the page with its tags rewritten."""
        found = _LANGUAGE.search(page)
        self._language = found[1] if found else ""
        if "<video" in page or "<audio" in page:
            page = _PLAYER.sub(self._player, page)
        return _IMG.sub(self._img, page)

    def _img(self, tag: re.Match[str]) -> str:
        attributes = _pairs(tag[1])
        name = self._name(attributes.get("src", ""))
        if posixpath.splitext(name)[1].lower() in self.PLAYED and name in self._films:
            return self._film(name, attributes.get("alt", ""))
        shown = self._pictures.get(name)
        if shown is None:
            missing = posixpath.splitext(name)[1].lower() in PICTURES
            return _in_words(attributes.get("alt", "")) if missing else tag[0]
        if shown.error:
            file = posixpath.basename(name)
            self.broken.add(name)
            self.problems.append((file, "picture-broken", f"the picture '{file}' is left out: {shown.error}"))
            return _in_words(attributes.get("alt", ""))
        width, height = _size(attributes, shown)
        attributes |= {"width": str(width), "height": str(height), "decoding": attributes.get("decoding", "async")}
        if "plain" not in attributes.get("class", ""):  # the templates decide themselves about theirs
            self._seen += 1
            if self._seen > _EAGER:
                attributes.setdefault("loading", "lazy")
        if shown.copies:
            attributes |= self._copies(shown, width)
        return f"<img{_written(attributes)}>"

    def _copies(self, shown: Shown, width: int) -> dict[str, str]:
        """Return the attributes that let a browser take the smallest copy that is sharp; `src` stays for the others."""
        copies = ", ".join(f"{self._address(name)} {size}w" for size, name in sorted(shown.copies.items()))
        sizes = f"(min-width: 48rem) {ARTICLE // 16}rem, 100vw" if width >= ARTICLE else f"min({width}px, 100vw)"
        return {"srcset": copies, "sizes": sizes}

    def _film(self, name: str, alt: str) -> str:
        """Return the player for a film or sound that Markdown wrote as a picture: its poster and captions lie beside it."""
        stem, suffix = posixpath.splitext(name)
        label = f' aria-label="{html.escape(alt)}"' if alt else ""
        source = html.escape(self._address(name))
        if suffix.lower() in SOUNDS:
            return f'<audio controls preload="metadata" src="{source}"{label}></audio>'
        poster = next((f"{stem}{end}" for end in POSTERS if f"{stem}{end}" in self._pictures), "")
        tracks = captions_of(stem, (one for one in self._films if one.endswith(CAPTIONS)), self._language)
        if not tracks:
            self._without_captions(name)
        return (
            f'<video controls playsinline preload="{"none" if poster else "metadata"}"{self._poster(poster)}'
            f' src="{source}"{label}>'
            + "".join(self._track(track, language, first=number == 0) for number, (language, track) in enumerate(tracks))
            + "</video>"
        )

    def _player(self, found: re.Match[str]) -> str:
        """Give a player of raw HTML controls, a size, and no more than its first bytes."""
        kind, attributes, inner = found[1], _pairs(found[2]), found[3]
        source = attributes.get("src") or html.unescape(next(iter(_SOURCE.findall(inner)), ""))
        attributes.pop("autoplay", None)
        attributes["controls"] = ""
        if attributes.get("preload") not in {"none", "metadata"}:
            attributes["preload"] = "metadata"
        if kind == "video":
            poster = self._pictures.get(self._name(attributes.get("poster", "")))
            width, height = _size(attributes, poster) if poster and poster.width else (1280, 720)
            attributes |= {"width": attributes.get("width", str(width)), "height": attributes.get("height", str(height))}
            attributes.setdefault("playsinline", "")
            if not _KIND.search(inner):
                self._without_captions(self._name(source) or source)
        return f"<{kind}{_written(attributes)}>{inner}</{kind}>"

    def _without_captions(self, name: str) -> None:
        base = posixpath.basename(name)
        stem = posixpath.splitext(base)[0]
        cure = f"Put them beside it as {stem}.{self._language or 'en'}{CAPTIONS}"
        self.problems.append((base, "video-silent", f"the film '{base}' has no captions. {cure}"))

    def _poster(self, poster: str) -> str:
        shown = self._pictures.get(poster) or Shown()
        if not shown.width or shown.error:
            return ' width="1280" height="720"'
        return f' poster="{html.escape(self._address(poster))}" width="{shown.width}" height="{shown.height}"'

    def _track(self, track: str, language: str, *, first: bool) -> str:
        code = language or self._language
        label, default = html.escape(endonym(code)), " default" if first else ""
        source = html.escape(self._address(track))
        return f'<track kind="captions" src="{source}" srclang="{html.escape(code)}" label="{label}"{default}>'

    def _name(self, address: str) -> str:
        """Return the file of the site that an address means; nothing for other hosts."""
        parts = urlsplit(address) if "\0" not in address else urlsplit("")
        if parts.scheme or parts.netloc or not parts.path:
            return ""
        path = unquote(parts.path)
        if path.startswith("/"):
            return posixpath.normpath(path.lstrip("/").removeprefix(f"{self._base}/" if self._base else ""))
        return posixpath.normpath(posixpath.join(self._folder, path))

    def _address(self, name: str) -> str:
        return quote(posixpath.relpath(name, self._folder or "."), safe="/@:+;=~!$&'()*")


def _in_words(alt: str) -> str:
    """Return what stands in the place of a picture that is missing or broken: what it would have shown."""
    return f'<span class="outside" role="note"><span class="outside-title">{html.escape(alt)}</span></span>' if alt else ""


def _pairs(attributes: str) -> dict[str, str]:
    return {name.lower(): html.unescape(double or single or bare) for name, double, single, bare in _PAIR.findall(attributes)}


def _written(attributes: Mapping[str, str]) -> str:
    empty = {"controls", "muted", "loop", "playsinline", "default"}
    return "".join(
        f" {name}" if name in empty and not value else f' {name}="{html.escape(value)}"' for name, value in attributes.items()
    )


def _size(attributes: Mapping[str, str], shown: Shown) -> tuple[int, int]:
    """Return the size that a tag declares: as wide as its author says, always in the picture's own proportions."""
    given = _number(attributes.get("width", ""))
    if not given:
        high = _number(attributes.get("height", ""))
        given = round(high * shown.width / shown.height) if high else shown.width
    width = max(1, given)
    return width, max(1, round(width * shown.height / shown.width))


def _number(value: str) -> int:
    """Return a width in CSS pixels; 0 where it says none that makes sense."""
    found = re.match(r"\s*(\d{1,5})(?:\.\d+)?\s*(%|[a-z]*)\s*$", value)
    if not found:
        return 0
    return ARTICLE * min(int(found[1]), 100) // 100 if found[2] == "%" else int(found[1])
