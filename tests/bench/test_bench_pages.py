"""What `bench pages` makes of its measurements, and what it says where it cannot measure."""

from __future__ import annotations

import gzip
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import yaml
from click.testing import CliRunner
from playwright.sync_api import Browser

from bench import pages as bench_pages
from bench.built import Page, one_of_each, part_of, read_pages, type_of
from bench.figures import differing, middle, percentile, stays_from
from bench.host import Host, Sent, weights
from bench.machine import BenchError, machine, missing, versions
from bench.peer import write_peer
from bench.phone import Phone, Visit
from bench.process import measure
from bench.report import AIMS, Side, details, figures, table, type_figures
from bench.screen import HEIGHT, STRIP, Screen
from bench.taps import Tap, Walk, Walked
from guides.settings import load_settings
from tests.kiosk.conftest import wait_for

# PyGObject warns about itself when it is imported.
pytestmark = [pytest.mark.filterwarnings("ignore::ImportWarning"), pytest.mark.filterwarnings("ignore::DeprecationWarning")]

ROOT = Path(__file__).resolve().parents[2]
CLEAN = ROOT / "tests/sites/clean"

PARTS = {"/en/index.html": "home", "/en/stages/use.html": "hub", "/en/lamp/größe.html": "guide", "/en/lamp/on.html": "guide"}


@pytest.mark.parametrize(("share", "value"), [(0.5, 30), (0.95, 50), (0.2, 10), (0.21, 20), (0, 10), (1, 50)])
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    """The nearest rank, whatever the order."""
    assert percentile([50, 10, 40, 20, 30], share) == value


def test_the_middle_of_two_is_the_lower_and_of_none_is_an_error() -> None:
    """No figure is invented between two runs."""
    assert middle([3, 1]) == 1
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_a_picture_stays_from_the_first_frame_that_is_like_the_last() -> None:
    """A frame that only flashes by does not count, nor does a change too small to see."""
    white, text, small = bytes([255]) * 31_000, bytes([0]) * 31_000, bytes([0]) * 30_990 + bytes([9]) * 10
    frames = [(1.0, text), (1.1, white), (1.2, small), (1.3, text)]
    assert differing(text, small) == 0
    assert differing(text, white) == 1
    assert differing(text, white[:-1]) == 1
    assert stays_from(frames, 0.001) == 1.2
    assert stays_from([*frames, (1.4, white)], 0.001) == 1.4


def test_the_weight_of_a_page_is_what_was_sent() -> None:
    """HTML, style and scripts count; fonts and pictures are told apart; an address without a name is a page."""
    sent = [
        Sent("/en/", 1000),
        Sent("/a.css", 500),
        Sent("/b.js", 250),
        Sent("/f.woff2", 9000),
        Sent("/p.SVG", 70),
        Sent("/x.json", 5),
    ]
    kb = {"page": 1.75, "html": 1.0, "css": 0.5, "js": 0.25, "fonts": 9.0, "pictures": 0.07, "other": 0.01}
    assert weights(sent) == pytest.approx(kb, abs=0.006)


def test_a_host_sends_text_squeezed_and_notes_it(tmp_path: Path) -> None:
    """What is noted is what gzip makes of the file; fonts go as they are; what is not there is the page for that."""
    text, font = b"<p>words</p>" * 400, bytes(range(256)) * 8
    for name, content in {"index.html": text, "a.css": b"p{}" * 300, "f.woff2": font, "404.html": b"lost" * 100}.items():
        (tmp_path / name).write_bytes(content)
    with Host(tmp_path) as host, httpx.Client(base_url=host.origin, trust_env=False) as client:
        assert client.get("/").content == text
        for name in ("/a.css", "/f.woff2"):
            assert client.get(name).status_code == 200
        assert client.get("/nowhere").status_code == 404
        assert wait_for(lambda: len(host.sent) == 4)  # noted after the answer is on its way
        sizes = {sent.path: sent.size for sent in host.sent}
    assert abs(sizes["/"] - len(gzip.compress(text, 6))) < 16
    assert sizes["/f.woff2"] == len(font)
    assert sorted(sent.kind for sent in host.sent) == ["css", "fonts", "html", "html"]


def test_types_of_pages_come_from_their_names() -> None:
    """What nobody writes is called after its place."""
    names = {
        "index": "home",
        "products": "products",
        "products/kettle": "product",
        "products/kettle/use": "product-stage",
        "stages/use": "stage",
        "intents/choosing": "intent",
        "compare/kettle": "compare",
        "products/lamp/compare": "compare",
        "person": "person",
        "404": "404",
    }
    assert {name: type_of(name) for name in names} == names
    assert [part_of(type_, written=False) for type_ in ("home", "stage", "person")] == ["home", "hub", "other"]
    assert part_of("menu", written=True) == "guide"


def test_of_each_type_the_heaviest_page_is_taken() -> None:
    """Most pictures first, then most HTML."""
    found = [Page("/a", "howto", "guide", size=9), Page("/b", "howto", "guide", pictures=2), Page("/c", "faq", "guide")]
    assert {type_: page.path for type_, page in one_of_each(found).items()} == {"faq": "/c", "howto": "/b"}


def test_a_built_page_is_read_by_its_article(tmp_path: Path) -> None:
    """A page without an article, such as a redirect, is none."""
    article = '<main><article data-guide="lamp/on" data-stage="use" data-type="howto"><h1> On </h1><img></article></main>'
    (tmp_path / "en/lamp").mkdir(parents=True)
    (tmp_path / "en/lamp/on.html").write_text(article, encoding="utf-8")
    (tmp_path / "en/old.html").write_text("<a href=lamp/on.html>moved</a>", encoding="utf-8")
    (page,) = read_pages(tmp_path, "en")
    assert page == Page("/en/lamp/on.html", "howto", "guide", "lamp/on", "use", "On", pictures=1, size=len(article))


def test_the_walk_goes_home_hub_guide_home_and_takes_turns() -> None:
    """Each link is taken as often as the others, addresses of folders and of other scripts are known."""
    walk = Walk(PARTS)
    home = [("/en/person.html", 1, 1), ("/en/stages/use.html", 2, 2)]
    hub = [("/en/lamp/on.html", 1, 1), ("/en/lamp/gr%C3%B6%C3%9Fe.html", 2, 2), ("/en/", 3, 3)]
    assert walk.choose("/", [("/de/", 1, 1), ("/en/", 2, 2)]) == ("/en/", 2, 2)
    assert walk.choose("/en/", home) == home[1]
    assert [walk.choose("/en/stages/use.html", hub)[1] for _ in range(4)] == [1, 2, 1, 2]
    assert walk.choose("/en/lamp/on.html", hub) == hub[2]


def test_a_page_without_a_way_on_is_told() -> None:
    """The bench does not guess."""
    with pytest.raises(BenchError, match=r"/en/: no link to a hub or guide can be seen on a screen of 1080 x 1920"):
        Walk(PARTS).choose("/en/", [("/en/person.html", 1, 1)])


def test_the_peer_has_the_same_guides_and_ways(tmp_path: Path) -> None:
    """Each guide is reached through the hub of its stage and leads home; its front matter stays the first thing in it."""
    settings = load_settings(CLEAN / "mkdocs.yml")
    guides = [Page("", "howto", "guide", "kettle/descale", "maintain", "Descale"), Page("", "menu", "guide", "menu", "", "Menu")]
    found = write_peer(settings, guides, tmp_path)
    docs = tmp_path / "docs"
    assert {page.path: page.part for page in found} == {
        "/index.html": "home",
        "/stages/guides.html": "hub",
        "/stages/maintain.html": "hub",
        "/guides/en/kettle/descale.html": "guide",
        "/guides/en/menu.html": "guide",
        "/404.html": "other",
    }
    assert "[Maintain](stages/maintain.md)" in (docs / "index.md").read_text(encoding="utf-8")
    assert "[Descale](../guides/en/kettle/descale.md)" in (docs / "stages/maintain.md").read_text(encoding="utf-8")
    lines = (docs / "guides/en/kettle/descale.md").read_text(encoding="utf-8").splitlines()
    assert lines[lines.index("---", 1) + 2] == "[Home](../../../index.md)"
    assert not (docs / "guides/de").exists()
    config = yaml.safe_load((tmp_path / "mkdocs.yml").read_text(encoding="utf-8"))
    assert config["theme"] == {"name": "material", "font": False}
    assert any("pymdownx.snippets" in one for one in config["markdown_extensions"])


def visit(paint: float, shift: float, kb: float) -> Visit:
    """Return a load with these figures."""
    return Visit(paint, shift, {"page": kb, "html": kb, "fonts": 34.0}, "h1", ("ul.cards",) if shift else ())


def side(name: str, path: Path) -> Side:
    """Return a site that was measured a little."""
    walks = [Walked([Tap("hub", 100, 90), Tap("guide", 300, 280)], missed=1), Walked([Tap("home", 200, 190)])]
    visits = {"home": [visit(0.7, 0.0, 20), visit(0.9, 0.02, 20), visit(0.6, 0.0, 20)], "howto": [visit(0.8, 0.0, 30)]}
    return Side(name, path, ("plain",), [], walks, visits)


def test_the_figures_are_those_of_the_worst_type(tmp_path: Path) -> None:
    """Of the loads of one type the middle, of shifts the worst; the aims have the same names."""
    found = figures(side("helpstand", tmp_path))
    assert found == {"tap_ms_p50": 200, "tap_ms_p95": 300, "largest_paint_s": 0.8, "shift": 0.02, "weight_kb": 30}
    assert list(found) == list(AIMS)
    assert type_figures([visit(0.7, 0.1, 20)])["moved"] == ["ul.cards"]


def test_the_result_and_its_table_hold_both_sites(tmp_path: Path) -> None:
    """Medians of the types, spreads of the taps, and a row for each type."""
    both = (side("helpstand", tmp_path), side("material", tmp_path))
    result = {**figures(both[0]), "material": figures(both[1]), **details(both)}
    assert result["pages"]["material"]["median"] == {"largest_paint_s": 0.7, "shift": 0.0, "weight_kb": 20}
    assert result["runs"]["helpstand"]["to"]["guide"] == {"p50": 300, "p95": 300}
    assert (result["runs"]["helpstand"]["taps"], result["runs"]["helpstand"]["missed"]) == (3, 1)
    assert [len(list(column.cells)) for column in table(result).columns] == [10] * 4


def _no(_: str) -> None:
    return None


def test_what_is_missing_is_told_with_its_cure() -> None:
    """One line for Debian, one for Python; nothing where nothing is missing."""
    here: Callable[[str], str] = lambda name: f"/usr/bin/{name}"  # noqa: E731
    assert missing(here, lambda: True, lambda: True) == ""
    assert missing(_no, lambda: False, lambda: False) == (
        "not installed: Xvfb, openbox, xdotool, Chromium, GTK with WebKitGTK. On Debian: "
        "apt-get install -y --no-install-recommends xvfb openbox xdotool chromium python3-gi gir1.2-webkit2-4.1\n"
        "not installed: playwright (Python). It comes with the tools of the tests: ./helpstand test --fast"
    )


def test_a_machine_that_lacks_something_ends_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words are told, nothing is measured."""
    monkeypatch.setattr(bench_pages, "missing", lambda: "not installed: Xvfb.")
    done = CliRunner().invoke(bench_pages.command, [])
    assert (done.exit_code, done.output) == (3, "not installed: Xvfb.\n")


def test_a_folder_without_a_site_ends_with_2(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The file that is missing is named."""
    monkeypatch.setattr(bench_pages, "missing", lambda: "")
    done = CliRunner().invoke(bench_pages.command, [str(tmp_path)])
    assert done.exit_code == 2
    assert f"{tmp_path}/mkdocs.yml: not found" in done.output


def test_the_machine_is_described_without_its_name() -> None:
    """What it is, not whose."""
    assert list(machine()) == ["system", "processor", "cores", "memory_mib", "load"]
    assert versions(["click", "no-such-package"]).keys() == {"python", "click"}


def test_a_request_to_end_reaches_the_cleaning_up() -> None:
    """SIGTERM ends by an exception, so that programs of the bench end too."""
    with pytest.raises(SystemExit) as ended, bench_pages.ends_cleanly():
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == 128 + signal.SIGTERM


def test_a_command_has_an_end_and_a_failure_its_last_words(tmp_path: Path) -> None:
    """A build that hangs is ended; what a failed one said is told as the machine's fault, not by a traceback."""
    with pytest.raises(RuntimeError, match=r"ended with -9"):
        measure([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, seconds=0.2)
    with pytest.raises(BenchError, match="no such nav"):
        bench_pages._build([sys.executable, "-c", "raise SystemExit('no such nav')"], tmp_path)


@pytest.fixture
def both(tmp_path: Path) -> tuple[Side, Side]:
    """Build a small shop and its peer."""
    shutil.copytree(CLEAN, tmp_path / "shop")
    return bench_pages.sides(load_settings(tmp_path / "shop/mkdocs.yml"), tmp_path / "peer")


@pytest.mark.slow
@pytest.mark.window
@pytest.mark.browser
@pytest.mark.long
def test_a_small_run_measures_both_sites(both: tuple[Side, Side], browser: Browser) -> None:
    """Real taps in both windows, real loads in the browser, and nothing is left running."""
    if lacks := missing():
        pytest.skip(lacks.partition(":")[2].strip())
    bench_pages.measure_taps(both, rounds=1, taps=3, say=print)
    for one in both:
        assert [tap.to for tap in one.walks[0].taps] == ["hub", "guide", "home"]
        assert all(0 < tap.painted < 15_000 and 0 < tap.drawn < 15_000 for tap in one.walks[0].taps)
        one.pages[:] = [page for page in one.pages if page.part == "home"]
    bench_pages.measure_visits(both, Phone(browser), rounds=1, loads=1, say=print)
    for one in both:
        assert 0 < figures(one)["largest_paint_s"] < 15
        assert 0 < figures(one)["weight_kb"] < 1000


@pytest.mark.slow
@pytest.mark.window
def test_a_screen_shows_what_is_on_it_and_ends() -> None:
    """The strip is as wide and high as it says; all programs end with the screen."""
    if lacks := missing():
        pytest.skip(lacks.partition(":")[2].strip())
    with Screen() as screen:
        picture = screen.look()
        programs = list(screen._programs)
        assert screen.tap(5, 5) > 0
    assert len(picture) >= STRIP[1] * HEIGHT * 3
    assert all(program.poll() is not None for program in programs)


@pytest.mark.slow
@pytest.mark.browser
def test_a_page_that_does_not_load_is_told(tmp_path: Path, browser: Browser) -> None:
    """A host that has gone is named by the page that was asked for."""
    if lacks := missing():
        pytest.skip(lacks.partition(":")[2].strip())
    with Host(tmp_path) as host:
        pass
    with pytest.raises(BenchError, match=r"/en/index\.html: the browser could not load it"):
        Phone(browser).visit(host, "/en/index.html")


@pytest.mark.slow
@pytest.mark.browser
def test_the_browser_of_the_bench_runs_and_ends() -> None:
    """Pages are measured in a browser of the bench's own; it runs in a process of its own here, as a suite has one already."""
    if lacks := missing():
        pytest.skip(lacks.partition(":")[2].strip())
    code = "from bench.phone import Phone, running_browser\nwith running_browser() as browser: print(Phone(browser).version)"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert re.fullmatch(r"[\d.]+", said.stdout.strip())
