"""The kiosk's settings: `kiosk.toml`, checked whole before anything starts."""

import difflib
import json
import re
import tomllib
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from kiosk.ladder import Limits

FILE_NAME = "kiosk.toml"


class ConfigError(Exception):
    """Says everything that is wrong with the kiosk's settings, one message per line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _seconds(least: int, most: int, default: int) -> Any:
    return Field(default, ge=least, le=most, description=f"a whole number of seconds from {least} to {most}")


class KioskConfig(BaseModel):
    """What a shop may set; each description completes the sentence "KEY must be …"."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    port: int = Field(0, ge=0, le=65535, description="a whole number from 0 to 65535 (0 = any free port)")
    backend: Literal["auto", "gtk", "qt", "webview2", "none"] = Field(
        "auto", description='"auto", "gtk", "qt", "webview2" or "none"'
    )
    fullscreen: bool = Field(default=True, description="true or false")
    idle_seconds: Annotated[int, _seconds(10, 3600, 60)] = 60
    # EN 301 549 and WCAG 2.2.1: at least 20 seconds to answer, at least ten times.
    warning_seconds: Annotated[int, _seconds(20, 600, 20)] = 20
    extensions: int = Field(10, ge=10, le=100, description="a whole number from 10 to 100")
    attract: bool = Field(default=True, description="true or false")
    language: str | None = Field(None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description='a language code such as "en"')
    store: str | None = Field(
        None, pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="the name of a file in stores/, without .yml"
    )
    speech: bool = Field(default=True, description="true or false")
    speech_command: list[str] | None = Field(
        None, min_length=1, description='a program and its arguments, such as ["piper-say", "{lang}", "{speed}"]'
    )
    speech_languages: list[str] = Field([], description='a list of language codes, such as ["en", "de"]')
    speech_player: list[str] | None = Field(None, min_length=1, description="a program and its arguments that plays raw sound")
    speech_volume: int = Field(80, ge=10, le=100, description="a whole number from 10 to 100 (percent)")
    keypad: bool = Field(default=False, description="true or false")
    meaning: bool = Field(default=False, description="true or false")
    keyboard: Literal["auto", "off"] = Field("auto", description='"auto" or "off"')
    scanner_prefix: str = Field("", max_length=8, pattern=r"^[!-~]*$", description="at most 8 printable characters")
    scanner_suffix: Literal["Enter", "Tab", ""] = Field("Enter", description='"Enter", "Tab" or ""')
    screen_inches: float = Field(0.0, ge=0, le=120, description="a number of inches from 0 to 120 (0 = not known)")
    distance_mm: int = Field(600, ge=200, le=3000, description="a whole number of millimetres from 200 to 3000")
    screen: str = Field(
        "always",
        pattern=r"^(always|shop|([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00))$",
        description='"always", "shop" (its opening hours) or a span such as "08:30-20:30"',
    )
    printer: str | None = Field(
        None,
        pattern=r"^(cups:[A-Za-z0-9][A-Za-z0-9_.@-]{0,126}|escpos:(/dev/[A-Za-z0-9/_-]+|[A-Za-z0-9.-]+))$",
        description='"cups:" and the name of a printer, or "escpos:" and its device or address, such as "escpos:/dev/usb/lp0"',
    )
    staff_pin: str | None = Field(
        None,
        pattern=r"^scrypt\$\d+\$\d+\$\d+\$[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+$",
        description="the line that ./helpstand kiosk --staff-pin prints",
    )

    monitor: int = Field(1, ge=1, le=16, description="a whole number from 1 to 16: which of the machine's screens")
    name: str = Field(
        "kiosk", pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description='the kiosk\'s name at the desk, such as "city-2"'
    )
    desk: str | None = Field(
        None,
        pattern=r"^(https://[a-z0-9.-]+(:\d+)?|http://(127\.0\.0\.1|localhost)(:\d+)?)(/[\w./-]*)?$",
        description='the address of the service desk, such as "https://desk.shop.example"',
    )
    call_command: list[str] | None = Field(
        None, min_length=1, description='a program and its arguments, such as ["/opt/bell/ring", "{kiosk}", "{need}"]'
    )
    call_webhook: str | None = Field(
        None,
        pattern=r"^(https://[a-z0-9.-]+(:\d+)?|http://(127\.0\.0\.1|localhost)(:\d+)?)(/[\w./-]*)?$",
        description='an address such as "https://pager.shop.example/call"; it also needs call_secret_file',
    )
    call_secret_file: str | None = Field(None, pattern=r"^/.+$", description="the path of a file that holds whsec_…")
    call_mail: str | None = Field(
        None, pattern=r"^[^@\s<>]+@[A-Za-z0-9.-]+$", description="a mail address; it also needs call_smtp"
    )
    call_smtp: str | None = Field(
        None,
        pattern=r"^smtps?://([^@/\s:]+@)?[a-z0-9.-]+(:\d+)?$",
        description='a mail server such as "smtps://kiosk@mail.shop.example"',
    )
    call_password_file: str | None = Field(None, pattern=r"^/.+$", description="the path of a file that holds the mail password")
    memory_mb: int = Field(1000, ge=300, le=16000, description="a whole number of MiB from 300 to 16000")
    nightly: str | None = Field(
        "03:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^$", description='a time of day such as "03:30" ("" = never)'
    )

    _lines: dict[str, int] = PrivateAttr(default_factory=dict)

    def limits(self) -> Limits:
        """Give the ladder's limits that the shop may set, and the usual ones besides."""
        return Limits(memory_mb=self.memory_mb, nightly=time.fromisoformat(self.nightly) if self.nightly else None)

    @property
    def can_call(self) -> bool:
        """Whether a colleague can be called from here."""
        return bool(self.call_command or self.call_webhook or self.call_mail)

    def found_at(self, lines: dict[str, int]) -> "KioskConfig":
        """Remember on which line each key was set, for messages that come later."""
        self._lines.update(lines)
        return self

    @property
    def lines(self) -> dict[str, int]:
        """On which line each key was set."""
        return dict(self._lines)

    def place(self, key: str) -> str:
        """Where the key was set, as messages name it."""
        line = self._lines.get(key)
        return f"{FILE_NAME}:{line}" if line else FILE_NAME


def load_config(path: Path) -> KioskConfig:
    """Read kiosk.toml; a missing file means the defaults; every mistake is told at once in a ConfigError."""
    text = _read(path)
    if text is None:
        return KioskConfig.model_validate({})
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_toml_problem(path.name, text, str(error))]) from None
    lines = {key: _line_of(text, key) for key in values}
    try:
        config = KioskConfig.model_validate(values).found_at(lines)
    except ValidationError as error:
        found = {(lines.get(str(item["loc"][0]), 1), str(item["loc"][0])) for item in error.errors()}
        raise ConfigError([f"{path.name}:{line}: {_words(key, values[key])}" for line, key in sorted(found)]) from None
    alone = [(key, other) for key, other in TOGETHER.items() if values.get(key) and not values.get(other)]
    if alone:
        raise ConfigError([f"{path.name}:{lines[key]}: {key} also needs {other}. Set it too." for key, other in alone])
    return config


TOGETHER = {"call_webhook": "call_secret_file", "call_mail": "call_smtp"}
"""Keys that are nothing without another."""


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ConfigError([f"{path.name}:{line}: this is not UTF-8 text. Save the file as UTF-8."]) from None
    except OSError as error:
        raise ConfigError([f"{path.name}:1: cannot be read: {error.strerror}."]) from None


def _toml_problem(name: str, text: str, message: str) -> str:
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    cause = message[: place.start()] if place else message
    return (
        f"{name}:{line}: not valid TOML: {cause[:1].lower()}{cause[1:]}. Write one setting per line, such as: idle_seconds = 60"
    )


def _line_of(text: str, key: str) -> int:
    name = re.escape(key)
    pattern = rf"""^\s*(?:\[+\s*)?["']?{name}["']?\s*(?:[=.\]])"""
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(pattern, line):
            return number
    return 1


def _words(key: str, value: object) -> str:
    field = KioskConfig.model_fields.get(key)
    if field is None:
        return f"unknown key '{key}'.{_did_you_mean(key, list(KioskConfig.model_fields))}"
    hint = _did_you_mean(value, ["auto", "gtk", "qt", "webview2", "none"]) if key == "backend" else ""
    return f"{key} must be {field.description}, not {_shown(value)}.{hint}"


def _shown(value: object) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= 60 else shown[:57] + "…"


def _did_you_mean(word: object, choices: list[str]) -> str:
    # Of our own: the kiosk imports nothing from the content model.
    close = difflib.get_close_matches(str(word).lower().replace("-", "_"), choices, n=1, cutoff=0.6)
    if close:
        return f" Did you mean '{close[0]}'?"
    return f" Known keys: {', '.join(sorted(choices))}." if len(choices) > 4 else ""
