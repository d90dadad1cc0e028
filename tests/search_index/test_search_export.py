"""The browser's data: the same bytes for the same site, and no more than is needed."""

from __future__ import annotations

import errno
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from search_index import export
from search_index.errors import IndexUnwritableError
from search_index.export import write_export
from tests.search_index.search_sites import KETTLE, write_site

if TYPE_CHECKING:
    from pathlib import Path


def files(site: Path) -> dict[str, bytes]:
    """Return all exported files."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.glob("*/search/*"))}


def test_the_same_site_gives_the_same_bytes(kettle_site: Path, tmp_path: Path) -> None:
    """In another folder, and a second time over old files."""
    other = write_site(tmp_path / "elsewhere" / "other", KETTLE)
    write_export(kettle_site)
    write_export(other)
    first = files(kettle_site)
    assert first == files(other)
    (kettle_site / "en" / "search" / "postings-old.json").write_text("{}")
    write_export(kettle_site)
    assert files(kettle_site) == first


def test_names_hold_the_hash_of_the_content(kettle_site: Path) -> None:
    """A browser may keep every file but the manifest for ever."""
    write_export(kettle_site)
    for name, content in files(kettle_site).items():
        if not name.endswith("manifest.json"):
            assert name.rsplit("-", 1)[1] == f"{hashlib.sha256(content).hexdigest()[: export.DIGEST]}.json"


def test_the_manifest_names_every_file(kettle_site: Path) -> None:
    """Nothing is written that nobody loads."""
    write_export(kettle_site)
    folder = kettle_site / "en" / "search"
    assert {path.name for path in folder.iterdir()} == named(folder) | {"manifest.json"}
    assert manifest_of(folder)["count"] == 5


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return what is always loaded first."""
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return manifest


def named(folder: Path) -> set[str]:
    """Return the files that a manifest tells of, as the browser reads it."""
    manifest = manifest_of(folder)
    found: set[str] = set()
    for kind in ("documents", "words", "postings", "numbers", "passages"):
        hashes = re.findall(f".{{{export.DIGEST}}}", manifest[kind]["hashes"])
        assert len(hashes) == len(manifest[kind]["first"])
        found.update(f"{kind}-{number}-{digest}.json" for number, digest in enumerate(hashes))
    return found


def test_big_data_come_in_pieces(kettle_site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words and postings by ranges, passages by ranges of pages."""
    monkeypatch.setattr(export, "WHOLE", 200)
    write_export(kettle_site)
    folder = kettle_site / "en" / "search"
    manifest = manifest_of(folder)
    for kind in ("words", "postings", "passages"):
        starts = manifest[kind]["first"]
        assert len(starts) > 3
        assert starts == sorted(starts)
    assert manifest["passages"]["first"][0] == 0
    assert {path.name for path in folder.iterdir()} == named(folder) | {"manifest.json"}


def test_an_empty_language_can_be_exported(tmp_path: Path) -> None:
    """No pages yet is no error."""
    write_export(write_site(tmp_path / "site", {"en": {}}))
    assert json.loads((tmp_path / "site" / "en" / "search" / "manifest.json").read_text("utf-8"))["count"] == 0


def test_a_full_disk_is_explained(kettle_site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Place, cause and cure instead of a traceback."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export, "_write", full)
    with pytest.raises(IndexUnwritableError, match="cannot write the browser's search data: the disk is full"):
        write_export(kettle_site)
