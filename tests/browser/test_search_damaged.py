"""Search data that are cut short, changed or gone: the browser says so in words, never hangs, and goes on when they are whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bench.engines_browser import SCRIPTS, HelpstandInChromium
from bench.host import Host
from bench.tab import Tab, blank
from search_index.export import FOLDER, write_export
from tests.search_index.search_sites import KETTLE, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ASK = f"""async (folder, question) => {{
  const late = new Promise((resolve) => setTimeout(() => resolve({{ hangs: true }}), 10_000));
  const asked = (async () => {{
    try {{
      await ({HelpstandInChromium.OPEN})(folder);
      return await engine.search(question);
    }} catch (error) {{
      return {{ error: String(error) }};
    }}
  }})();
  return Promise.race([late, asked]);
}}"""
AGAIN = "async (question) => { try { return await engine.search(question); } catch (error) { return { error: String(error) }; } }"
QUESTION = "limescale comes off AK-200"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small site with its export and the scripts."""
    made = write_site(tmp_path_factory.mktemp("damaged") / "site", KETTLE)
    write_export(made)
    shutil.copytree(SCRIPTS, made / "assets/js")
    blank(made)
    return made


@pytest.fixture(scope="module")
def host(site: Path) -> Iterator[Host]:
    """Serve it."""
    with Host(site) as served:
        yield served


def ask(browser: Browser, host: Host) -> Any:
    """Ask with an empty cache."""
    with Tab(browser, host) as tab:
        answer = tab.run(ASK, f"/en/{FOLDER}", QUESTION)
        assert tab.complaints == []
    assert "hangs" not in answer
    return answer


def damaged(content: bytes) -> dict[str, bytes | None]:
    """Return ways in which a file breaks."""
    middle = len(content) // 2
    return {
        "half": content[:middle],
        "empty": b"",
        "no end": content[:-1],
        "page": b"<!doctype html><title>404</title>",
        "other JSON": b"[]",
        "nothing": b"null",
        "flipped": content[:middle] + bytes([content[middle] ^ 64]) + content[middle + 1 :],
        "gone": None,
    }


@pytest.mark.parametrize("ways", [("half", "gone"), pytest.param(None, marks=pytest.mark.long)])
def test_every_file_broken(browser: Browser, site: Path, host: Host, ways: tuple[str, ...] | None) -> None:
    """An error that can be told, or an answer in the promised form; whole again, the same answer as before."""
    good = ask(browser, host)
    assert good["results"][0]["id"] == "kettle/descale"
    for path in sorted((site / "en" / FOLDER).iterdir()):
        content = path.read_bytes()
        for way, broken in damaged(content).items():
            if ways and way not in ways:
                continue
            path.unlink() if broken is None else path.write_bytes(broken)
            answer = ask(browser, host)
            assert ("error" in answer) or answer.keys() == good.keys(), (path.name, way)
            if way in {"half", "empty", "no end", "page", "gone"}:
                assert "error" in answer, (path.name, way)
            path.write_bytes(content)
    assert ask(browser, host) == good


def test_data_of_another_version_are_refused(browser: Browser, site: Path, host: Host) -> None:
    """Read wrongly they would give wrong answers; the message says what is the matter."""
    manifest = site / "en" / FOLDER / "manifest.json"
    content = manifest.read_text("utf-8")
    for key in ("format", "analysis"):
        manifest.write_text(json.dumps({**json.loads(content), key: 999}), "utf-8")
        assert "data of another version" in ask(browser, host)["error"]
    manifest.write_text(content, "utf-8")


def test_a_shard_that_comes_late_is_used(browser: Browser, site: Path, host: Host) -> None:
    """A failure is not kept: the next question loads the file again, in the same page."""
    shards = sorted((site / "en" / FOLDER).glob("postings-*.json"))
    kept = {path: path.read_bytes() for path in shards}
    with Tab(browser, host) as tab:
        for path in shards:
            path.write_bytes(kept[path][:-10])
        assert "error" in tab.run(ASK, f"/en/{FOLDER}", QUESTION)
        for path in shards:
            path.write_bytes(kept[path])
        assert tab.run(AGAIN, QUESTION)["results"][0]["id"] == "kettle/descale"
