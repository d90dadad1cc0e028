"""An index that is cut short, changed, foreign or of another version: told in words, no code run, cured by building again."""

from __future__ import annotations

import gc
import json
import os
import pickle
import shutil
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from search_index import pickles
from search_index.errors import IndexDamagedError, IndexMissingError, IndexOutdatedError, SearchIndexError
from search_index.indexer import build_index
from search_index.searcher import Searcher
from search_index.store import STAMP, write_stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

FOUND = "kettle/descale"
CURE = r"Run `\./helpstand build` to make the index again|Run `\./helpstand build` to make one"


class Trap:
    """A pickle that would leave a trace."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """Run code when opened."""
        return (os.mkdir, (str(self.trace),))


@pytest.fixture
def index(kettle_site: Path, tmp_path: Path) -> Path:
    """Return a good index."""
    build_index(kettle_site, tmp_path / "index")
    return tmp_path / "index"


def the_build(index: Path) -> Path:
    """Return the folder of its one build."""
    [build] = index.glob("built-*")
    return build


def broken(content: bytes, random: Random) -> Iterator[bytes]:
    """Yield a file's content cut at several places, with bits flipped at several places, and grown."""
    for cut in {0, 1, len(content) // 4, len(content) // 2, len(content) - 1}:
        if 0 <= cut < len(content):
            yield content[:cut]
    for _ in range(4):
        at = random.randrange(len(content)) if content else 0
        yield content[:at] + bytes([content[at] ^ (1 << random.randrange(8))]) + content[at + 1 :] if content else b"x"
    yield content + b"\x00"
    yield b"\x00" * len(content) if content.strip(b"\x00") else b"\x01"


def refused(index: Path, error: type[SearchIndexError] = IndexDamagedError) -> None:
    """Check that an index is not opened, that the words say what to do, and that building again is said to help."""
    with pytest.raises(error, match=CURE) as caught:
        Searcher.open(index)
    assert caught.value.rebuild
    assert str(index) in str(caught.value)


def opened(index: Path) -> str:
    """Return the first page for a question, or that the index is refused with a cure."""
    try:
        searcher = Searcher.open(index)
    except SearchIndexError as error:
        return "refused" if error.rebuild else str(error)
    with searcher:
        return searcher.search("limescale", "en")["results"][0]["id"]


def test_every_file_cut_or_flipped_anywhere(index: Path) -> None:
    """Also the stamp and the pointer; whole again, the index opens again."""
    random = Random(1)
    build = the_build(index)
    for path in sorted(path for path in build.rglob("*") if path.is_file() and path.name != STAMP):
        content = path.read_bytes()
        for damage in broken(content, random):
            path.write_bytes(damage)
            refused(index)
        path.unlink()
        path.mkdir()
        refused(index)
        path.rmdir()
        path.write_bytes(content)
    Searcher.open(index).close()


def test_a_damaged_stamp_or_pointer(index: Path) -> None:
    """Any byte of it: it opens the same index as before, or is refused; nothing else happens."""
    random = Random(2)
    for path in (the_build(index) / STAMP, index / "current"):
        content = path.read_bytes()
        for damage in broken(content, random):
            path.write_bytes(damage)
            found = opened(index)  # a space more at the end, a flip in white space
            assert found in {FOUND, "refused"}
        path.write_bytes(content)


@pytest.mark.parametrize(
    "stamp",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"format": 1}',
        b"\xff\xfe",
        b"9" * 5000,
        b"[" * 5000,
        b'{"format": {}, "analysis": [], "languages": 1, "files": 2}',
    ],
    ids=range(9),
)
def test_a_stamp_of_any_form(index: Path, stamp: bytes) -> None:
    """JSON of another form, no JSON, JSON too deep to read."""
    (the_build(index) / STAMP).write_bytes(stamp)
    refused(index, SearchIndexError)


@pytest.mark.parametrize("changes", [{"format": -1}, {"analysis": 999}, {"format": "1"}])
def test_another_version_is_said_to_be_one(index: Path, changes: dict[str, Any]) -> None:
    """An older or newer Helpstand made it."""
    stamp = the_build(index) / STAMP
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), **changes}))
    refused(index, IndexOutdatedError)


@pytest.mark.parametrize("languages", [["../../elsewhere"], ["fr"], [""], ["/"], ["en\x00"], []])
def test_a_stamp_that_names_other_folders(index: Path, languages: list[str]) -> None:
    """Languages that are no folder of this build, or none at all."""
    stamp = the_build(index) / STAMP
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "languages": languages}))
    refused(index)


def test_no_folder_no_pointer_no_build(index: Path, tmp_path: Path) -> None:
    """What is not there is said not to be there."""
    refused(tmp_path / "nowhere", IndexMissingError)
    shutil.rmtree(the_build(index))
    refused(index)
    (index / "current").unlink()
    refused(index, IndexMissingError)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_pickle_runs_code_even_in_a_build_that_is_whole_in_itself(index: Path, tmp_path: Path, kettle_site: Path) -> None:
    """A folder from elsewhere with a right stamp of its own: its pickles may hold data, not orders; a build puts it right."""
    trace = tmp_path / "trace"
    read = forged(index, trace)
    assert not trace.exists()
    assert read > 3
    build_index(kettle_site, index)
    assert opened(index) == FOUND


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_trap_works_where_nothing_guards(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test of what never happens proves nothing without it."""
    monkeypatch.setattr(pickles._DataOnly, "find_class", pickle.Unpickler.find_class)
    forged(index, tmp_path / "trace")
    assert (tmp_path / "trace").exists()


def forged(index: Path, trace: Path) -> int:
    """Put a pickle that leaves a trace wherever the build's files hold one; return how many were opened in vain."""
    build = the_build(index)
    evil = pickle.dumps(Trap(trace), 2)
    refusals = 0
    for path in sorted(path for path in (build / "en/postings").iterdir() if path.is_file()):
        content = path.read_bytes()
        for instead in _with_pickle(content, evil):
            path.write_bytes(instead)
            (build / STAMP).unlink()
            write_stamp(build, ["en", "de"])
            try:
                Searcher.open(index).close()
            except IndexDamagedError:
                refusals += 1
            if trace.exists():
                gc.collect()
                return refusals
        path.write_bytes(content)
    gc.collect()  # what Whoosh leaves open when it fails is closed here, not in the next test
    return refusals


def _with_pickle(content: bytes, evil: bytes) -> Iterator[bytes]:
    """Yield a file as a pickle, and with the pickle in the place of each one that it holds."""
    yield evil
    at = content.find(b"\x80")
    while at >= 0:
        if content[at + 1 : at + 2] in {b"\x02", b"\x03", b"\x04", b"\x05"}:
            yield content[:at] + evil + content[at + len(evil) :]
            yield content[:at] + evil
            # Whoosh writes the length of a pickled schema before it, in seven bits a byte.
            yield content[: at - 2] + bytes([len(evil) % 128 | 128, len(evil) // 128]) + evil + content[at:]
            yield content[: at - 1] + bytes([len(evil)]) + evil + content[at:]
        at = content.find(b"\x80", at + 1)
