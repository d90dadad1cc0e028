"""Films and sound of guides: what they are called, and where their posters and captions lie."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FILMS = frozenset({".mp4", ".m4v", ".webm", ".ogv"})
SOUNDS = frozenset({".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav"})
CAPTIONS = ".vtt"
POSTERS = (".webp", ".jpg", ".jpeg", ".png", ".svg")
"""A poster has the name of its film, in this order where there are several."""


def is_film(path: str) -> bool:
    """Tell whether a path names a film."""
    return posixpath.splitext(path)[1].lower() in FILMS


def captions_of(stem: str, files: Iterable[str], language: str) -> list[tuple[str, str]]:
    """Return the captions of a film (its path without suffix) as (language, file), those of a language first.

    `clip.en.vtt` is English; plain `clip.vtt` is in the language of the page, which is the empty one here.
    """
    found = []
    for file in files:
        rest = file.removeprefix(stem).removesuffix(CAPTIONS) if file.startswith(stem) and file.endswith(CAPTIONS) else None
        if rest == "" or (rest is not None and rest.startswith(".") and rest.count(".") == 1 and "/" not in rest):
            found.append((rest.lstrip("."), file))
    return sorted(found, key=lambda one: (one[0] != language, one[0] != "", one))
