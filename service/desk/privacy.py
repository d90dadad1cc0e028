"""A person's rights: everything of a case handed out, or emptied for good; both are written down."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from service.store import people
from service.store.cases import erase, load

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.cases import Case
    from service.store import Store

ABOUT = """This is everything that the service desk keeps of the case {reference}, as of {moment}.
case.json holds the request as it came in, and each thing that happened since: answers, notes of the staff, who had it, when.
Nothing of it was joined with what was counted on help pages: those numbers belong to no case and no person.
"""


def files_of(case: Case, now: int) -> dict[str, bytes]:
    """Return what a person gets: a file that says what it is, and the case."""
    moment = _moment(now)
    told = {
        "reference": case.request.reference,
        "as_of": moment,
        "status": case.status.value,
        "request": case.request.model_dump(mode="json"),
        "events": [_event(vars(event)) for event in case.events],
    }
    about = ABOUT.format(reference=case.request.reference, moment=moment)
    return {"about.txt": about.encode(), "case.json": json.dumps(told, ensure_ascii=False, indent=1).encode()}


def export_case(store: Store, reference: str, by: str, now: int) -> bytes:
    """Return a case as a zip file, and write down who took it; NoCaseError when there is none."""
    with store.read() as connection:
        case = load(connection, reference)
    store.writing(lambda connection: people.note(connection, by, "exported", reference, now))
    return zipped(files_of(case, now))


def erase_case(store: Store, reference: str, by: str, now: int) -> None:
    """Empty everything personal of a case, and write down who did; NoCaseError when there is none."""

    def change(connection: Connection) -> None:
        erase(connection, reference, by, now)
        people.note(connection, by, "erased", reference, now)

    store.writing(change)


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
