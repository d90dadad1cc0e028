"""A desk with made-up cases to look at: `python -m tests.service.desk_demo FOLDER` serves it, and prints the address."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from service.cases import CaseEvent, Kind
from service.desk.app import Parts, create_app
from service.desk.keyring import load_keyring
from service.desk.passwords import hashed
from service.desk.run import database_of
from service.desk.server import Running
from service.messages import CaseRequest, KioskState
from service.reference import new_reference
from service.store import Store, open_store
from service.store.cases import add, receive
from service.store.ingest import Post, Read, take
from service.store.people import Account, save_account
from service.store.states import keep
from service.store.tables import kiosks

PASSWORD = "four words apart here"
TRIED = [
    {"page": "kettle/does-not-heat"},
    {"asked": "Does the lamp in the handle light up?", "answered": "Yes, it blinks three times"},
    {"asked": "Is there limescale on the floor of the kettle?", "answered": "No"},
]
STORIES: list[dict[str, Any]] = [
    {
        "details": {"flow": "complaint", "kind": "broken", "remedy": "exchange", "safety_risk": True},
        "product": "kettle",
        "words": "There was a smell of burning at the plug. I am afraid to switch it on again.",
        "name": "Kim Miller",
        "hours": 3,
    },
    {
        "details": {"flow": "repair", "serial": "WM-2231-8890", "error_code": "E18", "repeats": True, "place": "home"},
        "product": "washer",
        "words": "It stops with E18 in every programme.",
        "name": "Ada Brandt",
        "hours": -2,
    },
    {
        "details": {"flow": "question"},
        "product": "robot",
        "words": "Can it climb over a threshold of 22 mm?",
        "name": "Jo Weber",
        "hours": 26,
    },
    {
        "details": {"flow": "return", "reason": "does-not-fit", "wanted": "money"},
        "product": "lamp",
        "words": "Too long for our table.",
        "name": "María Soler",
        "hours": 27,
    },
    {"details": {"flow": "accessory", "part": "group-seal-em"}, "product": "espresso", "words": "", "name": "", "hours": 30},
    {
        "details": {"flow": "idea"},
        "product": "bike-light",
        "words": "The strap could be a finger wider. Otherwise: great.",
        "name": "",
        "hours": None,
    },
    {"details": {"flow": "person", "need": "quiet-place"}, "product": "", "words": "", "name": "", "hours": 0.2},
]


def fill(store: Store, now: datetime) -> list[str]:
    """Let two people in and seven cases come in; return the numbers."""
    milliseconds = int(now.timestamp() * 1000)

    def people(connection: Any) -> None:
        for name, shown, role in (("ada", "Ada Lind", "manager"), ("tom", "Tom Ruiz", "clerk")):
            save_account(connection, Account(name, shown, role, hashed(name, PASSWORD)), milliseconds)

    store.writing(people)
    numbers = []
    symbols = ("7K3M9QXD4R9", "11111111111", "ZZZZZZZZZZ8", "23456789ABE")
    for number, story in enumerate(STORIES):
        reference = (
            f"NH-{symbols[number][:5]}-{symbols[number][5:10]}-{symbols[number][10]}" if number < 4 else new_reference("NH")
        )
        due = now + timedelta(hours=story["hours"]) if story["hours"] is not None else None
        reply = (
            {"how": "mail", "address": f"{story['name'].split()[0].lower()}@customer.example", "name": story["name"]}
            if story["name"]
            else {}
        )
        told = {
            "reference": reference,
            "accepted_at": now,
            "answer_by": due,
            "store": "nordhaven-city",
            "language": "en",
            "reply": reply,
        }
        request = CaseRequest.model_validate(
            {
                **told,
                "details": story["details"],
                "words": story["words"],
                "product": story["product"],
                "tried": TRIED if number == 0 else (),
            }
        )
        at = milliseconds - (8 - number) * 1_700_000
        store.writing(lambda connection, one=(request, reference, "kiosk:city-1", at): receive(connection, [one]))  # type: ignore[misc]
        numbers.append(reference)
    steps = [
        (numbers[0], CaseEvent(Kind.ASSIGNED, "ada", milliseconds - 900_000, {"to": "tom"})),
        (
            numbers[0],
            CaseEvent(
                Kind.NOTED,
                "tom",
                milliseconds - 800_000,
                {"text": "Batch 2231 again? Ask the maker whether the plug was changed."},
            ),
        ),
        (
            numbers[3],
            CaseEvent(Kind.REPLIED, "ada", milliseconds - 700_000, {"text": "Bring it back with the receipt, we refund it."}),
        ),
    ]
    for reference, event in steps:
        store.writing(lambda connection, reference=reference, event=event: add(connection, reference, event))  # type: ignore[misc]
    return numbers


def fill_kiosks(store: Store, now: datetime) -> None:
    """Let four kiosks be known: one well, one silent, one whose outbox waits, one that was never heard; and lose some items."""
    at = int(now.timestamp() * 1000)

    def change(connection: Any) -> None:
        for number, name in enumerate(("city-1", "city-2", "harbour-1", "harbour-2"), 1):
            row = {"kiosk": name, "public_key": f"{number:064}", "store": f"nordhaven-{name[:-2]}", "code": name}
            connection.execute(insert(kiosks), {**row, "enrolled_at": at - 9 * 86_400_000})
        for name, silent, waiting, oldest, told in (
            ("city-1", 20, 0, 0, ()),
            ("city-2", 3 * 3600, 0, 0, ()),
            ("harbour-1", 40, 12, 5400, ("late", "refused")),
        ):
            outbox = {"epoch": "ab" * 16, "acknowledged": 40, "waiting": waiting, "oldest_seconds": oldest, "alarms": told}
            sent = now - timedelta(seconds=silent)
            state = {"kiosk": name, "sent_at": sent, "outbox": outbox, "parts": {"app": {"helpstand": "0.1.0"}}}
            keep(connection, KioskState.model_validate(state), f"nordhaven-{name[:-2]}", at - silent * 1000)
            rows = [number for number in range(1, 41) if name != "city-1" or number not in {7, 8, 9, 31}]
            items = [Read(number, "heartbeat", f"{number:064}", "{}", None, "made up") for number in rows]
            take(connection, [Post(name, "", "ab" * 16, items)], at - 60_000)

    store.writing(change)


def main() -> None:
    """Serve until it is ended."""
    folder = Path(sys.argv[1])
    store = open_store(database_of(folder, ""))
    fill(store, datetime.now(UTC).replace(microsecond=0))
    fill_kiosks(store, datetime.now(UTC).replace(microsecond=0))
    with Running(create_app(Parts(store, load_keyring(folder)))) as server:
        print(server.address, flush=True)
        while True:
            time.sleep(60)


if __name__ == "__main__":
    main()
