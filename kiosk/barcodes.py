"""What a scanner read: a product's barcode or the address on a shelf label, and which page of the site it means."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kiosk.site import SiteInfo, find

MOST = 300
LENGTHS = (8, 12, 13, 14)

_JSON_LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
_DIGITAL_LINK = re.compile(r"/01/(\d{8,14})(?:/|$)")
_FRAGMENT = re.compile(r"[A-Za-z0-9_.~=&?,/-]{1,128}")


def same_length(code: str) -> str | None:
    """Give a barcode as the 14 digits that all its forms share, or None where its check digit is wrong.

    An EAN-13 that begins with 0 and the UPC-A without that 0 are one number (GS1 General Specifications 2.1.1).
    """
    digits = code.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) not in LENGTHS:
        return None
    padded = digits.zfill(14)
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(padded))
    return padded if total % 10 == 0 else None


def unshortened(code: str) -> str | None:
    """Give the UPC-A of an 8-digit UPC-E, as scanners send it from small packages (GS1 General Specifications 5.2.2.4)."""
    found = re.fullmatch(r"([01])(\d)(\d)(\d)(\d)(\d)(\d)(\d)", code)
    if found is None:
        return None
    system, a, b, c, d, e, last, check = found.groups()
    if last in "012":
        middle = f"{a}{b}{last}0000{c}{d}{e}"
    elif last == "3":
        middle = f"{a}{b}{c}00000{d}{e}"
    elif last == "4":
        middle = f"{a}{b}{c}{d}00000{e}"
    else:
        middle = f"{a}{b}{c}{d}{e}0000{last}"
    return same_length(f"{system}{middle}{check}")


class Barcodes:
    """Finds the page that a code means; the site's product pages are read when the first code comes, or when warmed."""

    def __init__(self, site: Path, info: SiteInfo) -> None:
        self._site = site
        self._info = info
        self._lock = threading.Lock()
        self._read_for: object = None
        self._products: dict[str, str] = {}

    def page(self, scanned: str, lang: str) -> str | None:
        """Give the address of the page, in the visitor's language where it is there; None for a code that nobody knows."""
        text = scanned.strip()
        if not text or len(text) > MOST:
            return None
        code = same_length(text)
        if code:
            return self._product(code, lang) or self._product(unshortened(text), lang)
        if text.isdigit():
            return self._product(unshortened(text), lang)
        return self._on_label(text, lang)

    def _product(self, code: str | None, lang: str) -> str | None:
        name = self._known().get(code or "")
        return self._existing(lang, name) if name else None

    def _on_label(self, text: str, lang: str) -> str | None:
        # A label carries the web address of the page; only its path counts, so the kiosk never leaves its own site.
        try:
            parts = urlsplit(text)
        except ValueError:
            return None
        if parts.scheme.lower() not in ("http", "https"):
            return None
        path = unquote(parts.path)
        link = _DIGITAL_LINK.search(path)
        if link:
            return self._product(same_length(link[1]), lang)
        names = path.split("/")
        for at, name in enumerate(names):
            if self._info.knows(name):
                found = self._existing(lang, "/".join(names[at + 1 :]), name)
                fragment = parts.fragment if _FRAGMENT.fullmatch(parts.fragment) else ""
                return f"{found}#{fragment}" if found and fragment else found
        return None

    def _existing(self, lang: str, name: str, otherwise: str = "") -> str | None:
        for code in (lang, otherwise or self._info.default):
            address = f"/{code}/{name}"
            if self._info.knows(code) and find(self._site, address):
                return address
        return None

    def _known(self) -> dict[str, str]:
        folder = self._site / self._info.default / "products"
        with self._lock:
            stamp = _stamp(self._site / "helpstand.json")
            if stamp != self._read_for:
                self._products = read_products(folder)
                self._read_for = stamp
            return self._products


def read_products(folder: Path) -> dict[str, str]:
    """Read every product page's barcodes: 14 digits -> the page's name below its language."""
    found: dict[str, str] = {}
    for page in sorted(folder.glob("*.html")):
        data = _JSON_LD.search(page.read_text(encoding="utf-8", errors="replace"))
        for code in _codes(data[1]) if data else ():
            found.setdefault(code, f"products/{page.name}")
    return found


def _codes(text: str) -> list[str]:
    try:
        graph = json.loads(text)
    except ValueError:
        return []
    nodes = graph.get("@graph", [graph]) if isinstance(graph, dict) else []
    values = [value for node in nodes if isinstance(node, dict) and node.get("@type") == "Product" for value in _listed(node)]
    return [code for value in values if (code := same_length(str(value)))]


def _listed(node: dict[str, object]) -> list[object]:
    value = node.get("gtin", [])
    return value if isinstance(value, list) else [value]


def _stamp(path: Path) -> object:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns
