"""What is over its time goes, by the day, on both kinds of database; the rest stays as it was."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, insert, select

from service.cases import CaseEvent, Kind
from service.desk.command import command
from service.desk.privacy import erase_case, export_case
from service.messages import CaseRequest, Count, Counter, Counts, Heartbeat, Phrase, Phrases
from service.reference import new_reference
from service.store import Store, open_store
from service.store.cases import add, load, merge, receive
from service.store.figures import counted
from service.store.ingest import Post, Read, take
from service.store.mail import Outgoing, hold, note_in, queue
from service.store.people import begin_session, note
from service.store.photos import Photo, keep
from service.store.tables import audit, heartbeats, mail_held, mail_in, metadata, phrases, quarantine, sessions
from service.store.tidy import Tidied, months_before, tidy
from tests.service.conftest import NOW, form

AT = int(NOW.timestamp() * 1000)
TODAY = NOW.date()


def ago(days: int) -> date:
    """Return the day so many days before."""
    return TODAY - timedelta(days=days)


def came(store: Store, messages: list[Any]) -> None:
    """Let messages come from a kiosk."""
    items = [Read(seq, message.kind, str(seq), "", message) for seq, message in enumerate(messages, 1)]
    store.writing(lambda connection: take(connection, [Post("k1", "city", "e", items)], AT))


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        ("2026-11-23", 25, "2024-10-23"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2026-01-31", 2, "2025-11-30"),
        ("2026-12-31", 12, "2025-12-31"),
        ("2026-01-15", 1, "2025-12-15"),
    ],
)
def test_months_are_those_of_the_calendar(day: str, months: int, wanted: str) -> None:
    """The same day of the month, or its last."""
    assert months_before(date.fromisoformat(day), months).isoformat() == wanted


def test_counts_are_gone_after_25_months(store: Store) -> None:
    """To the day, folded or not; heartbeats too."""
    edge = months_before(TODAY, 25)
    days = [edge - timedelta(days=1), edge, ago(1)]
    came(store, [Counts(lines=tuple(Count(day=day, name=Counter.VISITS, n=10) for day in days))])
    came_up = [Heartbeat(day=day, minutes_up=1) for day in days]
    items = [Read(seq, "heartbeat", f"h{seq}", "", beat) for seq, beat in enumerate(came_up, 10)]
    store.writing(lambda connection: take(connection, [Post("k1", "city", "e", items)], AT))
    done = store.writing(lambda connection: tidy(connection, AT))
    assert (done.folded, done.counts) == (2, 2)
    with store.read() as connection:
        assert counted(connection, "2000-01-01", "2100-01-01") == {("visits", ""): 20}
        assert sorted(connection.execute(select(heartbeats.c.day)).scalars()) == [edge.isoformat(), ago(1).isoformat()]
    assert store.writing(lambda connection: tidy(connection, AT)) == Tidied(0, 0, 0, 0, 0, held=0, quarantined=0, audit=0)


def test_words_are_kept_only_where_three_visits_searched_for_them_within_a_month(store: Store) -> None:
    """Two visits are gone after the window; three within it stay until 90 days; one visit that searched thrice is one."""

    def searched(days: int, *words: str) -> Phrases:
        return Phrases(day=ago(days), phrases=tuple(Phrase(words=word) for word in words))

    kept = [searched(60, "stays"), searched(50, "stays"), searched(40, "stays")]
    lone = [searched(60, "twice"), searched(40, "twice"), searched(45, "thrice at once", "thrice at once", "thrice at once")]
    apart = [searched(days, "too far apart") for days in (85, 50, 15)]
    old = [searched(91, "too old") for _ in range(5)]
    new = [searched(5, "new")]
    came(store, [*kept, *lone, *apart, *old, *new])
    assert store.writing(lambda connection: tidy(connection, AT)).phrases == 2 + 3 + 2 + 5
    with store.read() as connection:
        found = sorted(connection.execute(select(phrases.c.words)).scalars())
    assert found == ["new", "stays", "stays", "stays", "too far apart"]


def test_a_closed_case_is_emptied_after_its_time(store: Store) -> None:
    """Open ones and younger ones stay whole; what was done is written down; 0 keeps everything."""
    limit = int(datetime.combine(months_before(TODAY, 25), datetime.min.time(), UTC).timestamp() * 1000)
    numbers = []
    for closed_at in (limit - 1, limit + 1, None):
        request = CaseRequest.model_validate({"reference": new_reference(), "accepted_at": NOW, **form()})
        numbers.append(request.reference)
        with store.write() as connection:
            receive(connection, [(request, "h", "kiosk:x", limit - 10)])
            if closed_at is not None:
                add(connection, request.reference, CaseEvent(Kind.CLOSED, "ada", closed_at, {"outcome": "solved"}))
    assert store.writing(lambda connection: tidy(connection, AT, case_months=0)).erased == 0
    assert store.writing(lambda connection: tidy(connection, AT)).erased == 1
    assert store.writing(lambda connection: tidy(connection, AT)).erased == 0
    with store.read() as connection:
        assert [load(connection, number).erased for number in numbers] == [True, False, False]
        assert [(row.by, row.what, row.about) for row in connection.execute(select(audit))] == [
            ("retention", "erased", numbers[0])
        ]


def test_sessions_that_are_over_are_forgotten(store: Store) -> None:
    """After two days nobody can be signed in by them anyway."""
    with store.write() as connection:
        begin_session(connection, "old", "ada", AT - 3 * 86_400_000)
        begin_session(connection, "new", "ada", AT - 3_600_000)
    assert store.writing(lambda connection: tidy(connection, AT)).sessions == 1
    with store.read() as connection:
        assert list(connection.execute(select(sessions.c.hash)).scalars()) == ["new"]


# --- a person's rights, on the command line --------------------------------------------------------------------------------


def begun(store: Store, **changes: Any) -> str:
    """Let a case come in; return its number."""
    told = {"reference": new_reference("NH"), "accepted_at": NOW, "store": "city", **form(**changes)}
    request = CaseRequest.model_validate(told)
    store.writing(lambda connection: receive(connection, [(request, request.reference, "kiosk:x", AT)]))
    return request.reference


@pytest.fixture
def folder(blank: Path, tmp_path: Path) -> Path:
    """Return a desk's folder with one case."""
    made = tmp_path / "desk"
    made.mkdir()
    (made / "desk.sqlite").write_bytes(blank.read_bytes())
    kept = open_store(f"sqlite:///{made / 'desk.sqlite'}", migrated=True)
    request = CaseRequest.model_validate({"reference": "NH-7K3M9-QXD4R-9", "accepted_at": NOW, **form()})
    with kept.write() as connection:
        receive(connection, [(request, "digest-of-the-box", "kiosk:x", AT)])
        add(connection, request.reference, CaseEvent(Kind.NOTED, "ada", AT, {"text": "Rang; nobody there."}))
    kept.close()
    return made


def run(folder: Path, *words: str) -> tuple[int, str]:
    """Run a command of the desk."""
    done = CliRunner().invoke(command, ["--folder", str(folder), *words], env={"DATABASE_URL": ""})
    return done.exit_code, done.output


def test_a_person_gets_everything_of_their_case(folder: Path, tmp_path: Path) -> None:
    """By the number as it was typed; as a file for its owner alone, which is not overwritten; and it is written down."""
    target = tmp_path / "case.zip"
    assert run(folder, "export", "nh 7k3m9 qxd4r 9", str(target)) == (0, f"{target}: written\n")
    with zipfile.ZipFile(io.BytesIO(target.read_bytes())) as archive:
        told = json.loads(archive.read("case.json"))
        about = archive.read("about.txt").decode()
    assert told["request"]["reply"] == {"how": "mail", "address": "kim.miller@customer.example", "name": "Kim Miller"}
    assert told["events"][1]["told"] == {"text": "Rang; nobody there."}
    assert "NH-7K3M9-QXD4R-9" in about
    assert "digest-of-the-box" not in json.dumps(told)
    assert target.stat().st_mode & 0o777 == 0o600
    assert run(folder, "export", "NH-7K3M9-QXD4R-9", str(target))[0] == 3
    assert _audit(folder) == [("command line", "exported"), ("command line", "exported")]


def test_a_case_is_emptied_by_its_number(folder: Path) -> None:
    """Asked once more; then nothing personal is anywhere in the store."""
    assert CliRunner().invoke(command, ["--folder", str(folder), "erase", "NH-7K3M9-QXD4R-9"], input="n\n").exit_code == 1
    assert run(folder, "erase", "NH-7K3M9-QXD4R-9", "--yes") == (0, "NH-7K3M9-QXD4R-9: erased\n")
    kept = open_store(f"sqlite:///{folder / 'desk.sqlite'}", migrated=True)
    with kept.read() as connection:
        dump = "".join(str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(table.select()))
    kept.close()
    assert [word for word in ("Kim", "kim.miller", "kettle stops", "nobody there") if word in dump] == []
    assert _audit(folder) == [("command line", "erased")]


@pytest.mark.parametrize("words", [("erase", "NH-7K3M9-QXD4R-8", "--yes"), ("erase", "NH-11111-11111-1", "--yes")])
def test_a_wrong_number_is_wrong_use(folder: Path, words: tuple[str, ...]) -> None:
    """The words say what is wrong with it."""
    code, said = run(folder, *words)
    assert code == 2
    assert "compare it once more" in said or "There is no case" in said


def test_photos_mails_and_merged_cases_are_handed_out_and_erased_too(store: Store) -> None:
    """All of the person is in the file, and gone from every table afterwards; that of a merged case too."""
    number, other = begun(store), begun(store, words="PLANTED-DOUBLE")
    to = "kim.miller@customer.example"
    letter = Outgoing("city", other, "<planted.1@shop.example>", "answer", to, "[x] PLANTED", "PLANTED-MAIL")

    def change(connection: Connection) -> None:
        (name,) = keep(connection, "city", number, [Photo("planted.jpg", 2, 2, b"PLANTED-PHOTO")], AT)
        add(connection, number, CaseEvent(Kind.ANSWERED, "mail", AT, {"text": "PLANTED-WORDS", "photos": [name]}))
        queue(connection, letter, AT)
        merge(connection, other, number, "ada", AT)

    store.writing(change)
    with zipfile.ZipFile(io.BytesIO(export_case(store, number, "ada", AT))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert b"PLANTED-WORDS" in files["case.json"]
    assert [content for name, content in files.items() if name.startswith("photos/")] == [b"PLANTED-PHOTO"]
    assert b"PLANTED-DOUBLE" in files[f"{other}/case.json"]
    assert files[f"{other}/mails/1.eml"] == b"PLANTED-MAIL"
    assert "merged" in files["about.txt"].decode()
    erase_case(store, number, "ada", AT + 1)
    with store.read() as connection:
        dump = "".join(str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(table.select()))
        assert [load(connection, one).erased for one in (number, other)] == [True, True]
        proofs = [(row.what, row.about) for row in connection.execute(select(audit).order_by(audit.c.at))]
    assert [word for word in ("PLANTED", "planted", "kim.miller", "Kim") if word in dump] == []
    assert set(proofs) == {("exported", number), ("erased", number), ("erased", other)}


def test_what_nobody_decided_on_goes(store: Store) -> None:
    """Held mails after 90 days, what could not be used when a case would, the audit after 25 months but for its proofs."""
    day, month = 86_400_000, 31 * 86_400_000
    moments = {"old": AT - 26 * month, "late": AT - 91 * day, "new": AT - 89 * day}

    def fill(connection: Connection) -> None:
        for name, at in moments.items():
            hold(connection, {"id": name, "sender": "x@y.example", "subject": "", "reason": "", "content": b"whole", "at": at})
            note_in(connection, {"id": name, "message": "m", "reference": "", "outcome": "held", "sender": "hash", "at": at})
            key = {
                "kiosk": "k",
                "epoch": "e",
                "seq": len(name) + at % 7,
                "hash": name,
                "kind": "case",
                "reason": "",
                "body": "box",
            }
            connection.execute(insert(quarantine), {**key, "received_at": at})
            for what in ("signed in", "erased"):
                note(connection, "ada", what, name, at)

    store.writing(fill)
    row = {"id": "now", "message": "m", "reference": "", "outcome": "new", "sender": "hash", "at": AT}
    store.writing(lambda connection: note_in(connection, row))
    done = store.writing(lambda connection: tidy(connection, AT))
    assert (done.held, done.quarantined, done.audit) == (2, 1, 1)
    with store.read() as connection:
        assert [row.id for row in connection.execute(select(mail_held))] == ["new"]
        assert sorted(row.hash for row in connection.execute(select(quarantine))) == ["late", "new"]
        lines = [(row.what, row.about) for row in connection.execute(select(audit)) if row.by == "ada"]
        senders = {row.id: row.sender for row in connection.execute(select(mail_in))}
    assert ("erased", "old") in lines
    assert ("signed in", "old") not in lines
    assert ("signed in", "late") in lines
    assert senders == {"old": "", "late": "", "new": "", "now": "hash"}, "that they came stays known, not from whom"
    assert store.writing(lambda connection: tidy(connection, AT, case_months=0)).quarantined == 0


def test_tidy_tells_what_it_did(folder: Path) -> None:
    """In one line."""
    code, said = run(folder, "tidy")
    assert code == 0
    assert said == (
        "0 counts added up, 0 too old, 0 phrases gone, 0 sessions over, 0 cases erased, 0 held mails thrown away, "
        "0 of the quarantine gone, 0 lines of the audit gone\n"
    )


def _audit(folder: Path) -> list[tuple[str, str]]:
    kept = open_store(f"sqlite:///{folder / 'desk.sqlite'}", migrated=True)
    with kept.read() as connection:
        found = [(row.by, row.what) for row in connection.execute(select(audit))]
    kept.close()
    return found
