"""What a build depends on, as one digest: equal means that building again would give the same bytes."""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

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


def inputs_digest(settings: Settings) -> str:
    """Return a digest over all content, settings, templates, our code, and the versions of what it stands on."""
    state = hashlib.blake2b(digest_size=16)
    for part in _parts(settings):
        state.update(len(part).to_bytes(8, "big") + part)
    return state.hexdigest()


def _parts(settings: Settings) -> Iterator[bytes]:
    yield f"{os.environ.get('HELPSTAND_ENGINE', 'mkdocs')} {[version(package) for package in PACKAGES]}".encode()
    yield settings.config_file.read_bytes()
    roots = [settings.content, *settings.snippet_folders] if settings.foreign else [settings.content, settings.stores]
    for root in [*roots, *(PROJECT / name for name in CODE)]:
        for path in sorted(_files(root)):
            yield str(path).encode("utf-8", "surrogateescape")
            yield path.read_bytes()


def _files(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if name != "__pycache__" and not name.startswith(".")]
        yield from (Path(folder) / name for name in files)
