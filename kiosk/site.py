"""What the kiosk knows of the built site: its name and languages, and which file an address means."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

_NOT_A_NAME = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True)
class Language:
    """One language of the site, named in itself."""

    code: str
    name: str
    dir: str = "ltr"


@dataclass(frozen=True)
class SiteInfo:
    """What `helpstand.json` says."""

    name: str
    default: str
    languages: tuple[Language, ...]

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
        info = SiteInfo(str(values["site_name"]), str(values["default"]), languages)
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
