"""Fixtures of the search tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.search_index.search_sites import KETTLE, write_site

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def kettle_site(tmp_path: Path) -> Path:
    """Return a small built site: kettle and robot, English and a little German."""
    return write_site(tmp_path / "site", KETTLE)
