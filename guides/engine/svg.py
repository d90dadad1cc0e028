"""Drawings (SVG) with nothing in them but the drawing: an allow-list, written anew from what the XML parser understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from guides.engine.pictures import BrokenPictureError

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
MAX_BYTES = 5_000_000
MAX_DEPTH = 200
_SEPARATOR = " "

SHAPES = """
a animate animateMotion animateTransform circle clipPath defs desc ellipse feBlend feColorMatrix feComponentTransfer
feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB
feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight
feTile feTurbulence filter g image line linearGradient marker mask mpath path pattern polygon polyline radialGradient
rect set stop style svg switch symbol text textPath title tspan use view
"""
_ALLOWED = frozenset(SHAPES.split())
_TOLD = {"script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler", "listener", "feImage"}
_MOVING = {"animate", "set", "animateTransform", "animateMotion"}
_INSIDE = re.compile(r"\s*#")
_DATA_PICTURE = re.compile(r"\s*data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)
_URL = re.compile(
    r"url\(\s*(?![\s\"']*(?:#|data:(?:image/(?:png|jpeg|gif|webp)|font/|application/(?:x-)?font))[^)]*\))", re.IGNORECASE
)
_CSS = re.compile(r"@import|expression\s*\(|javascript:|-moz-binding|behavior\s*:|image-set\s*\(|\\", re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(px|pt|pc|mm|cm|in|em|rem|ex)?\s*$")
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
}


@dataclass(frozen=True)
class Drawing:
    """A clean SVG, its size in CSS pixels, and what was refused, each with its line."""

    data: bytes
    width: int
    height: int
    refused: tuple[tuple[int, str], ...]


def clean_svg(data: bytes) -> Drawing:
    """Return the drawing without anything that runs, loads from elsewhere or blows up. Raises BrokenPictureError."""
    if len(data) > MAX_BYTES:
        raise BrokenPictureError(f"the drawing has {len(data) / 1e6:.0f} MB, the limit is {MAX_BYTES / 1e6:.0f} MB. Simplify it")
    writer = _Writer()
    try:
        writer.parser.Parse(data, True)
    except expat.ExpatError as error:
        message = expat.errors.messages.get(error.code, str(error.code))
        raise BrokenPictureError(f"it is no well-formed SVG (line {error.lineno}: {message}). Save it anew") from None
    except (ValueError, LookupError) as error:  # an encoding that Python does not know
        raise BrokenPictureError(f"it is no SVG that can be read ({error}). Save it as UTF-8") from None
    if not writer.size:
        raise BrokenPictureError("it is no SVG: its first element is not <svg>. Save it anew")
    return Drawing("".join(writer.out).encode() + b"\n", *writer.size, tuple(writer.refused))


@dataclass
class _Writer:
    """Writes down again what the parser reports, where it is allowed."""

    out: list[str] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    size: tuple[int, int] = ()  # type: ignore[assignment]
    skipped: int = 0
    depth: int = 0
    style: list[str] | None = None
    written: int = 0

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.EntityDeclHandler = self.entity
        self.parser.ExternalEntityRefHandler = self.outside

    def entity(self, name: str, _parameter: bool, value: str | None, *_rest: object) -> None:
        """Let drawing programs name their namespaces; refuse entities that load or that grow."""
        if value is None or "&" in value or "%" in value or len(value) > 200:
            raise BrokenPictureError(
                f"line {self.parser.CurrentLineNumber}: it declares the entity '{name}'. Save it as plain SVG"
            )

    def outside(self, *_reference: object) -> int:
        """Load nothing."""
        return 1

    def refuse(self, what: str, why: str) -> None:
        self.refused.append((self.parser.CurrentLineNumber, f"{what} was taken out: {why}"))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        space, _, tag = name.rpartition(_SEPARATOR)
        if self.depth > MAX_DEPTH:
            raise BrokenPictureError(f"its elements are nested {MAX_DEPTH} deep. Simplify it")
        if self.depth == 1 and (tag != "svg" or space not in {SVG, ""}):
            raise BrokenPictureError("it is no SVG: its first element is not <svg>. Save it anew")
        if self.skipped or self._drops(space, tag, attributes):
            self.skipped += 1
            return
        kept = self._attributes(tag, attributes)
        if self.depth == 1:
            self.size = _size(attributes)
            kept = f' xmlns="{SVG}"{kept}'
        if tag == "style":
            self.style = []
        self._write(f"<{tag}{kept}>")

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.skipped:
            self.skipped -= 1
            return
        if self.style is not None:
            self._close_style()
        tag = name.rpartition(_SEPARATOR)[2]
        if self.out[-1].startswith(f"<{tag}") and self.out[-1].endswith(">") and not self.out[-1].endswith("/>"):
            self.out[-1] = self.out[-1][:-1] + "/>"
        else:
            self._write(f"</{tag}>")

    def text(self, text: str) -> None:
        if self.skipped or not self.depth:
            return
        if self.style is not None:
            self.style.append(text)
        else:
            self._write(escape(text))

    def _write(self, text: str) -> None:
        self.written += len(text)
        if self.written > 2 * MAX_BYTES:
            raise BrokenPictureError("it unfolds to more than 10 MB. Save it as plain SVG")
        self.out.append(text)

    def _close_style(self) -> None:
        css = "".join(self.style or ())
        self.style = None
        if _CSS.search(css) or _URL.search(css):
            self.refuse("the style sheet", "it loads from elsewhere, or could run code")
        else:
            self._write(escape(css))

    def _drops(self, space: str, tag: str, attributes: dict[str, str]) -> bool:
        if space not in {SVG, ""}:
            if tag in _TOLD or space.endswith("/xhtml"):
                self.refuse(f"<{tag}>", "a picture holds drawings only")
            return True
        target = attributes.get("attributeName", "").lower()
        if tag in _MOVING and (target.startswith("on") or target.rpartition(":")[2] == "href"):
            self.refuse(f"<{tag}> of {target}", "it could run code")
            return True
        if tag in _ALLOWED:
            return False
        if tag in _TOLD:
            self.refuse(f"<{tag}>", "a picture must not run or load anything")
        return True

    def _attributes(self, tag: str, attributes: dict[str, str]) -> str:
        kept: dict[str, str] = {}
        for name, value in attributes.items():
            space, _, local = name.rpartition(_SEPARATOR)
            prefix = {"": "", XLINK: "", XML: "xml:", SVG: ""}.get(space)
            if prefix is None or (prefix == "xml:" and local == "base"):
                continue
            why = _objection(tag, local, value)
            if why:
                self.refuse(f'{prefix}{local}="{value[:40]}" of <{tag}>', why)
            else:
                kept.setdefault(f"{prefix}{local}", value)  # href and the old xlink:href are one
        return "".join(f" {name}={quoteattr(value)}" for name, value in kept.items())


def _objection(tag: str, name: str, value: str) -> str:
    """Say why an attribute must go; nothing where it may stay."""
    lower = name.lower()
    if lower.startswith("on"):
        return "it could run code"
    if lower in {"href", "src"}:
        inside = _INSIDE.match(value) or (tag == "image" and _DATA_PICTURE.match(value))
        return "" if inside else "a picture must not lead or load elsewhere"
    if _URL.search(value) or (lower == "style" and _CSS.search(value)):
        return "it loads from elsewhere, or could run code"
    return ""


def _size(attributes: dict[str, str]) -> tuple[int, int]:
    """Return width and height in CSS pixels: as declared, else of the viewBox, else a browser's own 300 by 150."""
    width, height = (_pixels(attributes.get(name, "")) for name in ("width", "height"))
    box = [float(part) for part in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", attributes.get("viewBox", ""))[:4]]
    ratio = box[3] / box[2] if len(box) == 4 and box[2] > 0 and box[3] > 0 else 0.0
    if not width and not height and ratio:
        width = box[2]
    if not height:
        height = width * ratio if width and ratio else height or 150.0
    if not width:
        width = height / ratio if ratio else 300.0
    return max(1, round(width)), max(1, round(height))


def _pixels(length: str) -> float:
    found = _LENGTH.match(length)
    return float(found[1]) * _PIXELS[found[2] or ""] if found else 0.0
