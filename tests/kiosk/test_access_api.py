"""What pages may ask: codes by anybody, speech and slips only by the kiosk's own window, and always within bounds."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kiosk import server as web
from kiosk.condition import Condition
from kiosk.shell import PageOptions, Shell
from kiosk.shop import ShopParts
from kiosk.speech.sound import SoundError
from kiosk.speech.speaker import Speaker
from kiosk.staff import Door, hashed
from kiosk.staff_pages import StaffPages
from kiosk.visit import State
from tests.kiosk.conftest import Live, serve, twin_find
from tests.kiosk.people import TextVoice, Transcript


class Find:
    """Search that also knows words."""

    def __call__(self, query: str, lang: str, product: str | None) -> Mapping[str, Any]:
        """Find what the twin finds."""
        return twin_find(query, lang, product)

    def complete(self, typed: list[str], lang: str) -> list[str]:
        """Answer with what was asked."""
        return [lang, *typed]


class Printer:
    """A printer that keeps its paper."""

    def __init__(self) -> None:
        self.paper: list[tuple[list[str], str]] = []

    def print(self, lines: list[str], code: str) -> None:
        """Keep it."""
        self.paper.append((lines, code))


@pytest.fixture
def talking(tiny_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """Run a kiosk that speaks, prints and has a staff menu."""
    made = Shell.__init__

    def with_speech(self: Shell, *given: Any, **named: Any) -> None:
        made(self, *given, **named, options=PageOptions(speaks=TextVoice().speaks))

    monkeypatch.setattr(Shell, "__init__", with_speech)
    parts: Any = web.Parts
    folder = tmp_path / "staff"
    (folder / "en" / "shop").mkdir(parents=True)
    (folder / "en" / "shop" / "till.html").write_text("<head>x</head><article data-guide=a><h1>The till</h1></article>foot")
    (folder / "pages.json").write_text('{"en": [{"id": "shop/till", "title": "The till", "summary": ""}]}')

    def with_shop(*given: Any, **named: Any) -> Any:
        shop = ShopParts(
            printer=Printer(),
            door=Door(hashed("482915")),
            restart=lambda: None,
            condition=lambda: Condition({"outbox": "3"}),
            pages=StaffPages(folder),
        )
        return parts(*given, Speaker(TextVoice(), Transcript(0.0)), shop, **named)

    monkeypatch.setattr(web, "Parts", with_shop)
    yield from serve(tiny_site, find=Find())


def test_only_the_kiosks_own_window_may_speak_print_or_knock(talking: Live) -> None:
    """A page that was opened without the key is silent, and so is every other origin."""
    for path in ("/api/speech/say", "/api/speech/stop", "/api/print", "/api/staff/enter", "/api/staff/look"):
        assert talking.post(path, {"text": "x", "lang": "en"}).status_code == 401, path
        talking.enter()
        assert talking.post(path, {"text": "x", "lang": "en"}, Origin="http://evil.example").status_code == 403, path
        talking.client.cookies.clear()
    assert talking.parts.speaker.kept_bytes == 0


def test_a_text_is_said_and_the_answer_tells_when_it_was(talking: Live) -> None:
    """What has no voice is honestly not offered; what is too long or nothing is refused."""
    talking.enter()
    assert talking.post("/api/speech/say", {"text": "Hello", "lang": "en", "next": "World"}).json() == {
        "said": True,
        "offered": True,
    }
    assert talking.post("/api/speech/say", {"text": "Hei", "lang": "fi"}).json() == {"said": False, "offered": False}
    for wrong in ({}, {"text": " ", "lang": "en"}, {"text": "x" * 401, "lang": "en"}):
        assert talking.post("/api/speech/say", wrong).status_code == 400
    odd = {"text": "x", "lang": "en", "speed": "fast", "volume": 10**9}
    assert talking.post("/api/speech/say", odd).json()["said"]
    assert talking.post("/api/speech/stop").json() == {"said": False}


def test_a_machine_without_sound_is_told_once_and_the_page_goes_on(talking: Live, capsys: pytest.CaptureFixture[str]) -> None:
    """The visitor's words are in no log."""

    def fail(*_: Any) -> Any:
        raise SoundError("no sound card")

    talking.enter()
    talking.parts.speaker._voice.make = fail  # type: ignore[union-attr, method-assign]
    answer = talking.post("/api/speech/say", {"text": "my secret words", "lang": "en"})
    assert (answer.status_code, answer.json()) == (503, {"error": "Speech does not work right now."})
    told = capsys.readouterr().err
    assert "no sound card" in told
    assert "secret" not in told


def test_words_and_codes_are_answered_to_every_page(talking: Live) -> None:
    """Letters of one place are one part."""
    found = talking.client.get("/api/words", params={"typed": "3def 3def", "lang": "en"}).json()
    assert found == {"words": ["en", "3def", "3def"]}
    assert talking.client.get("/api/scan", params={"code": "https://x.example/en/kettle/descale.html", "lang": "de"}).json() == {
        "url": "/en/kettle/descale.html"
    }
    assert talking.client.get("/api/scan", params={"code": "4006381333931", "lang": "en"}).status_code == 404


def test_time_stands_still_while_something_is_said(talking: Live) -> None:
    """Neither the visit nor the time to answer the warning runs out under a voice."""
    talking.enter()
    talking.post("/api/visit/beat", {"touched": True})
    for _ in range(5):
        talking.clock.now += 55
        assert talking.post("/api/visit/beat", {"touched": False, "speaking": True}).json()["state"] == State.ACTIVE
    talking.clock.now += 61
    assert talking.post("/api/visit/beat", {"touched": False}).json()["state"] == State.WARNING
    for _ in range(3):
        talking.clock.now += 15
        said = talking.post("/api/visit/beat", {"touched": False, "speaking": True}).json()
        assert (said["state"], said["seconds_left"], said["more_left"]) == (State.WARNING, 20, 10)
    talking.clock.now += 21
    assert talking.post("/api/visit/beat", {"touched": False}).json()["state"] == State.WIPE


def test_a_slip_holds_a_page_of_the_site_and_nothing_else(talking: Live) -> None:
    """No page can print words of its own choosing, nor paper without end."""
    talking.enter()
    assert talking.post("/api/print", {"page": "/../secret"}).status_code == 404
    answer = talking.post("/api/print", {"page": "/en/kettle/descale.html", "state": "#step\nBUY NOW"})
    assert answer.json() == {"lines": ["Tiny Shop", "Remove limescale"]}
    assert talking.post("/api/print", {"page": "/en/kettle/descale.html"}).status_code == 503
    assert talking.parts.shop.printer.paper == [(["Tiny Shop", "", "Remove limescale", "", ""], "")]  # type: ignore[union-attr]


def test_the_staff_menu_opens_by_pin_only(talking: Live) -> None:
    """Facts, volume and language; without the pass nothing, and leaving ends it."""
    talking.enter()
    assert talking.client.get("/kiosk/staff").status_code == 200
    assert talking.post("/api/staff/look", {"pass": ""}).status_code == 403
    assert talking.post("/api/staff/enter", {"pin": "482916"}).status_code == 403
    given = talking.post("/api/staff/enter", {"pin": "482915"}).json()["pass"]
    told = talking.post("/api/staff/look", {"pass": given, "do": "quieter"}).json()
    assert told["loudness"] == 90
    assert {"version", "running", "updated", "disk", "memory", "outbox"} <= set(told["facts"])
    assert talking.post("/api/staff/look", {"pass": given, "do": "language", "lang": "de"}).json()["language"] == "de"
    assert talking.post("/api/staff/pages", {"pass": given}).json()["pages"] == []  # German has none
    assert talking.post("/api/staff/pages", {"pass": given, "lang": "en"}).json() == {
        "pages": [{"id": "shop/till", "title": "The till", "summary": ""}]
    }
    page = talking.post("/api/staff/pages", {"pass": given, "lang": "en", "page": "shop/till"}).json()
    assert page == {"article": "<article data-guide=a><h1>The till</h1></article>", "base": "/en/shop/till.html"}
    for other in ("../pages", "shop/../../../etc/passwd", "pages", ""):
        assert talking.post("/api/staff/pages", {"pass": given, "lang": "en", "page": other}).status_code == 404
    talking.post("/api/staff/look", {"pass": given, "do": "leave"})
    assert talking.post("/api/staff/pages", {"pass": given, "lang": "en"}).status_code == 403
    for path in ("/staff/en/shop/till.html", "/en/shop/till.html", "/kiosk/staff/en/shop/till.html"):
        assert talking.client.get(path).status_code == 404
    assert talking.post("/api/staff/look", {"pass": given}).status_code == 403


def test_without_a_pin_there_is_no_staff_menu(steady: Live) -> None:
    """No page, no address to knock at."""
    assert steady.client.get("/kiosk/staff").status_code == 404
    steady.enter()
    assert steady.post("/api/staff/enter", {"pin": "482915"}).status_code == 404
    steady.client.cookies.clear()


def test_the_layer_gives_its_files_and_nothing_else(steady: Live) -> None:
    """Scripts and styles below theme/shell, no templates, no way out."""
    for name in ("shell.js", "simple-keyboard/simple-keyboard.js", "layouts/dutch.js"):
        assert steady.client.get(f"/kiosk/{name}").headers["content-type"].startswith("text/javascript")
    for name in ("layer.html", "staff.html", "../site/main.html", "simple-keyboard/README.md", "%2e%2e/site/assets/js/zoom.js"):
        assert steady.client.get(f"/kiosk/{name}").status_code == 404, name


def test_the_waiting_screen_is_lit_where_nothing_else_was_set(steady: Live) -> None:
    """Always, unless the shop says otherwise."""
    assert steady.client.get("/api/screen").json() == {"lit": True}
    assert steady.client.get("/api/reminder.svg", params={"page": "/en/index.html"}).status_code == 404
