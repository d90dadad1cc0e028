"""What a build depends on, as one digest: equal means that building again would give the same bytes."""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from guides.files import is_own, walk
from guides.reading import home_of
from guides.snippets import included_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "babel",
    "mkdocs",
    "mkdocs-material",
    "markdown",
    "pymdown-extensions",
    "pygments",
    "jinja2",
    "nh3",
    "pillow",
    "pydantic",
    "segno",
    "selectolax",
    "snowballstemmer",
)
CODE = ("guides", "search_index", "theme/site")
_CHUNK = 1 << 20


def inputs_digest(settings: Settings) -> str:
    """Return a digest over all content, settings, templates, our code, and the versions of what it stands on."""
    state = hashlib.blake2b(digest_size=16)
    for part in _parts(settings):
        state.update(len(part).to_bytes(8, "big") + part)
    return state.hexdigest()


def _parts(settings: Settings) -> Iterator[bytes]:
    yield f"{os.environ.get('HELPSTAND_ENGINE', 'mkdocs')} {[version(package) for package in PACKAGES]}".encode()
    for path in (settings.config_file, *settings.inherited):
        yield path.read_bytes()
    yield from (part for path in walk(settings.content) for part in _file(path, home_of(settings)))
    for path in () if settings.foreign else walk(settings.stores):
        yield from _file(path, settings.stores)
    for path in _snippets_elsewhere(settings) if settings.foreign else ():
        yield from _file(path, settings.root)
    for root in (PROJECT / name for name in CODE):
        yield from (part for path in walk(root) if "__pycache__" not in path.parts for part in _file(path, root))


def _file(path: Path, home: Path) -> Iterator[bytes]:
    """Yield the name and content of a file. What is no file, or not of the site, the build does not read either."""
    yield os.fsencode(path)
    if not is_own(path, home):
        yield b"not read"
        return
    content = hashlib.blake2b(digest_size=16)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                content.update(chunk)
    except OSError as error:  # a problem of the content: the check says it, with its cure
        yield f"unreadable {error.errno}".encode()
        return
    yield content.digest()


def _snippets_elsewhere(settings: Settings) -> list[Path]:
    """Return the snippets that pages take from folders other than the documents' own."""
    found: set[Path] = set()
    folders = settings.snippets(settings.source_language)
    for path in walk(settings.content):
        if path.suffix == ".md" and is_own(path, home_of(settings)):
            text = _text(path)
            found |= included_files(text, folders) if "8<" in text else set()
    return sorted(path for path in found if not path.is_relative_to(settings.content))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError:
        return ""
