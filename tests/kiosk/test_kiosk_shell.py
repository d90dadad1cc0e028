"""What the kiosk adds to pages, and its own screens."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.shell import THEME, Shell, anchored, language_of
from kiosk.site import Language, SiteError, SiteInfo, Store, read_info

INFO = SiteInfo(
    "Nordhaven <Home>", "en", (Language("en", "English"), Language("de", "Deutsch"), Language("ar", "العربية", "rtl"))
)


@pytest.fixture
def shell() -> Shell:
    """Make a shell for three languages, one of them without texts of its own."""
    return Shell(INFO, Path("no-site"))


def test_the_first_screen_greets_in_every_language_and_in_its_own_name(shell: Shell) -> None:
    """Each language by its endonym, marked for screen readers, leading to its own home."""
    html = shell.attract()
    for code, name, direction in (("en", "English", "ltr"), ("de", "Deutsch", "ltr"), ("ar", "العربية", "rtl")):
        assert f'href="/{code}/" lang="{code}" dir="{direction}"' in html
        assert name in html
    assert "Touch to start" in html
    assert "Zum Starten berühren" in html
    assert "Nordhaven &lt;Home&gt;" in html
    assert "<Home>" not in html


CITY = Store("city", ("de", "en"), ("media/a.svg", "media/b.svg", "media/c.svg", "media/d.svg"))
PIER = Store("pier")


def test_a_kiosk_offers_what_its_shop_offers() -> None:
    """The shop's languages in its order; a shop that names none offers all; an unknown one changes nothing."""
    info = replace(INFO, stores=(CITY, PIER))
    city, pier = info.in_store("city"), info.in_store("pier")
    assert ([language.code for language in city.languages], city.default) == (["de", "en"], "de")
    assert ([language.code for language in pier.languages], pier.default) == (["en", "de", "ar"], "en")
    assert info.in_store(None) == info
    assert replace(INFO, stores=(CITY,)).in_store(None).default == "de"
    assert pier.pictures == ()
    assert info.pictures == CITY.attract


def test_the_first_screen_shows_the_pictures_of_the_shop() -> None:
    """Three at a time; they say nothing that the words do not, so voices pass them over."""
    html = Shell(replace(INFO, stores=(CITY,)).in_store("city"), Path("no-site")).attract()
    assert re.findall(r'<img src="/media/(\w)\.svg" alt=""[^>]*?( hidden)?>', html) == [
        *[(name, "") for name in "abc"],
        ("d", " hidden"),
    ]
    assert "<img" not in Shell(INFO, Path("no-site")).attract()


def test_a_kiosk_hides_what_holds_in_other_shops(shell: Shell) -> None:
    """By a style sheet of its own, so that nothing flickers; a kiosk of no shop shows all."""
    inside = Shell(replace(INFO, stores=(CITY, PIER)).in_store("city"), Path("no-site"))
    assert '<link rel="stylesheet" href="/kiosk/store.css">' in inside.dress("<html></html>", "en")
    assert inside.store_css == '[data-store]:not([data-store~="city"]), .shelf-shop { display: none !important; }\n'
    assert "store.css" not in shell.dress("<html></html>", "en")
    assert shell.store_css == ""


def test_no_screen_has_inline_script_style_or_foreign_address(shell: Shell) -> None:
    """The content security policy would refuse them."""
    for html in (
        shell.attract("de"),
        shell.notice("en", "missing"),
        shell.notice("ar", "key_used"),
        shell.dress("<html></html>", "en"),
    ):
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|https?://", html)
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)


def test_every_text_of_the_kiosk_exists_in_english_and_german() -> None:
    """No button without words."""
    english, german = (Shell(INFO, Path("no-site")).texts(code) for code in ("en", "de"))
    used = set()
    for template in (THEME / "shell").glob("*.html"):
        used |= set(re.findall(r"\bt(?:exts)?\.(kiosk_\w+)", template.read_text()))
    used |= {f"kiosk_{name}_{part}" for name in ("missing", "key_used") for part in ("title", "text")}
    assert used <= english.keys()
    shared = {"kiosk_staff_pin", "kiosk_staff_system", "kiosk_staff_version"}  # the same words in both
    assert [key for key in used if german[key] == english[key] and key not in shared] == []


def test_pages_without_head_or_body_still_get_the_layer(shell: Shell) -> None:
    """Sites of others may write sloppy HTML; browsers mend it, and so do we."""
    html = shell.dress("<h1>hello", "en")
    assert "/kiosk/shell.js" in html
    assert 'class="k-bar"' in html


def test_only_the_first_mark_is_changed(shell: Shell) -> None:
    """The words in an article stay as they are."""
    html = shell.dress('<html data-surface="web"><body><p>data-surface="web"</p></body></html>', "en")
    assert html.count('data-surface="kiosk"') == 1
    assert '<p>data-surface="web"</p>' in html


@pytest.mark.parametrize(
    ("html", "lang"), [('<html lang="de">', "de"), ("<html class=x lang=fr dir=ltr>", "fr"), ("<html>", None), ("", None)]
)
def test_a_page_says_its_language(html: str, lang: str | None) -> None:
    """The bar speaks the page's language, not the address's."""
    assert language_of(html) == lang


def test_relative_addresses_become_absolute() -> None:
    """Only those: anchors, absolute and outside addresses stay."""
    same = '<a href="#top"><a href="/a"><a href="mailto:a@b.c">'
    html = f'<html data-root=".."><a href="x.html"><a href="../de/">{same}<img src="../m/p.svg">'
    wanted = f'<html data-root=""><a href="/en/x.html"><a href="/de/">{same}<img src="/m/p.svg">'
    assert anchored(html, "/en/404.html") == wanted


def test_a_folder_that_is_no_site_is_told(tmp_path: Path) -> None:
    """With the command that makes one."""
    with pytest.raises(SiteError, match=r"there is no built site here\. Build it first: \./helpstand build"):
        read_info(tmp_path)
    for broken in ("", "[]", "{}", '{"site_name": "x", "default": "fr", "languages": [{"code": "en", "name": "English"}]}'):
        (tmp_path / "helpstand.json").write_text(broken)
        with pytest.raises(SiteError, match=r"Build the site anew: \./helpstand build --clean"):
            read_info(tmp_path)


def test_the_person_button_leads_to_the_sites_own_page_when_there_is_one(tmp_path: Path) -> None:
    """Else it opens a dialog with the same advice in short."""
    assert 'data-kiosk-open="person"' in Shell(INFO, tmp_path).dress("", "en")
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "person.html").write_text("hours and places")
    html = Shell(INFO, tmp_path).dress("", "en")
    assert 'href="/en/person.html"' in html
    assert 'data-kiosk-open="person"' not in html


def test_digits_stand_before_the_first_picture(shell: Shell) -> None:
    """A digit that comes later moves the words beside it, and lets the page be drawn twice."""
    head = shell.dress("<html><head></head><body></body></html>", "en").partition("</head>")[0]
    assert '<script type="module" src="/assets/js/choices.js" blocking="render"></script>' in head
