"""A colleague is called by program, webhook or mail; the kiosk says when, or where to go instead."""

from __future__ import annotations

import stat
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.calling import Caller, CallError, Program, caller_of
from kiosk.calls import PATIENCE, REST, Call, Calls
from kiosk.config import ConfigError, KioskConfig, load_config
from kiosk.log import Event, Log
from kiosk.shop import ShopParts
from tests.kiosk.conftest import serve
from tests.service.receivers import SmtpReceiver, WebhookReceiver

if TYPE_CHECKING:
    from tests.kiosk.conftest import Live

NOW = 1_770_000_000.0
WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def config_of(**given: Any) -> KioskConfig:
    """Return settings, the usual ones where none are given."""
    return KioskConfig.model_validate(given)


class Kept(Log):
    """A log that remembers which events there were."""

    events: list[Event]

    def event(self, event: Event, **values: float | Enum) -> None:
        """Remember one."""
        super().event(event, **values)
        self.__dict__.setdefault("events", []).append(event)


@pytest.fixture
def calls(tmp_path: Path) -> Calls:
    """Return an empty file of calls."""
    return Calls(tmp_path / "state")


def test_pressing_again_is_the_same_call(calls: Calls) -> None:
    """For a minute; one that failed may be repeated at once."""
    first = calls.ask("text", NOW)
    assert calls.ask("none", NOW + 1) == first
    calls.settle(first.id, NOW + 2)
    again = calls.ask("none", NOW + 30)
    assert (again.id, again.state(NOW + 30)) == (first.id, "called")
    later = calls.ask("none", NOW + REST)
    assert later.id != first.id
    calls.settle(later.id, None)
    assert calls.ask("none", NOW + REST + 1).id != later.id


def test_an_old_call_is_not_made(calls: Calls) -> None:
    """Whoever asked has left; nor is one from a clock that was wrong."""
    call = calls.ask("nonsense", NOW)
    assert call.need == "none"
    assert calls.waiting(NOW + PATIENCE - 1) == call
    assert calls.waiting(NOW + PATIENCE) is None
    assert calls.waiting(NOW - 10 * REST) is None
    assert call.state(NOW + PATIENCE) == "failed"


def test_a_program_is_told_what_is_wanted(tmp_path: Path, calls: Calls) -> None:
    """Without a shell: an argument stays one, whatever stands in it."""
    script, told = tmp_path / "ring", tmp_path / "told"
    script.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > {told}\n', encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    config = config_of(name="city-2", call_command=[str(script), "kiosk {kiosk}", "{need}; rm -rf /"])
    caller = caller_of(config, tmp_path / "state", Log(None))
    assert caller is not None
    caller.clock = lambda: NOW + 1
    call = calls.ask("quiet-place", NOW)
    caller.look()
    assert told.read_text(encoding="utf-8") == "kiosk city-2|quiet-place; rm -rf /|"
    found = calls.find(call.id)
    assert found is not None
    assert found.called_at == NOW + 1


def test_a_webhook_is_signed_by_the_standard(tmp_path: Path, calls: Calls) -> None:
    """The receiver checks it by the words of the specification."""
    secret = tmp_path / "secret"
    secret.write_text(WHSEC, encoding="ascii")
    with WebhookReceiver(WHSEC) as receiver:
        config = config_of(name="city-2", store="city", call_webhook=f"{receiver.address}/call", call_secret_file=str(secret))
        caller = caller_of(config, tmp_path / "state", Log(None))
        assert caller is not None
        caller.clock = lambda: NOW
        caller.ways[0].__dict__["clock"] = lambda: NOW
        call = calls.ask("text", NOW)
        caller.look()
        (event,) = receiver.events.values()
    assert receiver.wrong == []
    assert event["type"] == "person.called"
    assert {event["data"][name] for name in ("kiosk", "store", "need")} == {"city-2", "city", "text"}
    assert calls.find(call.id) == Call(call.id, NOW, "text", NOW)


def test_the_next_way_is_taken_when_one_fails(tmp_path: Path, calls: Calls) -> None:
    """The program is missing, the mail goes out."""
    with SmtpReceiver() as receiver:
        config = config_of(
            call_command=["/nowhere/ring"], call_mail="counter@shop.example", call_smtp=f"smtp://127.0.0.1:{receiver.port}"
        )
        log = Kept(None)
        caller = caller_of(config, tmp_path / "state", log)
        assert caller is not None
        caller.clock = lambda: NOW
        calls.ask("none", NOW)
        caller.look()
        (mail,) = receiver.mails.values()
    assert mail["To"] == "counter@shop.example"
    assert "need: none" in mail.get_content()
    assert log.events == [Event.CALL_FAILED]


def test_nobody_there_is_said(tmp_path: Path, calls: Calls) -> None:
    """Every way failed: the page sends people to the counter."""

    def broken(call: Call) -> None:
        raise CallError("no")

    call = calls.ask("none", NOW)
    Caller(calls, [broken], Log(None), clock=lambda: NOW).look()
    found = calls.find(call.id)
    assert found is not None
    assert found.state(NOW) == "failed"
    with pytest.raises(CallError, match="FileNotFoundError"):
        Program(["/nowhere/ring"], lambda _call: {})(call)


def test_settings_belong_together(tmp_path: Path) -> None:
    """A webhook without its secret, and a mail without its server, are told with their lines."""
    path = tmp_path / "kiosk.toml"
    path.write_text('call_webhook = "https://pager.shop.example/x"\ncall_mail = "a@b.example"\n', encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_config(path)
    assert error.value.problems == [
        "kiosk.toml:1: call_webhook also needs call_secret_file. Set it too.",
        "kiosk.toml:2: call_mail also needs call_smtp. Set it too.",
    ]
    path.write_text('call_webhook = "http://pager.shop.example/x"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="call_webhook must be an address"):
        load_config(path)
    assert caller_of(config_of(), tmp_path, Log(None)) is None


def test_only_the_kiosks_own_pages_may_call(tmp_path: Path, tiny_site: Path) -> None:
    """Without a session nobody is called; a kiosk that cannot call says so."""
    made = Calls(tmp_path / "state")
    for live in serve(tiny_site, shop=ShopParts(calls=made)):
        _calls_from(live, made)
    for live in serve(tiny_site):
        assert live.client.get("/api/call").json() == {"open": False}
        live.enter()
        assert live.post("/api/call", {}).status_code == 404


def _calls_from(live: Live, made: Calls) -> None:
    assert live.client.get("/api/call").json() == {"open": True}
    assert live.post("/api/call", {}).status_code == 401
    live.enter()
    told = live.post("/api/call", {"need": "text"}).json()
    assert told["state"] == "asked"
    made.settle(told["id"], NOW)
    assert live.client.get(f"/api/call/{told['id']}").json()["called_at"] == "2026-02-02T02:40:00+00:00"
    assert live.client.get("/api/call/999").status_code == 404
