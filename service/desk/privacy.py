"""A person's rights: everything of a case handed out, or emptied for good; both are written down."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from service.cases import Kind
from service.store import people
from service.store.cases import erase, load
from service.store.mail import of_case as mails_of
from service.store.photos import of_case as photos_of
from service.store.photos import picture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from service.cases import Case
    from service.store import Store

NONE: Mapping[str, bytes] = MappingProxyType({})

ABOUT = """This is everything that the service desk keeps of the case {reference}, as of {moment}.
case.json holds the request as it came in, and each thing that happened since: answers, notes of the staff, who had it, when.
Cases that were merged into it lie beside it, each in a folder of its number.
photos/ holds the pictures that came with it, mails/ the mails that were sent to you.
Nothing of it was joined with what was counted on help pages: those numbers belong to no case and no person.
"""


def files_of(case: Case, now: int, pictures: Mapping[str, bytes] = NONE, letters: Mapping[str, bytes] = NONE) -> dict[str, bytes]:
    """Return what a person gets: a file that says what it is, the case, its photos, and the mails that were sent."""
    moment = _moment(now)
    told = {
        "reference": case.request.reference,
        "as_of": moment,
        "status": case.status.value,
        "request": case.request.model_dump(mode="json"),
        "events": [_event(vars(event)) for event in case.events],
    }
    about = ABOUT.format(reference=case.request.reference, moment=moment)
    files = {"about.txt": about.encode(), "case.json": json.dumps(told, ensure_ascii=False, indent=1).encode()}
    files |= {f"photos/{name}.jpg": content for name, content in pictures.items()}
    return files | {f"mails/{number}.eml": content for number, content in enumerate(letters.values(), 1)}


def export_case(store: Store, reference: str, by: str, now: int) -> bytes:
    """Return a case, and those merged into it, as a zip file, and write down who took it; NoCaseError when there is none."""
    files: dict[str, bytes] = {}
    with store.read() as connection:
        for case in family(connection, reference):
            number = case.request.reference
            pictures = {name: picture(connection, number, name) or b"" for name in photos_of(connection, number)}
            letters = {row.id: row.content.encode() for row in mails_of(connection, number).values()}
            folder = "" if number == reference else f"{number}/"
            files |= {f"{folder}{name}": content for name, content in files_of(case, now, pictures, letters).items()}
    store.writing(lambda connection: people.note(connection, by, "exported", reference, now))
    return zipped(files)


def family(connection: Connection, reference: str) -> list[Case]:
    """Return a case and every one that was merged into it, or into one of those."""
    found: dict[str, Case] = {}
    waiting = [reference]
    while waiting:
        number = waiting.pop(0)
        if number not in found:
            case = found[number] = load(connection, number)
            waiting += [event.data["from"] for event in case.events if event.kind is Kind.JOINED]
    return list(found.values())


def erase_case(store: Store, reference: str, by: str, now: int) -> None:
    """Empty everything personal of a case and of those merged into it, and write down who did; NoCaseError when there is none."""
    store.writing(lambda connection: erase_family(connection, reference, by, now))


def erase_family(connection: Connection, reference: str, by: str, now: int) -> None:
    """Do so in the transaction of the caller."""
    for case in family(connection, reference):
        erase(connection, case.request.reference, by, now)
        people.note(connection, by, "erased", case.request.reference, now)


def zipped(files: dict[str, bytes]) -> bytes:
    """Return files as one."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def _event(told: dict[str, Any]) -> dict[str, Any]:
    data = {key: value for key, value in told["data"].items() if key not in {"hash", "case"}}
    return {"what": str(told["kind"]), "by": told["by"], "at": _moment(told["at"]), **({"told": data} if data else {})}


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")
