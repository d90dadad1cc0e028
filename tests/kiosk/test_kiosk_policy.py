"""Where the window may go and which keys reach it: everything not named is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.policy import Policy, allow_key

POLICY = Policy("127.0.0.1:8642")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8642/",
        "http://127.0.0.1:8642",
        "http://127.0.0.1:8642/en/kettle/descale.html?q=a%20b#top",
        "HTTP://127.0.0.1:8642/en/",
    ],
)
def test_our_own_pages_are_allowed(url: str) -> None:
    """Plain http to exactly our own host and port."""
    assert POLICY.allow(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "about:blank",
        "http://127.0.0.1/",
        "http://127.0.0.1:8643/",
        "http://127.0.0.1:8642.evil.example/",
        "http://127.0.0.1:8642@evil.example/",
        "http://user@127.0.0.1:8642/",
        "http://localhost:8642/",
        "http://[::1]:8642/",
        "http://2130706433:8642/",
        "http://127.1:8642/",
        "http://0x7f000001:8642/",
        "https://127.0.0.1:8642/",
        "ws://127.0.0.1:8642/",
        "file:///etc/passwd",
        "data:text/html,hello",
        "javascript:alert(1)",
        "blob:http://127.0.0.1:8642/1",
        "view-source:http://127.0.0.1:8642/",
        "//127.0.0.1:8642/",
        "http:\\\\127.0.0.1:8642/",
        "http://127.0.0.1:8642\\@evil.example/",
        " http://127.0.0.1:8642/",
        "http://127.0.0.1:8642/\n",
        "http://[/",
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    """Other spellings of the same machine count as elsewhere."""
    assert not POLICY.allow(url)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", True),
        ("", True),
        ("/?key=a.b", True),
        ("/en/", True),
        ("/en", True),
        ("/en/kettle/descale.html?q=a.png#x.y", True),
        ("/en/v1.2/", True),
        ("/media/sound.ogg", False),
        ("/assets/site.css", False),
        ("/helpstand.json", False),
        ("/api/search?q=a", False),
        ("/api/qr.svg", False),
    ],
)
def test_only_pages_fill_the_window(path: str, page: bool) -> None:
    """Other files are parts of pages."""
    assert POLICY.allow("http://127.0.0.1:8642" + path)
    assert POLICY.allow_page("http://127.0.0.1:8642" + path) is page
    assert not POLICY.allow_page("http://evil.example" + path)


@given(st.text())
def test_no_text_is_too_strange_to_judge(url: str) -> None:
    """What is allowed starts with our origin; everything gets an answer."""
    if POLICY.allow(url):
        assert url.lower().startswith("http://127.0.0.1:8642")


@pytest.mark.parametrize("name", ["a", "ü", "1", "Tab", "Return", "BackSpace", "dead_acute"])
def test_writing_and_moving_reach_the_page(name: str) -> None:
    """Forms must work with a hardware keyboard."""
    assert allow_key(name, printable=len(name) == 1)


@pytest.mark.parametrize(
    "name", ["F1", "F5", "F11", "F12", "Print", "Menu", "XF86Back", "Super_L", "Alt_L", "Control_L", "Cancel"]
)
def test_commands_never_reach_the_page(name: str) -> None:
    """Keys that could leave the kiosk are eaten."""
    assert not allow_key(name, printable=False)


@given(st.characters(), st.sampled_from([{"ctrl": True}, {"alt": True}, {"meta": True}]))
def test_no_shortcut_reaches_the_page(letter: str, held: dict[str, bool]) -> None:
    """With Ctrl, Alt or Super held, every key is eaten."""
    assert not allow_key(letter, printable=True, **held)
