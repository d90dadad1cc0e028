"""A search index that is broken, foreign or of another version: the next `search` builds it again and answers."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from .conftest import Shop


class Trap:
    """A pickle that would leave a trace."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """Run code when opened."""
        return (os.mkdir, (str(self.trace),))


def cut(_index: Path, folder: Path, _trace: Path) -> None:
    """Cut a file in half."""
    path = folder / "en/places.bin"
    path.write_bytes(path.read_bytes()[:-8])


def foreign(_index: Path, folder: Path, trace: Path) -> None:
    """Put a pickle that runs code in the place of Whoosh's own."""
    [toc] = (folder / "en/postings").glob("*.toc")
    toc.write_bytes(pickle.dumps(Trap(trace)))


def older(_index: Path, folder: Path, _trace: Path) -> None:
    """Let another version have made it."""
    stamp = folder / "stamp.json"
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "format": 0}))


def lost(index: Path, _folder: Path, _trace: Path) -> None:
    """Lose the pointer."""
    (index / "current").unlink()


@pytest.mark.slow
@pytest.mark.parametrize("ways", [(foreign,), pytest.param((cut, older, lost), marks=pytest.mark.long)])
def test_a_broken_index_is_built_again_and_answers(shop: Shop, ways: Sequence[Callable[[Path, Path, Path], None]]) -> None:
    """A foreign pickle; cut short, another version, no pointer: each time the next search finds the guide."""
    trace = shop.root / "trace"
    assert shop.run("build").code == 0
    index = shop.root / "build/index"
    for breaking in ways:
        [folder] = index.glob("built-*")
        breaking(index, folder, trace)
        done = shop.run("search", "switch the lamp on", "--json")
        assert done.code == 0, (breaking.__name__, done.said)
        assert json.loads(done.output)["results"][0]["id"] == "lamp/switch"
        assert "built" in done.errors
        assert not trace.exists()


@pytest.mark.slow
def test_meaning_is_there_once_it_was_asked_for(shop: Shop) -> None:
    """A built site gets vectors without another build, keeps them through the next one, and gets them again after damage."""
    assert shop.run("build").code == 0
    index = shop.root / "build/index"
    assert not list(index.rglob("meaning.bin"))
    done = shop.run("search", "switch the lamp on", "--meaning", "--json")
    assert (done.code, json.loads(done.output)["results"][0]["id"]) == (0, "lamp/switch")
    assert "By words alone" not in done.errors
    [vectors] = index.rglob("meaning.bin")
    vectors.write_bytes(b"")
    assert "By words alone" not in shop.run("search", "lamp", "--meaning", "--explain").errors
    assert shop.run("build", "--clean").code == 0
    assert len(list(index.rglob("meaning.bin"))) == 1
