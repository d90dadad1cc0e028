"""Pictures and films of a built site: made small, their sizes declared in every page, what is broken or dangerous left out."""

from __future__ import annotations

import os
import posixpath
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from guides.engine.media_cache import MediaCache
from guides.engine.media_tags import PICTURES, MediaTags, Shown
from guides.engine.pictures import KINDS, BrokenPictureError, Prepared, prepare_picture
from guides.engine.preloads import with_preloads
from guides.engine.svg import clean_svg
from guides.engine.warnings import engine_problem
from guides.films import CAPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from guides.engine.page import LanguagePlan, Planned
    from guides.problems import Problem
    from guides.settings import Settings

WORKERS = 4
_THEME = "assets/"
"""Our own files: their sizes are declared too, but they are served as they are."""


@dataclass
class MediaReport:
    """What was done to the pictures of a site."""

    pictures: int = 0
    made: int = 0
    """Pictures that were not in the cache."""
    before: int = 0
    """Bytes of all picture files as their authors left them."""
    after: int = 0
    """Bytes of the same files now, without the smaller copies."""
    copies: int = 0
    """Bytes of the smaller copies, of which a browser takes one for each picture."""
    seconds: float = 0.0
    problems: list[Problem] = field(default_factory=list)


def prepare_media(settings: Settings, plans: Mapping[str, LanguagePlan], site: Path) -> MediaReport:
    """Prepare the pictures of a site that lies in a folder, and rewrite its pages to use them. Same site, same bytes.

    The plans are by folder: that of a language, or `""` where one language is the whole site.
    """
    started = time.perf_counter()
    cache = MediaCache(settings.output / "cache" / "media")
    kinds: dict[str, list[str]] = {}
    for name in sorted(_files(site)):
        kinds.setdefault(posixpath.splitext(name)[1].lower(), []).append(name)
    names = [name for kind in sorted(PICTURES) for name in kinds.get(kind, ())]
    # Pillow works outside of Python's lock: two cores do twice as much.
    with ThreadPoolExecutor(min(WORKERS, os.cpu_count() or 1)) as pool:
        done = list(pool.map(lambda name: _prepare(site, name, cache), names))
    cache.forget_unused()
    shown = {name: result for name, (result, _) in zip(names, done, strict=True)}
    report = MediaReport(len(names), *(sum(column) for column in zip(*(numbers for _, numbers in done), strict=True)))
    films = frozenset(name for kind in (*MediaTags.PLAYED, CAPTIONS) for name in kinds.get(kind, ()))
    planned = {posixpath.join(language, page.url): page for language, plan in plans.items() for page in plan.pages.values()}
    told: set[str] = set()
    for url in kinds.get(".html", ()):
        tags = MediaTags(url, shown, films, settings.site_url)
        _rewrite(site / url, tags)
        page = planned.get(url)
        if page and page.source:
            told |= tags.broken
            report.problems += _of_page(page, tags)
    report.problems += _of_files(settings, shown, told)
    report.seconds = round(time.perf_counter() - started, 2)
    return report


def _files(site: Path) -> Iterator[str]:
    """Yield the name of every file of the site; plain strings, for there are thousands."""
    for folder, _, files in os.walk(site):
        way = os.path.relpath(folder, site).replace(os.sep, "/")
        yield from files if way == "." else (f"{way}/{file}" for file in files)


def _prepare(site: Path, name: str, cache: MediaCache) -> tuple[Shown, tuple[int, int, int, int]]:
    """Prepare one picture and put what became of it into the site; a broken one is not in it any more.

    Returns it with how many were made anew, bytes before, bytes after, and bytes of its copies.
    """
    path = site / name
    data = path.read_bytes()
    kind = KINDS.get(path.suffix.lower(), "SVG")
    key = cache.key(data, kind)
    prepared, made = cache.get(key), 0
    if prepared is None:
        prepared, made = _made(data, kind), 1
        cache.put(key, prepared)
    if name.startswith(_THEME):
        return Shown(prepared.width, prepared.height), (made, 0, 0, 0)
    if prepared.error:
        path.unlink()
        return Shown(error=prepared.error), (made, len(data), 0, 0)
    if "" in prepared.files:
        path.write_bytes(prepared.files[""])
    copies = {width: f"{name}.{width}.webp" for width in prepared.widths}
    for width, copy in copies.items():
        (site / copy).write_bytes(prepared.files[str(width)])
    after = len(prepared.files.get("", data))
    if copies:
        copies.setdefault(prepared.width, name)  # where no copy of full width is smaller, the file itself is the widest
    of_copies = sum(len(content) for width, content in prepared.files.items() if width)
    return Shown(prepared.width, prepared.height, copies, refused=prepared.refused), (made, len(data), after, of_copies)


def _made(data: bytes, kind: str) -> Prepared:
    try:
        if kind != "SVG":
            return prepare_picture(data, kind)
        drawing = clean_svg(data)
    except BrokenPictureError as error:
        return Prepared(error=str(error))
    return Prepared(drawing.width, drawing.height, {"": drawing.data}, refused=drawing.refused)


def _written(settings: Settings, name: str) -> str:
    """Return the author's file of a file of the site, as messages show it."""
    below = name.partition("/")[2]
    if name.startswith("media/") and not settings.foreign:
        return settings.shown(settings.media / below)
    return settings.shown(settings.content / below)


def _rewrite(path: Path, tags: MediaTags) -> None:
    page = path.read_bytes()
    if b"<img" in page or b"<video" in page or b"<audio" in page:
        path.write_bytes(with_preloads(tags.rewrite(page.decode())).encode())


def _of_files(settings: Settings, shown: Mapping[str, Shown], told: set[str]) -> Iterator[Problem]:
    """Say what was taken out of drawings, and which pictures are broken though no page shows them."""
    for name, picture in shown.items():
        for line, message in picture.refused:
            yield engine_problem(_written(settings, name), line, "picture-refused", message)
        if picture.error and name not in told:
            yield engine_problem(_written(settings, name), 1, "picture-broken", f"the picture is left out: {picture.error}")


def _of_page(page: Planned, tags: MediaTags) -> Iterator[Problem]:
    from guides.engine.plugin import line_of  # noqa: PLC0415, the driver imports both of us

    for needle, rule, message in tags.problems:
        yield engine_problem(page.source, line_of(page, needle), rule, message)
