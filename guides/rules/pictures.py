"""Rules for pictures: they exist, lie in the site, and say in words what they show."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from guides.problems import Problem, problem
from guides.suggest import nearest_name
from guides.targets import Kind, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.guide import Guide
    from guides.page import Link
    from guides.rules.site import Site

_FILE_NAME = re.compile(
    r"[^\s]+\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?)|[A-Za-z]+[_-]?[0-9]+|[a-z0-9]+(?:[_-][a-z0-9]+)+", re.IGNORECASE
)
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".tif", ".tiff"}
_DIGITS = re.compile(r"[0-9]+")
_NO_WORDS = {
    "image",
    "picture",
    "photo",
    "screenshot",
    "icon",
    "logo",
    "bild",
    "foto",
    "abbildung",
    "grafik",
    "imagen",
    "immagine",
    "صورة",
}


def exist(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that a picture that a guide shows is there."""
    outside: list[Link] = []
    for picture in guide.page.pictures:
        if site.settings.foreign and resolve(guide.id, picture.target).kind is Kind.OUTSIDE:
            outside.append(picture)
        else:
            yield from _exists(guide, site, picture)
    if outside:
        # In a site written by others there may be hundreds on a page: once is enough.
        source, line, _ = outside[0].place
        count = "1 picture lies on another host" if len(outside) == 1 else f"{len(outside)} pictures lie on other hosts"
        message = f"{count} and will be a box with the address, the first is '{outside[0].target}'. Put copies into {site.media}"
        yield problem(source, line, "picture-outside", message)


def alternative_texts(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that the kiosk reads the alternative text aloud: it says what the picture shows."""
    for picture in guide.page.pictures:
        name = _file_name(picture.target)
        source, line, _ = picture.place
        if not picture.text:
            yield problem(
                source, line, "alt-missing", f"the picture '{name}' has no alternative text. Say between [ and ] what it shows"
            )
        elif _FILE_NAME.fullmatch(picture.text) or picture.text.casefold() in _NO_WORDS:
            message = f"the alternative text '{picture.text}' does not say what the picture shows. Describe it in a few words"
            yield problem(source, line, "alt-file-name", message)


def _exists(guide: Guide, site: Site, picture: Link) -> Iterator[Problem]:
    target = resolve(guide.id, picture.target)
    source, line, _ = picture.place
    if target.kind is Kind.OUTSIDE:
        message = f"the picture '{picture.target}' lies on another host and would not be shown. Put a copy into {site.media}"
        yield problem(source, line, "picture-outside", message)
    elif target.kind is Kind.DANGEROUS:
        yield problem(
            source, line, "link-dangerous", f"a picture must not use {target.id}: addresses. Put it into {site.media} as a file"
        )
    elif target.kind in {Kind.FILE, Kind.PAGE}:
        yield from picture_problem(site, guide.path.parent, target.path, source, line)
    elif target.kind is not Kind.ABSOLUTE or not site.settings.foreign:
        message = (
            f"the picture '{picture.target}' is not found. Write its path from this page, such as ../../media/kettle/lid.svg"
        )
        yield problem(source, line, "picture-missing", message)


def picture_problem(site: Site, folder: Path, path: str, source: str, line: int) -> Iterator[Problem]:
    """Yield a problem when a picture, named relative to a folder, is not in the site's content."""
    content = str(site.settings.content)
    beside = f"{folder}/{path}"
    if site.checked.get(beside):
        return
    full = os.path.normpath(beside)
    if not full.startswith(content + os.sep):
        folder_name = site.settings.content.name
        yield problem(
            source, line, "picture-missing", f"the picture '{path}' lies outside of {folder_name}/. Put a copy into {site.media}"
        )
    elif not site.is_file(full):
        found = _meant(Path(full))
        cure = f" Did you mean '{found}'?" if found else " Add the file, or correct the path"
        yield problem(source, line, "picture-missing", f"the picture '{path}' is not found.{cure}")
    else:
        site.checked[beside] = True


def _meant(missing: Path) -> str | None:
    """Return the file beside it that a missing one is likely to mean: of the same kind, and not its neighbour in a series."""
    kinds = _PICTURES if missing.suffix.lower() in _PICTURES else {missing.suffix.lower()}
    series = _DIGITS.sub("", missing.stem)
    names = {
        path.stem: path.name
        for path in _beside(missing)
        if path.suffix.lower() in kinds and (path.stem == missing.stem or _DIGITS.sub("", path.stem) != series)
    }
    found = nearest_name(missing.stem, names)
    return names[found] if found is not None else None


def _beside(missing: Path) -> list[Path]:
    try:
        return sorted(missing.parent.iterdir())
    except (OSError, ValueError):
        return []


def _file_name(target: str) -> str:
    return target.rsplit("/", 1)[-1]


RULES = (alternative_texts,)
"""Sites written by others keep their alternative texts; that pictures exist is asked of everybody."""
