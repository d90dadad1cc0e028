"""Sets of questions with the pages that answer them: `corpus.jsonl[.gz]`, `queries*.jsonl`, `qrels.tsv` in a folder."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.machine import BenchError
from search_index.analysis import split_words
from search_index.languages import STEMMERS, STOP_WORDS, stop_words

VARIANTS = {"plain": "queries", "typo": "queries_typo", "prefix": "queries_prefix", "keywords": "queries_keywords"}
CORPUS, JUDGEMENTS = "corpus.jsonl", "qrels.tsv"
SUFFIX = re.compile(r"[-_.]([a-z]{2})$")
SCRIPTS = {"ja": re.compile("[\u3040-\u30ff]"), "zh": re.compile("[\u4e00-\u9fff]"), "ar": re.compile("[\u0620-\u06ff]")}
SAMPLE = 500
"""Documents and questions from which the language is told, where the name does not."""


@dataclass(frozen=True)
class SetDocument:
    """One page of a set."""

    id: str
    title: str
    text: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuerySet:
    """Pages, questions in their variants, and which page answers which question how well."""

    name: str
    language: str
    documents: list[SetDocument]
    queries: dict[str, dict[str, str]]
    """Variant -> id of the question -> its words."""
    judgements: dict[str, dict[str, int]]
    """Id of the question -> id of the page -> grade."""
    kinds: dict[str, str] = field(default_factory=dict)
    """Id of the question -> its kind, where the set names kinds."""

    def with_aliases(self, count: int) -> QuerySet:
        """Give each page its first questions, by id, as aliases, and leave those out of what is asked."""
        taken: dict[str, list[str]] = {}
        plain = self.queries.get("plain", {})
        for query in sorted(plain):
            grades = self.judgements.get(query, {})
            for document in (one for one, grade in grades.items() if grade == max(grades.values()) > 0):
                if len(taken.setdefault(document, [])) < count:
                    taken[document].append(query)
        gone = {query for queries in taken.values() for query in queries}
        documents = [
            replace(one, aliases=(*one.aliases, *(plain[query] for query in taken.get(one.id, ())))) for one in self.documents
        ]
        left = {variant: {id_: text for id_, text in asked.items() if id_ not in gone} for variant, asked in self.queries.items()}
        return replace(self, documents=documents, queries=left)


def find_sets(folder: Path) -> list[Path]:
    """Return the folder if it is a set, else the sets in it. Raises BenchError where there is none."""
    if _corpus(folder):
        return [folder]
    found = sorted(path for path in folder.glob("*/") if _corpus(path))
    if not found:
        raise BenchError(
            f"{folder}: no set of questions here or in the folders below. "
            f"A set has {CORPUS} or {CORPUS}.gz, queries.jsonl and {JUDGEMENTS}"
        )
    return found


def read_set(folder: Path, language: str = "") -> QuerySet:
    """Return a set; the language is the one given, the name's ending (`-de`), or told from the words. Raises BenchError."""
    corpus = _corpus(folder)
    if corpus is None:
        raise BenchError(f"{folder}/{CORPUS}: not found, nor {CORPUS}.gz")
    documents = [
        SetDocument(str(row["id"]), str(row["title"]), str(row["text"]), tuple(row.get("aliases", ())))
        for row in _rows(corpus, ("id", "title", "text"))
    ]
    rows = {
        variant: list(_rows(path, ("id", "text")))
        for variant, name in VARIANTS.items()
        if (path := folder / f"{name}.jsonl").is_file()
    }
    if "plain" not in rows:
        raise BenchError(f"{folder}/queries.jsonl: not found")
    queries = {variant: {str(row["id"]): str(row["text"]) for row in found} for variant, found in rows.items()}
    kinds = {str(row["id"]): str(row["kind"]) for row in rows["plain"] if "kind" in row}
    chosen = language or language_of(folder.resolve().name, documents, queries["plain"])
    return QuerySet(folder.resolve().name, chosen, documents, queries, _judgements(folder / JUDGEMENTS), kinds)


def language_of(name: str, documents: list[SetDocument], queries: Mapping[str, str]) -> str:
    """Return a set's language: the ending of its name, its script, or the language whose small words it has most of."""
    ending = SUFFIX.search(name)
    if ending and (ending[1] in STEMMERS or ending[1] in STOP_WORDS or ending[1] in SCRIPTS):
        return ending[1]
    text = "\n".join([*(one.text[:SAMPLE] for one in documents[:SAMPLE]), *list(queries.values())[:SAMPLE]])
    letters = max(1, sum(letter.isalpha() for letter in text))
    for code, script in SCRIPTS.items():
        if len(script.findall(text)) > letters / 10:
            return code
    words = split_words(text)
    shares = {code: sum(word in small for word in words) for code in sorted(STOP_WORDS) if (small := stop_words(code))}
    # English first, so that a set without any sentence is English.
    return max(["en", *shares], key=lambda code: shares.get(code, 0))


def _corpus(folder: Path) -> Path | None:
    return next((path for path in (folder / CORPUS, folder / f"{CORPUS}.gz") if path.is_file()), None)


def _rows(path: Path, keys: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file of JSON lines. Raises BenchError with the line that is none."""
    number = 1
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line) if line.strip() else None
                if row is not None and not (isinstance(row, dict) and all(key in row for key in keys)):
                    raise BenchError(f"{path}:{number}: not an object with {', '.join(keys)}")
                if row is not None:
                    yield row
                number += 1
    except (ValueError, OSError, EOFError) as error:
        raise BenchError(f"{path}:{number}: cannot be read: {error}") from None


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    if not path.is_file():
        raise BenchError(f"{path}: not found")
    found: dict[str, dict[str, int]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match line.split("\t"):
            case [query, document, grade] if grade.strip().isdecimal():
                found.setdefault(query, {})[document] = int(grade)
            case _:
                raise BenchError(f"{path}:{number}: not three columns: question, document, grade, with tabs between")
    return found
