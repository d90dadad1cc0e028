"""The desk's settings: `desk.toml`, checked whole before anything starts; all that is wrong is told at once."""

from __future__ import annotations

import difflib
import re
import tomllib
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from service.desk.mail.settings import MailSettings

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "desk.toml"
_SECRET = "password"  # noqa: S105, the name of a key that nobody may use


class SettingsError(Exception):
    """Says everything that is wrong with desk.toml, one message per line."""


class DeskSettings(BaseModel):
    """What a desk may be told beyond its command line."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    site: str = Field(
        "", pattern=r"^(https?://[^\s?#]+)?$", description='the address of the guides, such as "https://help.shop.example/"'
    )
    mail: MailSettings | None = None


def load_settings(path: Path) -> DeskSettings:
    """Read desk.toml; a desk without one sends and takes no mail."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return DeskSettings.model_validate({})
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error
    try:
        return DeskSettings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: is no TOML: {error}") from error
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise SettingsError("\n".join(_told(path, text, item["loc"], item["type"], item["msg"]) for item in found)) from None


def _told(path: Path, text: str, place: tuple[Any, ...], kind: str, message: str) -> str:
    names = [str(part) for part in place]
    where = f"{path}:{_line_of(text, names)}"
    key = ".".join(names)
    if kind == "extra_forbidden":
        if names[-1] == _SECRET:
            return f"{where}: {key}: a password does not stand in this file. Set password_file or password_variable."
        known = sorted(_fields(names[:-1]))
        close = difflib.get_close_matches(names[-1], known, 1)
        return f"{where}: there is no setting '{key}'. " + (
            f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(known)}."
        )
    if kind == "missing":
        return f"{where}: {key} is missing."
    if kind == "value_error":
        return f"{where}: {key}: {message.removeprefix('Value error, ')}."
    field = _fields(names[:-1]).get(names[-1]) if names else None
    about = field.description if field and field.description else ""
    return f"{where}: {key} must be {about}." if about else f"{where}: {key}: {message}."


def _fields(names: list[str]) -> dict[str, FieldInfo]:
    model: type[BaseModel] = DeskSettings
    for name in names:
        field = model.model_fields.get(name)
        inner = [
            part
            for part in (get_args(field.annotation) if field else ())
            if isinstance(part, type) and issubclass(part, BaseModel)
        ]
        if not inner:
            return {}
        model = inner[0]
    return dict(model.model_fields)


def _line_of(text: str, names: list[str]) -> int:
    """Return the line on which a key stands, or its table, or the first."""
    table, found = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[([^\]]+)\]", line):
            table = head[1].strip()
            if ".".join(names).startswith(table):
                found = number
        elif (key := re.match(r"\s*([\w.-]+)\s*=", line)) and ".".join(filter(None, (table, key[1]))) == ".".join(names):
            return number
    return found
