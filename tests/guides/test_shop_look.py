"""What a shop owner sets in extra.helpstand: told plainly when it is wrong."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from guides.contrast import contrast
from guides.engine.shop_css import shop_css
from guides.settings import SettingsError, load_settings
from guides.shop_look import ShopLook
from tests.guides.conftest import MakeSite

HEAD = "site_name: S\ndocs_dir: content/en\nextra:\n  helpstand:\n    languages: [en, de]\n"


def look_of(make_site: MakeSite, lines: str) -> ShopLook:
    """Return the look that some lines of mkdocs.yml give."""
    return load_settings(make_site({"mkdocs.yml": HEAD + lines, "content/media/a.svg": "<svg/>"})).look


def test_everything_that_can_be_set(make_site: MakeSite) -> None:
    """A short colour, a picture with and without its folder, one message alone, a kind of product."""
    look = look_of(
        make_site,
        "    accent: '#063'\n    logo: a.svg\n    pictures: {home: media/a.svg}\n"
        "    messages: We moved\n    categories: {k: Kitchen}\n",
    )
    assert (look.accent, look.logo, look.pictures) == ("#006633", "media/a.svg", {"home": "media/a.svg"})
    assert look.messages[0].title == {"": "We moved"}
    assert look.categories == {"k": {"": "Kitchen"}}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("    acent: '#063'\n", "unknown key 'acent' in extra.helpstand. Did you mean 'accent'?"),
        (
            "    accent: teal\n",
            "extra.helpstand.accent: 'teal' is not a colour. Write it as hash and hex digits in quotes, such as \"#0b5c5a\"",
        ),
        (
            "    accent: '#ffcc00'\n",
            (
                "extra.helpstand.accent: the accent #ffcc00 is too pale: on white it has a contrast of 1.5:1, "
                "and text needs 4.5:1. Choose a darker one"
            ),
        ),
        ("    logo: b.svg\n", "extra.helpstand.logo: the picture 'media/b.svg' does not exist. Put it into content/media"),
        (
            "    logo: https://x.example/a.svg\n",
            (
                "extra.helpstand.logo: 'https://x.example/a.svg' is not a picture of the site. "
                "Name a file in content/media, such as media/logo.svg"
            ),
        ),
        ("    logo: [a.svg]\n", "extra.helpstand.logo must be a text, not '['a.svg']'"),
        ("    pictures: {hoem: a.svg}\n", "extra.helpstand.pictures: unknown place 'hoem' of a picture. Did you mean 'home'?"),
        ("    messages: [{text: Hello}]\n", "extra.helpstand.messages.0 has no 'title'. Add a line 'title: …'"),
        ("    messages: [{title: A, txt: B}]\n", "unknown key 'txt' in extra.helpstand.messages.0. Did you mean 'text'?"),
    ],
)
def test_mistakes_are_told(make_site: MakeSite, lines: str, told: str) -> None:
    """Where, what and how to cure it."""
    with pytest.raises(SettingsError) as error:
        look_of(make_site, lines)
    assert re.fullmatch(r"mkdocs\.yml(?::6)?: " + re.escape(told), str(error.value))


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://desk.shop.example", "https://desk.shop.example"),
        ("https://Desk.Shop.Example:8443/", "https://desk.shop.example:8443"),
        ("http://127.0.0.1:8100", "http://127.0.0.1:8100"),
        ("''", ""),
    ],
)
def test_a_desk_is_an_origin(make_site: MakeSite, written: str, origin: str) -> None:
    """What the policy of every page names."""
    assert look_of(make_site, f"    desk: {written}\n").desk == origin


@pytest.mark.parametrize(
    "written",
    [
        "http://desk.shop.example",
        "https://desk.shop.example/help",
        "https://u:p@desk.shop.example",
        "https://desk.shop.example?x=1",
        "desk.shop.example",
        "https://",
        "https://a.example; script-src *",
        "'https://a.example https://b.example'",
        "https://*.example",
        "https://a.example:99999",
    ],
)
def test_what_is_no_origin_is_refused(make_site: MakeSite, written: str) -> None:
    """Nothing gets into the policy that is not one host."""
    with pytest.raises(SettingsError, match="is no address of a desk"):
        look_of(make_site, f"    desk: {written}\n")


def test_all_mistakes_at_once(make_site: MakeSite) -> None:
    """Nobody mends one line a run."""
    with pytest.raises(SettingsError) as error:
        look_of(make_site, "    accent: '#ffcc00'\n    logo: b.png\n    colour: red\n")
    assert len(str(error.value).splitlines()) >= 2


def test_any_accent_can_be_read(tmp_path: Path) -> None:
    """Whatever passes the check is 7:1 on light paper, at night and under its own button text."""
    chance, blocks = random.Random(7), re.compile(r"--accent: (#\w+);\s+--on-accent: (#\w+);\s+--tint: (#\w+)")
    tried = 0
    while tried < 300:
        accent = f"#{chance.randrange(1 << 24):06x}"
        if contrast(accent, "#ffffff") < 4.5:
            continue
        tried += 1
        day, night, _ = blocks.findall(shop_css(ShopLook(accent=accent)))
        pairs = [
            (day[0], "#faf7f0"),
            (day[0], day[1]),
            (day[0], day[2]),
            (night[0], "#192523"),
            (night[0], night[1]),
            (night[0], night[2]),
        ]
        assert min(contrast(*pair) for pair in pairs) >= 7, accent
