"""A month of made-up counts and cases to look at: `python -m tests.service.figures_demo FOLDER` serves a desk with them."""

from __future__ import annotations

import math
import random
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from service.cases import CaseEvent, Kind
from service.desk.app import Parts, create_app
from service.desk.keyring import load_keyring
from service.desk.project import Project
from service.desk.run import database_of
from service.desk.server import Running
from service.desk.upkeep import once
from service.messages import Answer, CaseRequest, Count, Counted, Counter, Counts, Daily, Feedback, Heartbeat, Phrase, Phrases
from service.reference import new_reference
from service.store import Store, open_store
from service.store.cases import add, receive
from service.store.ingest import Post, Read, take
from service.store.sums import add_daily
from tests.service.desk_demo import fill

PAGES = (
    ("kettle/descale", "kettle", "maintain", 30),
    ("kettle/does-not-heat", "kettle", "troubleshoot", 22),
    ("washer/drain", "washer", "troubleshoot", 18),
    ("robot/first-map", "robot", "install", 14),
    ("lamp/pair", "lamp", "install", 9),
    ("espresso/foam", "espresso", "use", 7),
)
KIOSKS = (("city-1", "nordhaven-city"), ("city-2", "nordhaven-city"), ("harbour-1", "nordhaven-harbour"))
SEARCHES = (("schal für kessel", "de", 0, 5), ("reset the lamp", "en", 0, 4), ("descale", "en", 6, 30), ("e18", "en", 2, 12))


def count(store: Store, now: datetime, days: int = 30) -> None:
    """Count a month at three kiosks and on the web, with a week's rhythm."""
    chance, seldom = random.Random(8), random.Random(9)
    at = int(now.timestamp() * 1000)
    for number, (kiosk, shop) in enumerate(KIOSKS):
        messages: list[Any] = []
        for ago in range(days):
            day = (now - timedelta(days=ago)).date()
            busy = (0.4 if day.weekday() == 6 else 1 + 0.3 * math.sin(ago / 5)) / (1 + number)
            messages += _day(day, busy, chance)
        items = [Read(seq, message.kind, f"{kiosk}{seq}", "", message) for seq, message in enumerate(messages, 1)]
        with store.write() as connection:
            take(connection, [Post(kiosk, shop, "e", items)], at)
    for ago in range(days):
        views = [
            Counted(name=Counter.PAGE_VIEWS, n=views * 2, page=page, product=product, stage=stage, language="de")
            for page, product, stage, views in PAGES
        ]
        visits = Counted(name=Counter.VISITS, choice="web", n=60, language="de")
        content = Answer(question="csat", value=chance.choice((2, 4, 5, 5)), language="de")
        others = Answer(question="nps", value=seldom.choice((4, 7, 8, 9, 10)), language="de")
        with store.write() as connection:
            told = Daily(lines=(*views, visits), answers=(content, others))
            add_daily(connection, told, (now - timedelta(days=ago)).date().isoformat())


def _day(day: date, busy: float, chance: random.Random) -> list[Any]:
    hour = {"day": day, "hour": 14}

    def line(name: Counter, n: float, **more: Any) -> Count:
        return Count.model_validate(
            {**hour, "language": "en", **more, "name": name, "n": max(1, round(n * busy * chance.uniform(0.8, 1.2)))}
        )

    visits = 70
    lines = [
        line(Counter.PAGE_VIEWS, views * 2, page=page, product=product, stage=stage) for page, product, stage, views in PAGES
    ]
    lines += [
        line(Counter.VISITS, visits),
        line(Counter.VISITS_SOLVED, visits * 0.4),
        line(Counter.VISITS_UNKNOWN, visits * 0.3),
        line(Counter.SOLVED, visits * 0.4),
        line(Counter.ACTIVE_SECONDS, visits * 95),
        line(Counter.SEARCHES, 50),
        line(Counter.SEARCHES_ZERO, 6),
        line(Counter.SEARCHES_FOUND, 30),
        line(Counter.HANDOFF_OPENED, 14),
        line(Counter.HANDOFF_SENT, 6, page="washer/drain", product="washer", stage="troubleshoot"),
        line(Counter.HANDOFF_SOLVED, 3),
        line(Counter.TREE_EXIT, 9, page="kettle/does-not-heat", choice="lamp-blinks/left"),
        line(Counter.TREE_EXIT, 4, page="kettle/does-not-heat", choice="repair/repair"),
        line(Counter.TREE_EXIT, 12, page="kettle/does-not-heat", choice="works-again/solved"),
    ]
    found: list[Any] = [Counts(lines=tuple(lines)), Heartbeat(day=day, minutes_up=1440 - chance.choice((0, 0, 0, 25)))]
    for page, product, stage, views in PAGES:
        for _ in range(max(1, views // 8)):
            value = int(chance.random() < (0.35 if page == "washer/drain" else 0.8))
            reason = "" if value else chance.choice(("more-information", "hard-to-understand"))
            found.append(
                Feedback.model_validate(
                    {
                        **hour,
                        "question": "helpful",
                        "value": value,
                        "reason": reason,
                        "page": page,
                        "product": product,
                        "stage": stage,
                        "language": "en",
                    }
                )
            )
    found.append(Feedback.model_validate({**hour, "question": "ces", "value": chance.choice((3, 5, 6, 7, 7)), "language": "en"}))
    for words, language, results, weight in SEARCHES:
        if chance.random() < weight / 30:
            found.append(Phrases(day=day, phrases=(Phrase(words=words, language=language, results=results),)))
    return found


def tell_of_cases(store: Store, now: datetime) -> None:
    """Let forty cases come in over the month, most of them answered."""
    chance = random.Random(9)
    for number in range(40):
        came = now - timedelta(days=chance.uniform(0, 29))
        washer = number % 3 == 0
        details = (
            {"flow": "repair", "error_code": "e18"} if washer else {"flow": "complaint", "kind": "broken", "remedy": "exchange"}
        )
        request = CaseRequest.model_validate(
            {
                "reference": new_reference("NH"),
                "accepted_at": came,
                "details": details,
                "store": "nordhaven-city",
                "language": "en",
                "product": "washer" if washer else "kettle",
                "model": "WM 8" if washer else "AK 200",
                "page": "washer/drain" if washer else "kettle/does-not-heat",
                "reply": {"how": "mail", "address": f"customer-{number}@customer.example"},
            }
        )
        at = int(came.timestamp() * 1000)
        with store.write() as connection:
            receive(connection, [(request, "h", "kiosk:city-1", at)])
        for kind, hours in ((Kind.REPLIED, chance.uniform(0.2, 30)), (Kind.CLOSED, 31.0))[: chance.choice((2, 2, 2, 1, 0))]:
            event = CaseEvent(kind, "ada", at + int(hours * 3_600_000), {"text": "Done.", "outcome": "solved"})
            with store.write() as connection:
                add(connection, request.reference, event)


def main() -> None:
    """Serve until it is ended."""
    folder, now = Path(sys.argv[1]), datetime.now(UTC).replace(microsecond=0)
    store = open_store(database_of(folder, ""))
    fill(store, now)
    count(store, now)
    tell_of_cases(store, now)
    once(store, 25, int(now.timestamp() * 1000))
    with Running(create_app(Parts(store, load_keyring(folder), project=Project(Path())))) as server:
        print(server.address, flush=True)
        while True:
            time.sleep(60)


if __name__ == "__main__":
    main()
