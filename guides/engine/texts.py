"""Interface texts: one flat JSON file per language, English where a text is missing."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "theme" / "site" / "languages"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv"})


@cache
def load_texts(language: str) -> dict[str, str]:
    """Return every text in a language; a region falls back to its language (`de-AT` to `de`), then to English."""
    texts: dict[str, str] = {}
    for code in ("en", language.split("-", maxsplit=1)[0], language):
        file = FOLDER / f"{code}.json"
        if file.is_file():
            texts |= json.loads(file.read_text(encoding="utf-8"))
    return texts


def endonym(language: str) -> str:
    """Return a language's own name, or its code where there is no file for it."""
    file = FOLDER / f"{language.split('-', maxsplit=1)[0]}.json"
    return str(json.loads(file.read_text(encoding="utf-8"))["language_name"]) if file.is_file() else language


def direction(language: str) -> str:
    """Return `rtl` or `ltr`, which follows from the language."""
    return "rtl" if language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"
