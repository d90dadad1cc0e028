"""The folder of an index: a pointer file, and one folder per build with postings, facts, words and texts of each language.

build/index/current           the name of the build that counts, replaced in one step
build/index/built-…/stamp.json    versions, and size and hash of every file
build/index/built-…/en/…          postings (Whoosh), facts.json, words.json, texts.bin, places.bin;
                                  meaning.bin where search by meaning was asked for
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from search_index.analysis import ANALYSIS_VERSION
from search_index.documents import Section
from search_index.errors import IndexDamagedError, IndexMissingError, IndexOutdatedError
from search_index.meaning.question import fits
from search_index.meaning.vectors import FILE as VECTORS
from search_index.meaning.vectors import write_vectors
from search_index.memory import fact, word_list
from search_index.postings import PostingsReader, write_postings
from search_index.schema import FIELD_NAMES, FORMAT
from search_index.source import Fact, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from search_index.corpus import Corpus
    from search_index.meaning.table import Table

POINTER = "current"
STAMP = "stamp.json"
FOLDER = re.compile(r"built-[A-Za-z0-9_]{1,40}")
POSTINGS = "postings"


def dump(path: Path, data: object) -> None:
    """Write JSON so that the same data give the same bytes."""
    path.write_text(json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")), "utf-8")


def write_language(folder: Path, corpus: Corpus, table: Table | None = None) -> None:
    """Write everything that a search in one language needs; with a table of its words, for search by meaning too."""
    (folder / POSTINGS).mkdir(parents=True)
    write_postings(folder / POSTINGS, FIELD_NAMES, (entry.stems for entry in corpus.entries))
    texts, places, phrases = bytearray(), array("I"), array("I")
    at = []
    for entry in corpus.entries:
        at.append([len(texts), len(places), len(phrases)])
        sections = [
            [section.heading, section.anchor, section.text, int(section.continued)] for section in entry.document.sections
        ]
        texts += json.dumps(sections, ensure_ascii=False).encode()
        places += _by_stem(enumerate(entry.places))
        phrases += _by_stem((number, stem) for number, phrase in enumerate(entry.phrases) for stem in phrase)
    at.append([len(texts), len(places), len(phrases)])
    (folder / "texts.bin").write_bytes(texts)
    (folder / "places.bin").write_bytes(places.tobytes())
    (folder / "phrases.bin").write_bytes(phrases.tobytes())
    dump(folder / "facts.json", {
        "facts": [vars(fact(entry)) for entry in corpus.entries],
        "totals": corpus.totals(),
        "at": at,
        "stems": list(corpus.stem_numbers),
        "links": [[link.title, link.url, link.picture] for link in corpus.links],
    })  # fmt: skip
    words = word_list(corpus)
    dump(folder / "words.json", {
        "words": words.words, "frequencies": words.frequencies, "stems": [words.stem_of[word] for word in words.words],
        "stop": sorted(words.stop), "endings": words.endings, "respell": words.respell, "forms": words.forms,
        "common": sorted(words.common), "joints": words.joints, "synonyms": words.synonyms, "said": words.said,
    })  # fmt: skip
    if table and fits(corpus.code, table):
        write_vectors(folder / VECTORS, corpus, table)


def _by_stem(placed: Iterable[tuple[int, int]]) -> array[int]:
    """Return (place, stem) for fast finding: how many stems, the stems, where each one's places end, the places."""
    by_stem: dict[int, list[int]] = {}
    for place, stem in placed:
        by_stem.setdefault(stem, []).append(place)
    listed = array("I")
    ends = array("I")
    for stem in sorted(by_stem):
        listed.extend(by_stem[stem])
        ends.append(len(listed))
    return array("I", [len(by_stem), *sorted(by_stem)]) + ends + listed


def write_stamp(folder: Path, languages: Sequence[str]) -> None:
    """Write what proves that a build is whole."""
    files = {path.relative_to(folder).as_posix(): _proof(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    dump(folder / STAMP, {"format": FORMAT, "analysis": ANALYSIS_VERSION, "languages": list(languages), "files": files})


def _proof(path: Path) -> list[Any]:
    content = path.read_bytes()
    return [len(content), hashlib.blake2b(content, digest_size=16).hexdigest()]


def current_build(index: Path) -> Path:
    """Return the folder of the build that counts."""
    pointer = index / POINTER
    try:
        name = pointer.read_text("utf-8").strip()
    except FileNotFoundError as error:
        raise IndexMissingError(f"{index}: there is no search index yet. Run `./helpstand build` to make one.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamagedError(
            f"{pointer}: cannot be read ({error}). Run `./helpstand build` to make the index again."
        ) from error
    folder = index / name
    if not FOLDER.fullmatch(name) or folder.is_symlink() or not folder.is_dir():
        raise IndexDamagedError(f"{pointer}: names no build of this index. Run `./helpstand build` to make the index again.")
    return folder


def checked_languages(folder: Path) -> list[str]:
    """Return the languages of a build after proving that every file is as it was written; nothing is unpickled before that."""
    try:
        stamp = json.loads((folder / STAMP).read_text("utf-8"))
        version = (stamp["format"], stamp["analysis"])
        languages, files = [str(code) for code in stamp["languages"]], dict(stamp["files"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexDamagedError(
            f"{folder / STAMP}: damaged ({type(error).__name__}). Run `./helpstand build` to make the index again."
        ) from error
    if version != (FORMAT, ANALYSIS_VERSION):
        raise IndexOutdatedError(
            f"{folder}: made by another version of Helpstand. Run `./helpstand build` to make the index again."
        )
    if not languages:
        raise IndexDamagedError(f"{folder / STAMP}: names no language. Run `./helpstand build` to make the index again.")
    # A link could lead to a file of somebody else, and Whoosh's own files are pickles.
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or path.is_file()} - {STAMP}
    for name in sorted(present | set(files)):
        path = folder / name
        if path.name == VECTORS and name in files and not path.is_symlink():
            continue  # search goes on without: whoever reads it proves it
        if name not in files or name not in present or path.is_symlink() or not _is_whole(path, files[name]):
            raise IndexDamagedError(f"{path}: missing, cut short or changed. Run `./helpstand build` to make the index again.")
    return languages


def _is_whole(path: Path, proof: list[Any]) -> bool:
    try:
        return _proof(path) == proof
    except OSError:
        return False


class DiskSource:
    """One language of a build that has been checked."""

    def __init__(self, folder: Path) -> None:
        data = json.loads((folder / "facts.json").read_text("utf-8"))
        self.facts: Sequence[Fact] = [_fact(entry) for entry in data["facts"]]
        self.totals: Sequence[int] = data["totals"]
        self.links: Sequence[tuple[str, ...]] = [tuple(link) for link in data["links"]]
        self._at = data["at"]
        self._stem_numbers = {stem: number for number, stem in enumerate(data["stems"])}
        self.words = _words(json.loads((folder / "words.json").read_text("utf-8")))
        self._places = _numbers(folder / "places.bin")
        self._phrases = _numbers(folder / "phrases.bin")
        # A file handle with pread: no seek position to share between threads, and still there when the folder is deleted.
        self._texts = os.open(folder / "texts.bin", os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._reader = PostingsReader(folder / POSTINGS)

    def postings(self, field: str, stem: str) -> list[tuple[int, int]]:
        """Return (document number, times) in order of numbers."""
        return self._reader.postings(field, stem)

    def places(self, number: int, stems: Sequence[str]) -> dict[str, list[int]]:
        """Return where these stems stand among the kept words of a document's text."""
        return self._placed(self._places, self._at[number][1], stems)

    def phrases(self, number: int, stems: Sequence[str]) -> dict[str, list[int]]:
        """Return in which of a document's aliases these stems stand."""
        return self._placed(self._phrases, self._at[number][2], stems)

    def _placed(self, places: array[int], first: int, stems: Sequence[str]) -> dict[str, list[int]]:
        found = {}
        count = places[first]
        ends = first + 1 + count
        for stem in stems:
            wanted = self._stem_numbers.get(stem, -1)
            at = bisect_left(places, wanted, first + 1, ends)
            if at < ends and places[at] == wanted:
                end = at + count
                begin = places[end - 1] if at > first + 1 else 0
                listed = ends + count
                found[stem] = list(places[listed + begin : listed + places[end]])
        return found

    def sections(self, number: int) -> Sequence[Section]:
        """Return the sections of a document."""
        first, last = self._at[number][0], self._at[number + 1][0]
        os.lseek(self._texts, first, os.SEEK_SET)
        return [Section(*entry) for entry in json.loads(os.read(self._texts, last - first))]

    def close(self) -> None:
        """Let go of all files."""
        self._reader.close()
        os.close(self._texts)


def _numbers(path: Path) -> array[int]:
    numbers = array("I")
    numbers.frombytes(path.read_bytes())
    return numbers


def _fact(entry: dict[str, Any]) -> Fact:
    lists = {name: tuple(entry[name]) for name in ("lengths", "starts", "codes", "models", "title_numbers", "phrase_lengths")}
    return Fact(**{**entry, **lists})


def _words(data: dict[str, Any]) -> Words:
    def pairs(name: str) -> tuple[tuple[str, str], ...]:
        return tuple((first, second) for first, second in data[name])

    stem_of = dict(zip(data["words"], data["stems"], strict=True))
    return Words(
        data["words"], data["frequencies"], stem_of, frozenset(data["stop"]), pairs("endings"), pairs("respell"), data["forms"],
        frozenset(data["common"]), tuple(data["joints"]),
        tuple(tuple(tuple(term) for term in group) for group in data["synonyms"]),
        data["said"],
    )  # fmt: skip
