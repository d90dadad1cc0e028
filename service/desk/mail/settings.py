"""The part `[mail]` of desk.toml: who writes, by which servers."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

LOCAL = {"localhost", "127.0.0.1", "::1"}
_ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$"
Address = Annotated[str, Field(pattern=_ADDRESS, description='an address such as "help@shop.example"')]


class SecretError(Exception):
    """A password cannot be read; the words say where it was looked for."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class MailServer(_Part):
    """A mail server, and who we are there."""

    host: str = Field(pattern=r"^[A-Za-z0-9:][A-Za-z0-9.:-]{0,252}$", description="the name of a host")
    port: int = Field(0, ge=0, le=65535, description="a whole number from 1 to 65535 (left out: the usual one)")
    security: Literal["tls", "starttls", "none"] = Field("tls", description='"tls", "starttls" or, on this machine only, "none"')
    user: str = Field("", description="a user's name")
    password_file: str = Field("", description="the path of a file that holds the password")
    password_variable: str = Field("", description="the name of an environment variable that holds the password")
    ca_file: str = Field("", description="the path of a file with the certificate authority of the server")
    seconds: int = Field(30, ge=1, le=300, description="a whole number of seconds from 1 to 300")

    @model_validator(mode="after")
    def _safe(self) -> MailServer:
        if self.security == "none" and self.host not in LOCAL:
            raise ValueError('security = "none" is for a server on this machine only: elsewhere mails and password could be read')
        if self.user and not (self.password_file or self.password_variable):
            raise ValueError("user is set, so password_file or password_variable must be set too")
        if self.password_file and self.password_variable:
            raise ValueError("set password_file or password_variable, not both")
        return self

    def password(self, folder: Path) -> str:
        """Return the password; a relative path begins at the folder of desk.toml."""
        if self.password_variable:
            found = os.environ.get(self.password_variable, "")
            if not found:
                raise SecretError(f"the environment variable {self.password_variable} with the mail server's password is not set")
            return found
        if not self.password_file:
            return ""
        path = folder / self.password_file
        try:
            return path.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SecretError(f"{path}: the mail server's password cannot be read: {error}") from error


class Mailbox(MailServer):
    """A mailbox that is looked into for letters of customers."""

    folder: str = Field("INBOX", min_length=1, pattern=r"^[ -!#-\[\]-~]+$", description="the name of a folder of the mailbox")
    every: int = Field(60, ge=5, le=3600, description="a whole number of seconds from 5 to 3600")


class MailSettings(_Part):
    """Who the desk is in mails."""

    address: Address
    name: str = Field("", max_length=100, pattern=r"^[^\r\n\x00]*$", description="the name that customers see")
    also: tuple[Address, ...] = Field((), strict=False, description="a list of more addresses that lead to this desk")
    language: Literal["en", "de", "es", "fr", "it", "ar"] = Field("en", description='"en", "de", "es", "fr", "it" or "ar"')
    prefix: str = Field("HS", pattern=r"^[A-Z0-9]{1,6}$", description="1 to 6 capital letters or digits")
    store: str = Field("", pattern=r"^([a-z0-9][a-z0-9-]{0,63})?$", description="the name of a file in stores/, without .yml")
    receipts: bool = Field(default=True, description="true or false")
    answer_hours: int = Field(24, ge=0, le=720, description="a whole number of hours from 0 (nothing promised) to 720")
    smtp: MailServer | None = None
    imap: Mailbox | None = None

    @property
    def own(self) -> frozenset[str]:
        """All addresses of the desk, in small letters."""
        return frozenset(address.casefold() for address in (self.address, *self.also))

    @property
    def domain(self) -> str:
        """What stands behind the @ of our Message-IDs."""
        return self.address.rpartition("@")[2].casefold()


def sendable(text: str) -> str:
    """Return an address as mail servers take it, a domain with other letters in its ASCII form; empty when it is none."""
    local, _, domain = text.rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return ""
    return plain if re.fullmatch(_ADDRESS, plain) and ".." not in plain and len(plain) <= 254 else ""
