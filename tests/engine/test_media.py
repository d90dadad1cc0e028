"""Pictures and films of a built site: sizes declared, copies offered, broken ones left out, no work done twice."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from guides.engine import media, media_cache
from guides.engine.compare import differing
from guides.engine.driver import BuildReport
from guides.engine.media_tags import MediaTags
from guides.settings import Settings, load_settings
from tests.engine.conftest import MakeShop, built, guide
from tests.engine.picture_files import drawing, moving, photo

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320"><rect width="9" height="9"/></svg>\n'
VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nPress.\n"
SECTION = "## Do it\n\n"


def shop(make_shop: MakeShop, body: str, files: dict[str, bytes]) -> Settings:
    """Return a shop with one guide and some media."""
    settings = make_shop({"content/en/lamp/use.md": guide("Use the lamp", body)})
    for name, data in files.items():
        path = settings.media / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return settings


def page_of(settings: Settings, site: Path) -> tuple[str, BuildReport]:
    """Build, and return the guide's article and the report."""
    report = built(settings, site)
    html = (site / "en/lamp/use.html").read_text(encoding="utf-8")
    return html[html.index("<article") : html.rindex("</article>")], report


def told(report: BuildReport) -> list[str]:
    """Return what a build says of media."""
    return [f"{one.rule} {one}" for one in report.problems if one.rule.startswith(("picture", "video"))]


def picture(alt: str, name: str) -> str:
    """Return a picture in Markdown."""
    return f"![{alt}](../../media/lamp/{name})\n\n"


def test_every_picture_declares_its_size(make_shop: MakeShop, tmp_path: Path) -> None:
    """PNG, JPEG, GIF, WebP and SVG: width and height are those of the file."""
    files = {"a.png": drawing(90, 60), "b.jpg": photo(80, 50), "c.gif": moving(), "d.webp": photo(70, 30, "WEBP"), "e.svg": SVG}
    body = "".join(picture(f"Lamp {name}", name) for name in files)
    article, report = page_of(shop(make_shop, body, {f"lamp/{name}": data for name, data in files.items()}), tmp_path / "site")
    sizes = re.findall(r'<img[^>]*?width="(\d+)" height="(\d+)"', article)
    assert sizes == [("90", "60"), ("80", "50"), ("60", "40"), ("70", "30"), ("480", "320")]
    assert told(report) == []


def test_large_pictures_come_in_three_widths(make_shop: MakeShop, tmp_path: Path) -> None:
    """The browser chooses a WebP copy by width; the file of the given name is there too, scaled."""
    site = tmp_path / "site"
    settings = shop(
        make_shop, "![Lamp](<../../media/lamp/my lamp, lit.jpg>)\n", {"lamp/my lamp, lit.jpg": photo(2000, 700, quality=95)}
    )
    article, _ = page_of(settings, site)
    assert 'width="1600" height="560"' in article
    found = re.search(r'srcset="([^"]*)"', article)
    assert found
    addresses = [one.split(" ") for one in found[1].split(", ")]
    assert [width for _, width in addresses] == ["480w", "960w", "1600w"]
    for address, _ in addresses:
        assert (site / "en/lamp" / address.replace("%20", " ").replace("%2C", ",")).is_file()
    assert 'sizes="(min-width: 48rem) 45rem, 100vw"' in article
    assert ".jpg" in article.split('src="')[1].split('"')[0]


def test_the_first_pictures_load_at_once_the_others_late(make_shop: MakeShop, tmp_path: Path) -> None:
    """What is in sight first is not put off."""
    body = "".join(picture(f"Lamp {number}", "e.svg") for number in range(4))
    article, _ = page_of(shop(make_shop, body, {"lamp/e.svg": SVG}), tmp_path / "site")
    lazy = ["loading" in tag for tag in re.findall(r"<img[^>]*>", article) if 'alt="Lamp' in tag]
    assert lazy[0] is False
    assert lazy[-1] is True


def test_a_broken_picture_is_a_warning_with_its_line(make_shop: MakeShop, tmp_path: Path) -> None:
    """The page says in words what it would have shown, the file is not in the site."""
    site = tmp_path / "site"
    body = "Press.\n\n" + picture("A lit lamp", "cut.jpg")
    article, report = page_of(shop(make_shop, body, {"lamp/cut.jpg": photo(90, 60)[:800]}), site)
    found = told(report)
    assert len(found) == 1
    place = "picture-broken content/en/lamp/use.md:11: the picture 'cut.jpg' is left out: it is damaged ("
    assert found[0].startswith(place)
    assert found[0].endswith("). Save it anew")
    assert "A lit lamp</span>" in article
    assert "<img" not in article
    assert not (site / "media/lamp/cut.jpg").exists()


def test_a_broken_picture_that_no_page_shows(make_shop: MakeShop, tmp_path: Path) -> None:
    """It is told at its own file."""
    _, report = page_of(shop(make_shop, "Press.\n", {"lamp/no.png": b"no"}), tmp_path / "site")
    message = "content/media/lamp/no.png:1: the picture is left out: it is not a PNG picture. Save it anew as PNG"
    assert told(report) == [f"picture-broken {message}"]


def test_a_script_in_a_drawing(make_shop: MakeShop, tmp_path: Path) -> None:
    """It is not in the site, and its author hears of it with its line."""
    data = SVG.replace(b"<rect", b"\n<script>alert(1)</script><rect")
    site = tmp_path / "site"
    _, report = page_of(shop(make_shop, picture("Lamp", "e.svg"), {"lamp/e.svg": data}), site)
    message = "content/media/lamp/e.svg:2: <script> was taken out: a picture must not run or load anything"
    assert told(report) == [f"picture-refused {message}"]
    assert b"script" not in (site / "media/lamp/e.svg").read_bytes()


def test_a_film_has_poster_captions_and_controls(make_shop: MakeShop, tmp_path: Path) -> None:
    """Markdown's picture of a film becomes our own player; captions of the page's language come first."""
    files = {"a.mp4": b"film", "a.svg": SVG, "a.de.vtt": VTT, "a.en.vtt": VTT, "b.mp4": b"film", "b.vtt": VTT}
    body = picture("The lamp is lit", "a.mp4") + picture("The lamp is out", "b.mp4")
    article, report = page_of(shop(make_shop, body, {f"lamp/{name}": data for name, data in files.items()}), tmp_path / "site")
    assert (
        '<video controls playsinline preload="none" poster="../../media/lamp/a.svg" width="480" height="320"'
        ' src="../../media/lamp/a.mp4" aria-label="The lamp is lit">'
        '<track kind="captions" src="../../media/lamp/a.en.vtt" srclang="en" label="English" default>'
        '<track kind="captions" src="../../media/lamp/a.de.vtt" srclang="de" label="Deutsch"></video>'
    ) in article
    assert 'preload="metadata" width="1280" height="720" src="../../media/lamp/b.mp4"' in article
    assert 'src="../../media/lamp/b.vtt" srclang="en"' in article
    assert told(report) == []
    assert "<img" not in article


def test_sound_has_controls(make_shop: MakeShop, tmp_path: Path) -> None:
    """A sound is played where the reader asks for it."""
    article, _ = page_of(shop(make_shop, picture("It clicks", "c.mp3"), {"lamp/c.mp3": b"sound"}), tmp_path / "site")
    assert '<audio controls preload="metadata" src="../../media/lamp/c.mp3" aria-label="It clicks"></audio>' in article


def foreign(tmp_path: Path, text: str, files: dict[str, bytes]) -> Settings:
    """Return the settings of a site written by others."""
    root = tmp_path / "theirs"
    everything = {"mkdocs.yml": b"site_name: Theirs\n", "docs/index.md": b"# Theirs\n", "docs/a/page.md": text.encode(), **files}
    for name, data in everything.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return load_settings(root / "mkdocs.yml", tmp_path / "out")


def test_sites_of_others(tmp_path: Path) -> None:
    """Pictures in their folders are prepared too; raw sizes keep their width, in the picture's proportions; films are tamed."""
    text = (
        '# Page\n\n<img src="../img/big.png" width="300" height="77">\n\n<img src="../img/big.png" width="50%">\n\n'
        '<video src="../img/a.mp4" autoplay loop></video>\n\n![Silent](../img/a.mp4)\n'
    )
    files = {"docs/img/big.png": drawing(2000, 1000), "docs/img/a.mp4": b"film"}
    site = tmp_path / "site"
    report = built(foreign(tmp_path, text, files), site)
    html = (site / "en/a/page.html").read_text(encoding="utf-8")
    assert 'width="300" height="150"' in html
    assert 'width="360" height="180"' in html
    assert "autoplay" not in html
    assert 'preload="metadata" width="1280" height="720" playsinline' in html
    silent = "video-silent docs/a/page.md:7: the film 'a.mp4' has no captions. Put them beside it as a.en.vtt"
    assert told(report) == [silent]
    assert (site / "en/img/big.png.480.webp").is_file()


def test_a_missing_picture_of_others_is_its_words(tmp_path: Path) -> None:
    """No page shows a browser's sign for a broken picture."""
    site = tmp_path / "site"
    built(foreign(tmp_path, "# Page\n\n![A blue lamp](gone.png)\n\n![](gone.jpg)\n", {}), site)
    html = (site / "en/a/page.html").read_text(encoding="utf-8")
    assert "A blue lamp</span>" in html
    assert "gone" not in html


@pytest.mark.slow
def test_a_second_build_does_no_work_twice(make_shop: MakeShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures that did not change come from the cache, byte for byte; those that went leave it."""
    files = {"lamp/a.jpg": photo(700, 500), "lamp/e.svg": SVG, "lamp/cut.png": b"no"}
    settings = shop(make_shop, picture("Lamp", "a.jpg"), files)
    first = built(settings, tmp_path / "one")
    made: list[str] = []
    monkeypatch.setattr(media, "_made", lambda data, kind: made.append(kind))
    second = built(settings, tmp_path / "two")
    assert made == []
    assert second.problems == first.problems
    assert differing(tmp_path / "one", tmp_path / "two") == []
    monkeypatch.undo()
    cache = settings.output / "cache" / "media"
    kept = len(list(cache.iterdir()))
    (settings.media / "lamp/e.svg").unlink()
    built(settings, tmp_path / "three")
    assert len(list(cache.iterdir())) == kept - 1


@pytest.mark.slow
def test_without_the_cache_the_bytes_are_the_same(make_shop: MakeShop, tmp_path: Path) -> None:
    """Two builds with nothing in common but the content differ by no byte."""
    settings = shop(make_shop, picture("Lamp", "a.jpg"), {"lamp/a.jpg": photo(1700, 500), "lamp/b.png": drawing(700, 500)})
    built(settings, tmp_path / "one")
    for path in (settings.output / "cache" / "media").iterdir():
        path.unlink()
    built(settings, tmp_path / "two")
    assert differing(tmp_path / "one", tmp_path / "two") == []


@pytest.mark.parametrize("damage", [b"", b"nonsense\n{}", b"{}\n{}\n"])
def test_a_damaged_entry_counts_as_none(make_shop: MakeShop, tmp_path: Path, damage: bytes) -> None:
    """Half a file in the cache never reaches a page."""
    settings = shop(make_shop, picture("Lamp", "a.jpg"), {"lamp/a.jpg": photo(700, 500)})
    built(settings, tmp_path / "one")
    for path in (settings.output / "cache" / "media").iterdir():
        path.write_bytes(damage)
    built(settings, tmp_path / "two")
    assert differing(tmp_path / "one", tmp_path / "two") == []


def test_a_cache_that_cannot_be_written_costs_only_time(make_shop: MakeShop, tmp_path: Path) -> None:
    """A file in the place of its folder stops nothing."""
    settings = shop(make_shop, picture("Lamp", "a.jpg"), {"lamp/a.jpg": photo(700, 500)})
    settings.output.mkdir()
    (settings.output / "cache").write_text("in the way")
    article, _ = page_of(settings, tmp_path / "site")
    assert 'width="700"' in article


def test_another_recipe_makes_pictures_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What an older Helpstand prepared is not taken for ours."""
    cache = media_cache.MediaCache(tmp_path)
    before = cache.key(b"x", "PNG")
    monkeypatch.setattr(media_cache, "RECIPE", media_cache.RECIPE + 1)
    assert media_cache.MediaCache(tmp_path).key(b"x", "PNG") != before
    assert cache.key(b"x", "JPEG") != before


@pytest.mark.parametrize(
    "text",
    ["<img " * 20_000, "<img" + " a" * 20_000, '<img a="' * 20_000, "<video >" * 5_000],
    ids=["open", "long", "quotes", "films"],
)
def test_broken_tags_take_no_time(text: str) -> None:
    """Whatever reaches the tags, rewriting takes a moment and leaves it as it is."""
    started = time.process_time()
    assert MediaTags("en/a.html", {}, frozenset()).rewrite(text) == text
    assert time.process_time() - started < 2
