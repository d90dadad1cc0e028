"""Golden questions: which of them do not find their page first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from search_index.searcher import Searcher


class GoldenError(Exception):
    """The file of questions cannot be used; the text says where and why."""


class Miss(NamedTuple):
    """A question whose page is not first."""

    lang: str
    text: str
    place: int
    """Where its page stands, from 2; 0 when it is not among the results."""
    first: str
    wanted: list[str]


def read_questions(path: Path) -> list[dict[str, Any]]:
    """Return the questions of a file: a list of entries with text, lang and answer, and perhaps product."""
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise GoldenError(f"{path}: there is no such file. Name one by --queries") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise GoldenError(f"{path}: cannot be read: {error}") from None
    wrong = (
        [number for number, entry in enumerate(entries or [], 1) if not _is_question(entry)] if isinstance(entries, list) else []
    )
    if not isinstance(entries, list) or not entries:
        raise GoldenError(f"{path}: a list of questions is wanted, each with text, lang and answer")
    if wrong:
        raise GoldenError(f"{path}: entries {', '.join(map(str, wrong[:10]))} lack text, lang or a list answer")
    return entries


def _is_question(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("text"), str)
        and isinstance(entry.get("lang"), str)
        and isinstance(entry.get("answer"), list)
    )


def misses(searcher: Searcher, questions: list[dict[str, Any]]) -> Iterator[Miss]:
    """Yield the questions whose page is not first; one without an answer, or in a language that is not there, is not asked."""
    for question in questions:
        wanted, lang = question["answer"], question["lang"]
        if not wanted or lang not in searcher.languages:
            continue
        found = [result["id"] for result in searcher.search(question["text"], lang)["results"]]
        place = next((number for number, name in enumerate(found, 1) if name in wanted), 0)
        if place != 1:
            yield Miss(lang, question["text"], place, found[0] if found else "", wanted)
