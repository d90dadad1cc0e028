"""The targets of routes.yml: what each kind of other side needs to be told."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from service.connectors.http import LOOPBACK
from service.routing import Words

_ADDRESS = re.compile(r"[^@\s<>]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_SECRET = re.compile(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)")


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise PydanticCustomError("url", "'{value}' must begin with https:// (http:// only on this machine)", {"value": value})
    if not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        message = "'{value}' must be an address such as https://desk.shop.example, without a name, a password, ? or #"
        raise PydanticCustomError("url", message, {"value": value})
    return value


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value) or not value.isascii():
        raise PydanticCustomError("address", "'{value}' is not a mail address such as desk@shop.example", {"value": value})
    return value


def _secret(value: str) -> str:
    if not _SECRET.fullmatch(value):
        # What stands there may be the secret itself: it is not repeated.
        message = "a secret never stands in this file. Write env:NAME or file:PATH, and put it there"
        raise PydanticCustomError("secret", message)
    return value


Url = Annotated[str, AfterValidator(_url)]
MailAddress = Annotated[str, AfterValidator(_address)]
SecretPlace = Annotated[str, AfterValidator(_secret)]


class SecretMissingError(Exception):
    """A secret is not where the file says; the words say where that is."""


def secret_at(place: str, folder: Path) -> str:
    """Read a secret from the environment or from a file, whose path counts from the folder of routes.yml."""
    kind, _, rest = place.partition(":")
    if kind == "env":
        found = os.environ.get(rest, "").strip()
        if not found:
            raise SecretMissingError(f"the environment has no {rest}")
        return found
    path = folder / Path(rest).expanduser()
    try:
        found = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretMissingError(f"{path} cannot be read ({getattr(error, 'strerror', '') or 'not text'})") from None
    if not found:
        raise SecretMissingError(f"{path} is empty")
    return found


class Target(BaseModel):
    """What all kinds share."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    seconds: Annotated[float, Field(ge=5, le=60)] = Field(default=20, description="for one try, from 5 to 60 seconds")
    internal: bool = Field(default=False, description="whether it may lie in the own network")


class MailTarget(Target):
    """A mailbox."""

    kind: Literal["mail"]
    host: str = Field(description="mail server")
    port: int = Field(default=465, ge=1, le=65535, description="465, or 587 with `tls: starttls`")
    tls: Literal["yes", "starttls", "no"] = Field(default="yes", description="yes, starttls, or no (only on this machine)")
    user: str = Field(default="", description="name to sign in with")
    secret: SecretPlace | None = Field(default=None, description="its password")
    sender: MailAddress = Field(description="the desk's own address")
    to: MailAddress = Field(description="where the mail goes")

    @model_validator(mode="after")
    def _sealed(self) -> MailTarget:
        if self.tls == "no" and self.host not in LOOPBACK:
            raise PydanticCustomError("tls", "only a mail server on this machine may be spoken to without TLS")
        if bool(self.user) != (self.secret is not None):
            raise PydanticCustomError("user", "`user` and `secret` belong together")
        return self


class WebhookTarget(Target):
    """A program that understands Standard Webhooks."""

    kind: Literal["webhook"]
    url: Url = Field(description="where it listens")
    secret: SecretPlace = Field(description="whsec_… of Standard Webhooks")
    old_secret: SecretPlace | None = Field(default=None, description="the secret before, while both are in use")
    content: Literal["full", "thin"] = Field(default="full", description="the whole case, or nothing that a person typed")


class ZammadTarget(Target):
    """Zammad."""

    kind: Literal["zammad"]
    url: Url = Field(description="address of Zammad")
    secret: SecretPlace = Field(description="access token of an agent")
    group: str = Field(default="Users", description="group of new tickets")
    without_mail: MailAddress = Field(description="customer of a ticket whose writer told no mail address")


class ZendeskTarget(Target):
    """Zendesk Support."""

    kind: Literal["zendesk"]
    url: Url = Field(description="address of the account")
    user: MailAddress = Field(description="mail address of the agent whose API token it is")
    secret: SecretPlace = Field(description="API token")
    group: str = Field(default="", pattern=r"^\d*$", description="number of the group of new tickets")
    tags: Words = Field(default=("helpstand",), description="tags of new tickets")
    without_mail: MailAddress = Field(description="requester of a ticket whose writer told no mail address")


class OsTicketTarget(Target):
    """osTicket."""

    kind: Literal["osticket"]
    url: Url = Field(description="address of osTicket, with its folder")
    secret: SecretPlace = Field(description="API key that may create tickets")
    by: Literal["mail", "json"] = Field(
        default="mail", description="mail: never a ticket twice; json: with help topic and priority"
    )
    to: MailAddress | None = Field(default=None, description="with `by: mail`: the address of a department")
    topic: Annotated[int, Field(ge=1)] | None = Field(default=None, description="with `by: json`: number of the help topic")
    without_mail: MailAddress = Field(description="sender of a ticket whose writer told no mail address")

    @model_validator(mode="after")
    def _whole(self) -> OsTicketTarget:
        if self.by == "mail" and self.to is None:
            raise PydanticCustomError("to", "`to` is missing: the mail address of the department in osTicket")
        if self.by == "mail" and self.topic is not None:
            raise PydanticCustomError("topic", "a mail has no help topic. Write `by: json`, or leave `topic` out")
        return self


KINDS: dict[str, type[Target]] = {
    "mail": MailTarget,
    "webhook": WebhookTarget,
    "zammad": ZammadTarget,
    "zendesk": ZendeskTarget,
    "osticket": OsTicketTarget,
}
NAMES = {"mail": "Mail", "webhook": "Webhook", "zammad": "Zammad", "zendesk": "Zendesk", "osticket": "osTicket"}
