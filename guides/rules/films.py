"""Rules for films: who cannot hear reads along, who waits sees what will come."""

from __future__ import annotations

import codecs
import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from guides.films import CAPTIONS, POSTERS, captions_of, is_film
from guides.problems import Problem, problem
from guides.rules.site import Site, language_name
from guides.targets import Kind, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.guide import Guide
    from guides.page import Link


def films(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that a film has captions in the language of its page, and a poster."""
    for film in guide.page.pictures:
        target = resolve(guide.id, film.target)
        full = os.path.normpath(f"{guide.path.parent}/{target.path}") if target.kind is Kind.FILE else ""
        if full and is_film(full) and site.is_file(full):
            yield from _captions(guide, film, full)
            yield from _poster(film, full, site)


def _captions(guide: Guide, film: Link, full: str) -> Iterator[Problem]:
    name, (stem, _) = posixpath.basename(full), posixpath.splitext(full)
    source, line, _ = film.place
    found = captions_of(stem, (f"{posixpath.dirname(full)}/{one}" for one in _beside(posixpath.dirname(full))), guide.language)
    mine = [file for language, file in found if language in {guide.language, ""}]
    if not mine:
        wanted = f"{posixpath.basename(stem)}.{guide.language}{CAPTIONS}"
        message = f"the film '{name}' has no captions in {language_name(guide.language)}. Put them beside it as {wanted}"
        yield problem(source, line, "video-captions", message)
    elif not _is_webvtt(mine[0]):
        message = f"the captions '{posixpath.basename(mine[0])}' are no WebVTT. Their first line must be WEBVTT"
        yield problem(source, line, "video-captions", message)


def _poster(film: Link, full: str, site: Site) -> Iterator[Problem]:
    name, (stem, _) = posixpath.basename(full), posixpath.splitext(full)
    if not any(site.is_file(f"{stem}{end}") for end in POSTERS):
        source, line, _ = film.place
        message = f"the film '{name}' has no poster. Put a picture beside it as {posixpath.basename(stem)}.jpg"
        yield problem(source, line, "video-poster", message)


def _is_webvtt(path: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            return file.read(16).removeprefix(codecs.BOM_UTF8).startswith(b"WEBVTT")
    except OSError:
        return False


def _beside(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208, only their names
    except OSError:
        return []


RULES = (films,)
"""In a site written by others the build warns of films without captions."""
