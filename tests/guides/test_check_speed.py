"""A writer waits for nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from guides.check import check
from guides.library import load_library
from guides.settings import load_settings

MakeSite = Callable[[dict[str, str | bytes]], Path]
CLEAN = Path(__file__).parents[1] / "sites" / "clean" / "content" / "en"


@pytest.mark.slow
def test_a_thousand_guides_take_less_than_ten_seconds(make_site: MakeSite) -> None:
    """Of processor time, so that a busy machine does not fail it."""
    guide = (CLEAN / "kettle" / "descale.md").read_text(encoding="utf-8").replace("aliases: [white stuff in my kettle]\n", "")
    section = "\n".join(
        f"## Part {part}\n\n1.  Open the lid. It is open.\n2.  Close the lid. It is shut.\n" for part in range(12)
    )
    guide = guide.replace("## You will see", section + "\n## You will see")
    config = make_site({f"content/en/kettle/guide-{number}.md": guide for number in range(1000)})
    begin = time.process_time()
    settings = load_settings(config)
    library, problems = load_library(settings)
    check(settings, library, problems, date(2026, 11, 22))
    assert len(library.guides) == 1000
    assert time.process_time() - begin < 10
