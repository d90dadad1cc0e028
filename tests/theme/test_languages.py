"""The interface says everything in every language, and says nothing that no page needs."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from guides.engine.texts import FOLDER, endonym
from guides.vocabulary import SERVICES, Difficulty, Intent, Safety, Stage

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "de", "es", "fr", "it", "ar")
ENDONYMS = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français", "it": "Italiano", "ar": "العربية"}
TEMPLATES = sorted([*(ROOT / "theme/site").rglob("*.html"), *(ROOT / "theme/shell").rglob("*.html")])
CODE = sorted([*(ROOT / "guides").rglob("*.py"), *(ROOT / "kiosk").rglob("*.py"), ROOT / "build.py"])

SHARED = {
    "de": {"Chat", "Code", "Normal", "PIN", "System", "Version"},
    "es": {"Chat", "No", "Normal", "PIN"},
    "fr": {"Code", "Danger", "Question", "Version", "Volume"},
    "it": {"Chat", "No", "PIN", "Volume"},
    "ar": set(),
}
"""English texts that are right in the other language too."""


@cache
def texts(language: str) -> dict[str, str]:
    """Return the texts of one file as they stand there."""
    found: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return found


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_these_languages_are_there() -> None:
    """Six files, each called by the language's own name in its own script."""
    assert {file.stem for file in FOLDER.glob("*.json")} == set(LANGUAGES)
    assert {language: endonym(language) for language in LANGUAGES} == ENDONYMS


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_sorted_and_written_alike(language: str) -> None:
    """A change shows as the lines that changed, and no key stands there twice."""
    written = (FOLDER / f"{language}.json").read_text(encoding="utf-8")
    assert written == json.dumps(texts(language), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_text_is_translated(language: str) -> None:
    """The same keys with the same placeholders as in English, none empty."""
    english, own = texts("en"), texts(language)
    assert sorted(set(english) - set(own)) == [], f"missing in {language}.json"
    assert sorted(set(own) - set(english)) == [], f"only in {language}.json"
    assert [key for key, text in own.items() if not text.strip() or text != text.strip()] == []
    assert {key: text for key, text in own.items() if placeholders(text) != placeholders(english[key])} == {}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_text_was_left_in_english(language: str) -> None:
    """A text like the English one is a word that both languages have, or was forgotten."""
    english = texts("en")
    same = {text for key, text in texts(language).items() if text == english.get(key)}
    assert sorted(same - SHARED[language]) == []


def test_arabic_is_arabic() -> None:
    """Every text has Arabic letters, Arabic punctuation, and digits as on the product."""
    own = texts("ar")
    assert [key for key, text in own.items() if not re.search(r"[\u0621-\u064a]", text)] == []
    assert [key for key, text in own.items() if re.search(r"[?;,]|[\u0660-\u0669]", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_typing_is_clean(language: str) -> None:
    """Real quotation marks and apostrophes, one character for dots, no double spaces; French and Spanish set their own way."""
    for key, text in texts(language).items():
        assert not re.search(r"[\"'`´]|\.\.\.|  ", text), (language, key)
        assert not re.search(r"[„“”‚‘]" if language in {"es", "fr", "it", "ar"} else r"[«»]", text), (language, key)
        if language == "fr":
            assert not re.search(r"(?<![\u202f\u00a0])[?!;:»]|«(?!\u00a0)", text), (language, key)
        if language == "es":
            assert text.count("?") == text.count("¿"), (language, key)
            assert text.count("!") == text.count("¡"), (language, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_of_the_kiosk_bar_are_short(language: str) -> None:
    """Seven buttons share the width of a screen: a long word would push one out."""
    own = texts(language)
    names = [f"kiosk_{name}" for name in ("home", "back", "language", "text_size", "contrast", "person")]
    assert [own[name] for name in names if len(own[name]) > 20 or max(map(len, own[name].split())) > 10] == []


def test_every_kind_has_its_words() -> None:
    """Each stage, intent, difficulty, danger and service is named in English, so in every language."""
    wanted = [
        *(f"stage_{stage}" for stage in Stage),
        *(f"intent_{intent.replace('-', '_')}" for intent in Intent),
        *(f"difficulty_{difficulty}" for difficulty in Difficulty),
        *(f"safety_{safety}" for safety in Safety),
        *(f"service_{service}" for service in SERVICES),
    ]
    assert [key for key in wanted if key not in texts("en")] == []


def used() -> tuple[set[str], set[str]]:
    """Return the keys that templates and code name, and patterns of those that they put together."""
    keys: set[str] = set()
    patterns: set[str] = set()
    for file in TEMPLATES:
        text = file.read_text(encoding="utf-8")
        keys |= set(re.findall(r"\b(?:t|texts)\.([a-z]\w*)", text))
        keys |= set(re.findall(r"\bt\[\"(\w+)\"\]", text))
        patterns |= {rf"{start}\w+" for start in re.findall(r"\bt\[\"(\w+)\" ~", text)}
    for file in CODE:
        text = file.read_text(encoding="utf-8")
        keys |= set(re.findall(r"(?<!library\.)\btexts(?:\.get\(|\[)\"(\w+)\"", text))
        put_together = re.findall(r"\b_?texts(?:\.get\(|\[)f\"([^\"/]+)\"", text)
        patterns |= {re.sub(r"\\?\{.*?\}", r"\\w+", pattern) for pattern in put_together}
    return keys, patterns


def test_every_text_that_is_asked_for_is_there() -> None:
    """No page has a hole where a text should be."""
    keys, patterns = used()
    assert sorted(keys - set(texts("en")) - {"get", "items"}) == []
    assert [pattern for pattern in patterns if not any(re.fullmatch(pattern, key) for key in texts("en"))] == []


def test_no_text_is_without_use() -> None:
    """What no page shows needs no translators."""
    keys, patterns = used()
    left = {key for key in texts("en") if key not in keys and not any(re.fullmatch(pattern, key) for pattern in patterns)}
    assert sorted(left - {"language_name"}) == []
