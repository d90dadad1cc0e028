"""Languages built beside each other give the same bytes and the same messages as one after the other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guides.engine import parallel
from guides.engine.adapter import EngineError
from guides.engine.shop import plan_shop
from guides.library import load_library
from tests.engine.conftest import MakeShop, built, guide

BODY = "[gone](gone.md#nowhere)\n\n<script>alert(1)</script>\n"
FILES = {f"content/{language}/lamp/{name}.md": guide(name, BODY) for language in ("en", "de") for name in ("on", "off")}


def bytes_of(site: Path) -> dict[str, bytes]:
    """Return every file of a site."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


@pytest.mark.slow
def test_many_processes_make_what_one_makes(make_shop: MakeShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files, problems and their order."""
    settings = make_shop(FILES)
    one = built(settings, tmp_path / "one")
    monkeypatch.setattr(parallel, "WORTH_IT", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    many = built(settings, tmp_path / "many")
    assert many == one
    assert one.problems
    assert bytes_of(tmp_path / "many") == bytes_of(tmp_path / "one")


@pytest.mark.slow
def test_an_error_in_a_process_is_told(make_shop: MakeShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What MkDocs says in a process of its own ends the build as it does in ours."""
    monkeypatch.setattr(parallel, "WORTH_IT", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    settings = make_shop(FILES)
    plans = plan_shop(settings, load_library(settings)[0])
    (tmp_path / "site").write_text("not a folder")
    with pytest.raises((EngineError, OSError)) as error:
        parallel.run_languages(settings, plans, tmp_path / "site")
    assert str(tmp_path / "site") in str(error.value)
