"""Reading a mail that came in: who wrote, in answer to what, what was said, and which photos are with it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.utils import getaddresses
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from service.desk.mail.automatic import wants_no_machine, written_by
from service.messages.fields import clean
from service.reference import ReferenceProblem, parse_reference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

MOST_LETTER = 25 * 1024 * 1024
"""Bytes of a mail with everything in it: what most servers take."""
MOST_TEXT = 20_000
MOST_PARTS = 200
MOST_PHOTOS = 10
MOST_IDS = 50
MOST_QUOTE_HEAD = 300
_ID = re.compile(r"<[^<>\s]{3,250}>")
_NUMBER = re.compile(r"\b[A-Z0-9]{1,6}[-‐‑–][A-Z0-9]{5}[-‐‑–][A-Z0-9]{5}[-‐‑–][A-Z0-9]\b", re.IGNORECASE)
_QUOTE_BEGINS = re.compile(
    r"^\s*(-{3,} ?(Original|Ursprüngliche|Message d|Messaggio|Mensaje).*|_{10,}"
    r"|>? ?(On|Am|Le|Il|El) .{4,200}(wrote|schrieb.*|a écrit ?|ha scritto|escribió):\s*)$"
)


class UnreadableError(Exception):
    """This is no mail that could be read."""


@dataclass(frozen=True)
class Bounce:
    """A report that a mail did not arrive: of which mails it may speak, and what the server said."""

    ids: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Letter:
    """A mail, read."""

    digest: str
    sender: str
    name: str
    subject: str
    text: str
    quoted: str
    message: str = ""
    """Its Message-ID; empty where it has none that could be used."""
    answers: tuple[str, ...] = ()
    """Message-IDs of the mails before it, the nearest first."""
    numbers: tuple[str, ...] = ()
    """Reference numbers in it, those of the subject first; each has the right check symbol."""
    language: str = ""
    photos: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    left_out: tuple[str, ...] = ()
    """Files that are no photos, by name: they are not taken in."""
    automatic: str = ""
    no_receipt: bool = False
    spam: bool = False
    loops: frozenset[str] = frozenset()
    bounce: Bounce | None = None


def read(raw: bytes, envelope: str | None = None) -> Letter:
    """Read a mail; `envelope` is the sender that the server was told, where that is known. UnreadableError when it is none."""
    try:
        if len(raw) > MOST_LETTER:
            raise UnreadableError(f"it is larger than {MOST_LETTER // 1024 // 1024} MB")
        return _read(message_from_bytes(raw, policy=policy.compat32), raw, envelope)
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        # Python's reader of mails stumbles over some that nobody wrote by hand; such a mail is kept whole for a person.
        raise UnreadableError(f"it cannot be read ({type(error).__name__})") from error


def _read(message: Message, raw: bytes, envelope: str | None) -> Letter:
    def head(name: str) -> str:
        return _decoded(message, name)

    name, sender = _sender(head)
    if not sender:
        raise UnreadableError("it names no sender")
    return_path = envelope if envelope is not None else (head("Return-Path") if "Return-Path" in message else None)
    parts = list(_parts(message))
    text, quoted = split_quoted(_text(parts))
    subject = " ".join(head("Subject").split())[:250]
    own = (_ID.findall(head("Message-ID")) or [""])[0]
    photos, left_out = _files(parts)
    language = head("Content-Language").split(",")[0].strip()
    return Letter(
        digest=hashlib.sha256(b"\0".join((own.encode(), sender.encode(), _body(raw)))).hexdigest(),
        sender=sender,
        name=name,
        subject=subject,
        text=text,
        quoted=quoted,
        message=own,
        answers=tuple(dict.fromkeys([*_ID.findall(head("In-Reply-To")), *reversed(_ID.findall(head("References")))]))[:MOST_IDS],
        numbers=tuple(dict.fromkeys([*_numbers(subject), *_numbers(text), *_numbers(quoted)]))[:5],
        language=language if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language) and len(language) <= 35 else "",
        photos=photos,
        left_out=left_out,
        automatic=written_by(head, sender, return_path),
        no_receipt=wants_no_machine(head),
        spam=head("X-Spam-Flag").strip().casefold() == "yes",
        loops=frozenset(one.strip().casefold() for one in message.get_all("X-Loop", [])),
        bounce=_bounce(message),
    )


def split_quoted(text: str) -> tuple[str, str]:
    """Part what somebody wrote from the letter below it that they answer. What stands between quotes stays."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        two = f"{line} {lines[number + 1].strip()}" if number + 1 < len(lines) else line
        if any(len(one) < MOST_QUOTE_HEAD and _QUOTE_BEGINS.match(one) for one in (line, two)):
            above = "\n".join(lines[:number]).strip()
            if above:
                return above, "\n".join(lines[number:]).strip()
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith(">")):
        end -= 1
    above = "\n".join(lines[:end]).strip()
    return (above, "\n".join(lines[end:]).strip()) if above else (text.strip(), "")


def _decoded(message: Message, name: str) -> str:
    raw = message.get(name, "")
    try:
        text = str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, ValueError):
        text = str(raw)
    return str(clean(text.encode("utf-8", "replace").decode("utf-8").replace("\r", " ").replace("\n", " ")))


def _sender(head: object) -> tuple[str, str]:
    for name in ("Reply-To", "From"):
        for shown, address in getaddresses([head(name)]):  # type: ignore[operator]
            if "@" in address and address.isprintable() and " " not in address and len(address) <= 254:
                return shown[:100], address
    return "", ""


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        if not part.is_multipart():
            yield part


def _text(parts: list[Message]) -> str:
    """Return the words: plain ones where there are, else those of the HTML."""
    plain = [_content(part) for part in parts if part.get_content_type() == "text/plain" and not _is_file(part)]
    if any(text.strip() for text in plain):
        return "\n\n".join(plain).strip()[:MOST_TEXT]
    for part in parts:
        if part.get_content_type() == "text/html" and not _is_file(part):
            return _words_of(_content(part)).strip()[:MOST_TEXT]
    return ""


def _words_of(html: str) -> str:
    tree = LexborHTMLParser(html[: 20 * MOST_TEXT])
    for node in tree.css("script, style, head, title, template"):
        node.decompose()
    for node in tree.css("br, p, div, tr, li, h1, h2, h3, blockquote"):
        node.insert_after("\n")
    text = tree.body.text() if tree.body else ""
    return re.sub(r"\n\s*\n+", "\n\n", "\n".join(" ".join(line.split()) for line in text.split("\n")))


def _content(part: Message) -> str:
    data = part.get_payload(decode=True)
    data = data if isinstance(data, bytes) else b""
    try:
        text = data.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        text = data.decode("utf-8", "replace")
    return str(clean(text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\xa0", " ")))


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _files(parts: list[Message]) -> tuple[tuple[tuple[str, bytes], ...], tuple[str, ...]]:
    photos: list[tuple[str, bytes]] = []
    left_out: list[str] = []
    for part in parts:
        kind = part.get_content_type()
        if kind.startswith("text/") and not _is_file(part):
            continue
        if kind.startswith("message/"):
            continue
        name = str(clean(str(part.get_filename() or "")))[:100] or kind
        data = part.get_payload(decode=True)
        # What it is, its first bytes say when the photo is drawn anew; the names are only a first sieve.
        looks = kind.startswith("image/") or kind == "application/octet-stream"
        if looks and isinstance(data, bytes) and data and len(photos) < MOST_PHOTOS:
            photos.append((name, data))
        else:
            left_out.append(name)
    return tuple(photos), tuple(left_out[:20])


def _numbers(text: str) -> Iterator[str]:
    for found in _NUMBER.findall(text[:MOST_TEXT]):
        try:
            yield str(parse_reference(found))
        except ReferenceProblem:
            continue


def _bounce(message: Message) -> Bounce | None:
    if message.get_content_type() != "multipart/report" or "delivery-status" not in str(message.get("Content-Type", "")).lower():
        return None
    ids: list[str] = []
    words = ""
    failed = False
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            told = part.as_string()
            failed = failed or re.search(r"^Action:\s*failed", told, re.IGNORECASE | re.MULTILINE) is not None
            said = re.search(r"^Diagnostic-Code:\s*(?:[\w-]+;)?\s*(.+(?:\n[ \t].+)*)", told, re.IGNORECASE | re.MULTILINE)
            words = words or " ".join(said[1].split())[:500] if said else words
        elif kind in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}:
            ids += _ID.findall(
                " ".join(re.findall(r"^Message-ID:(.*(?:\n[ \t].*)*)", part.as_string(), re.IGNORECASE | re.MULTILINE))
            )
    return Bounce(tuple(ids[:MOST_IDS]), str(clean(words)) or "it came back") if failed else None


def _body(raw: bytes) -> bytes:
    """Return what is the same in every copy of a mail: all but the lines that servers put above it."""
    _, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    return body
