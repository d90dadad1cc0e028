"""The index on disk: whole or not at all, and the last good one stays."""

from __future__ import annotations

import errno
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from search_index import indexer, store
from search_index.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexError_,
    IndexMissingError,
    IndexOutdatedError,
    IndexUnwritableError,
    SiteMissingError,
)
from search_index.indexer import build_index
from search_index.searcher import Searcher

FOUND = "kettle/descale"


def first(index: Path, text: str = "limescale", lang: str = "en") -> str:
    """Return the id of the best page."""
    with Searcher.open(index) as searcher:
        return searcher.search(text, lang)["results"][0]["id"]


def builds(index: Path) -> list[Path]:
    """Return the folders of all builds."""
    return sorted(index.glob("built-*"))


def test_every_language_is_indexed_and_found(kettle_site: Path, tmp_path: Path) -> None:
    """One call indexes all languages; an unknown language gets the default one."""
    report = build_index(kettle_site, tmp_path / "index")
    assert report.documents == {"en": 5, "de": 1}
    assert report.total == 6
    with Searcher.open(tmp_path / "index") as searcher:
        assert searcher.languages == ("en", "de")
        assert searcher.search("kalk", "de")["results"][0]["url"] == "de/kettle/descale.html"
        assert searcher.search("limescale", "fr")["lang"] == "en"
        given = searcher.search("white bits in my water", "en", product="kettle")
        assert given["results"][0]["product_title"] == "Aqua kettle AK-200"
        assert searcher.search("E24", "en")["results"][0]["id"] == "kettle/error-e24"


def test_disk_and_memory_give_the_same_answers(kettle_site: Path, tmp_path: Path) -> None:
    """Whoosh's postings and our files lose nothing."""
    from search_index.answer import answer
    from search_index.corpus import analyse
    from search_index.documents import read_language
    from search_index.memory import MemorySource
    from search_index.ranking import Ranker

    build_index(kettle_site, tmp_path / "index")
    source = MemorySource(analyse("en", *read_language(kettle_site, "en")))
    with Searcher.open(tmp_path / "index") as searcher:
        for text in ("limescale", "is it on", "E24", "kettel vinegr", "AK-200", "clean the sens", "nothing at all zzz"):
            assert searcher.search(text, "en") == answer(source, Ranker(source), text, "en")


def test_a_new_build_replaces_the_old_one(kettle_site: Path, tmp_path: Path) -> None:
    """One build is left, and an open searcher goes on."""
    build_index(kettle_site, tmp_path / "index")
    with Searcher.open(tmp_path / "index") as before:
        shutil.rmtree(kettle_site / "en" / "kettle")
        build_index(kettle_site, tmp_path / "index")
        assert before.search("limescale", "en")["results"][0]["id"] == FOUND
    assert len(builds(tmp_path / "index")) == 1
    with Searcher.open(tmp_path / "index") as after:
        assert FOUND not in [result["id"] for result in after.search("limescale", "en")["results"]]


@pytest.mark.parametrize("step", ["write_language", "write_stamp", "_sync", "_switch"])
def test_a_full_disk_leaves_the_last_good_index(
    kettle_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever step the disk fills at: a clear message, no leftovers, the old index answers, and the next build works."""
    index = tmp_path / "index"
    build_index(kettle_site, index)
    good = builds(index)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(indexer, step, full)
        with pytest.raises(
            IndexUnwritableError, match=r"index: cannot write the search index: the disk is full\. Free some space.*still in use"
        ):
            build_index(kettle_site, index)
    assert builds(index) == good
    assert first(index) == FOUND
    build_index(kettle_site, index)
    assert first(index) == FOUND


def test_a_disk_that_fills_inside_whoosh_leaves_the_last_good_index(
    kettle_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that fails keeps Whoosh's lock; a new folder each time makes that harmless."""
    index = tmp_path / "index"
    build_index(kettle_site, index)

    class Writer:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

        def commit(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    from search_index import postings

    def create(folder: str, schema: Any) -> Any:
        made = real_create(folder, schema)
        writer = made.writer
        made.writer = lambda **options: Writer(writer(**options))
        return made

    real_create: Any = vars(postings)["create_in"]
    with monkeypatch.context() as patched:
        patched.setattr(postings, "create_in", create)
        with pytest.raises(IndexUnwritableError, match="the disk is full"):
            build_index(kettle_site, index)
    assert len(builds(index)) == 1
    assert build_index(kettle_site, index).total == 6


def test_a_killed_build_blocks_nobody(kettle_site: Path, tmp_path: Path) -> None:
    """After kill -9 in the middle the old index answers, the next build works at once and clears up."""
    index = tmp_path / "index"
    build_index(kettle_site, index)
    program = (
        "import sys, time; from pathlib import Path; from search_index import indexer\n"
        "indexer._switch = lambda *_: (print('half', flush=True), time.sleep(60))\n"
        "indexer.build_index(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    command = [sys.executable, "-c", program, str(kettle_site), str(index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        assert len(builds(index)) == 2
        with pytest.raises(IndexBusyError, match="another build of this index has been running"):
            build_index(kettle_site, index, wait=0.1)
        process.send_signal(signal.SIGKILL)
    assert first(index) == FOUND
    began = time.monotonic()
    build_index(kettle_site, index)
    assert time.monotonic() - began < 10
    assert len(builds(index)) == 1


def test_a_stale_lock_file_never_blocks(kettle_site: Path, tmp_path: Path) -> None:
    """A lock file left by a crash means nothing."""
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "lock").write_text("left over")
    assert build_index(kettle_site, tmp_path / "index", wait=0).total == 6


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.EROFS, "the disk is read-only"), (errno.EACCES, "no permission to write there"), (errno.EIO, "Input/output")],
)
def test_a_folder_that_cannot_be_written_is_explained(
    kettle_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    """Read-only disk, permissions, anything else: the cause in words."""

    def refuse(*_: object, **__: object) -> str:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(IndexUnwritableError, match=words):
        build_index(kettle_site, tmp_path / "index")


def test_a_file_in_the_way_is_explained(kettle_site: Path, tmp_path: Path) -> None:
    """A file where the folder should be: said, not a traceback."""
    (tmp_path / "index").write_text("in the way")
    with pytest.raises(IndexUnwritableError, match="a file stands where a folder must be"):
        build_index(kettle_site, tmp_path / "index")


def test_no_site_no_index(tmp_path: Path) -> None:
    """Without a built site nothing is made."""
    with pytest.raises(SiteMissingError):
        build_index(tmp_path / "nowhere", tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_no_index_says_how_to_make_one(tmp_path: Path) -> None:
    """The caller learns that building would help."""
    with pytest.raises(IndexMissingError, match=r"there is no search index yet\. Run `\./helpstand build`") as caught:
        Searcher.open(tmp_path)
    assert caught.value.rebuild


def test_any_damage_is_noticed_before_a_pickle_is_opened(kettle_site: Path, tmp_path: Path) -> None:
    """Every file cut short, changed, added or lost: a clear error, whose cure is to build again."""
    index = tmp_path / "index"
    build_index(kettle_site, index)
    [build] = builds(index)
    for path in sorted(path for path in build.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for damaged in (content[: len(content) // 2], content[:-1] + bytes([content[-1] ^ 1]) if content else b"x", None):
            if damaged == content:
                continue  # half of an empty file
            path.unlink() if damaged is None else path.write_bytes(damaged)
            with pytest.raises(IndexDamagedError, match=r"Run `\./helpstand build` to make the index again") as caught:
                Searcher.open(index)
            assert caught.value.rebuild
            path.write_bytes(content)
    (build / "en" / "postings" / "foreign.toc").write_bytes(b"x")
    with pytest.raises(IndexDamagedError):
        Searcher.open(index)
    build_index(kettle_site, index)
    assert first(index) == FOUND


class Trap:
    """A pickle that would leave a trace."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """Run code when opened."""
        return (os.mkdir, (str(self.trace),))


def test_a_foreign_pickle_is_never_opened(kettle_site: Path, tmp_path: Path) -> None:
    """Neither in place of a file, nor through a link, nor through the pointer."""
    index, trace = tmp_path / "index", tmp_path / "trace"
    build_index(kettle_site, index)
    [build] = builds(index)
    [toc] = (build / "en" / "postings").glob("*.toc")
    evil = tmp_path / "evil.toc"
    evil.write_bytes(pickle.dumps(Trap(trace)))
    for replace in ("content", "link"):
        if replace == "content":
            toc.write_bytes(evil.read_bytes())
        else:
            toc.unlink()
            toc.symlink_to(evil)
        with pytest.raises(IndexDamagedError):
            Searcher.open(index)
    shutil.copytree(build, tmp_path / "built-elsewhere")
    for name in ("../built-elsewhere", str(tmp_path / "built-elsewhere"), "", "built-\x00", "lock"):
        (index / "current").write_text(name)
        with pytest.raises(IndexDamagedError, match="names no build of this index"):
            Searcher.open(index)
    (index / "built-link").symlink_to(tmp_path / "built-elsewhere")
    (index / "current").write_text("built-link")
    with pytest.raises(IndexDamagedError):
        Searcher.open(index)
    assert not trace.exists()


def test_an_index_of_another_version_is_built_again(kettle_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other analysis, other format: the stamp says so."""
    build_index(kettle_site, tmp_path / "index")
    monkeypatch.setattr(store, "ANALYSIS_VERSION", -1)
    with pytest.raises(IndexOutdatedError, match="made by another version of Helpstand") as caught:
        Searcher.open(tmp_path / "index")
    assert caught.value.rebuild
    assert isinstance(caught.value, IndexError_)


def test_several_threads_share_a_searcher(kettle_site: Path, tmp_path: Path) -> None:
    """The kiosk's server answers from several threads at once."""
    build_index(kettle_site, tmp_path / "index")
    with Searcher.open(tmp_path / "index") as searcher:
        words = ["limescale", "vinegar", "E24", "wifi", "sensor", "is it on", "kettel"]
        right = {word: json.dumps(searcher.search(word, "en")) for word in words}
        wrong: list[str] = []

        def ask() -> None:
            wrong.extend(word for word in words * 20 if json.dumps(searcher.search(word, "en")) != right[word])

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
