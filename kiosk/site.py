"""What the kiosk knows of the built site: its name and languages, and which file an address means."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

_NOT_A_NAME = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True)
class Language:
    """One language of the site, named in itself."""

    code: str
    name: str
    dir: str = "ltr"


@dataclass(frozen=True)
class Store:
    """The shop in which the kiosk stands."""

    id: str
    languages: tuple[str, ...] = ()
    """Codes of what it offers, its own first; empty for all."""
    attract: tuple[str, ...] = ()
    """Addresses of the pictures that the waiting screen shows."""
    hours: Mapping[str, Any] = field(default_factory=dict)
    """When it is open: zone, week, holidays."""
    prefix: str = ""
    """How its reference numbers begin."""


@dataclass(frozen=True)
class SiteInfo:
    """What `helpstand.json` says."""

    name: str
    default: str
    languages: tuple[Language, ...]
    stores: tuple[Store, ...] = ()
    store: Store | None = None
    """The one in which this kiosk stands, where that is known."""

    @classmethod
    def nothing(cls) -> SiteInfo:
        """Give what can be said where no site can be read."""
        return cls("Helpstand", "en", (Language("en", "English"),))

    @property
    def pictures(self) -> tuple[str, ...]:
        """Addresses of the pictures for the waiting screen; a kiosk of no shop shows those of the first that has some."""
        stores = (self.store,) if self.store else self.stores
        return next((store.attract for store in stores if store.attract), ())

    def in_store(self, name: str | None) -> SiteInfo:
        """Give what a kiosk in that shop offers: the shop's languages, in its order. A sole shop needs no name."""
        sole = self.stores[0].id if len(self.stores) == 1 else None
        store = next((store for store in self.stores if store.id == (name or sole)), None)
        if store is None:
            return self
        known = {language.code: language for language in self.languages}
        offered = tuple(known[code] for code in store.languages if code in known) or self.languages
        return replace(self, default=offered[0].code if store.languages else self.default, languages=offered, store=store)

    def knows(self, code: str) -> bool:
        """Whether the site has this language."""
        return any(language.code == code for language in self.languages)

    def language(self, code: str) -> Language:
        """Give the language of that code, else the site's own first one."""
        found = {language.code: language for language in self.languages}
        return found.get(code) or found[self.default]


class SiteError(Exception):
    """The folder is not a built site."""


def read_info(site: Path) -> SiteInfo:
    """Read helpstand.json; a SiteError says what to do when it is missing or broken."""
    path = site / "helpstand.json"
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        languages = tuple(
            Language(str(item["code"]), str(item["name"]), str(item.get("dir", "ltr"))) for item in values["languages"]
        )
        stores = tuple(_store(str(name), item) for name, item in values.get("stores", {}).items())
        info = SiteInfo(str(values["site_name"]), str(values["default"]), languages, stores)
    except FileNotFoundError:
        raise SiteError(f"{site}: there is no built site here. Build it first: ./helpstand build") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SiteError(
            f"{path}: cannot be read ({type(error).__name__}). Build the site anew: ./helpstand build --clean"
        ) from None
    if not info.knows(info.default):
        raise SiteError(
            f"{path}: its default language is not among its languages. Build the site anew: ./helpstand build --clean"
        )
    return info


def _store(name: str, item: dict[str, Any]) -> Store:
    languages, attract = (tuple(map(str, item.get(key, ()))) for key in ("languages", "attract"))
    return Store(name, languages, attract, dict(item.get("hours", {})), str(item.get("prefix", "")))


def find(root: Path, path: str) -> Path | None:
    """Give the file below root that a decoded address path means, or None; never one outside root, by dots or by links."""
    parts = path.split("/")[1:]
    if parts[-1] == "":
        parts[-1] = "index.html"
    if _NOT_A_NAME.search(path) or any(part == "" or part.startswith(".") for part in parts):
        return None
    try:
        # Both resolved at every request: a build may switch the root itself to a newer folder.
        real_root = os.path.realpath(root)
        real = os.path.realpath(os.path.join(real_root, *parts))  # noqa: PTH118 - hot path
        inside = real.startswith(real_root + os.sep)
        return Path(real) if inside and os.path.isfile(real) else None  # noqa: PTH113 - hot path
    except (OSError, ValueError):
        return None
