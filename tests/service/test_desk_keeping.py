"""A desk that burns down comes back from one file and one sheet of paper, and says what is missing."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from service.desk import recovery
from service.desk.backup import BackupError, desk_folder, restore, write_backup
from service.desk.command import command
from service.desk.keyring import Keyring, KeysError, add_key, load_keyring
from service.desk.recovery import RecoveryError
from service.messages import KioskState, OutboxState
from service.outbox import Intake, Outbox
from service.sealing import key_id, public_of
from service.store import Store, StoreError, open_store
from service.store.gaps import gaps
from service.store.ingest import Post, Read, take
from service.store.states import keep
from service.store.tables import case_events, cases, received
from tests.service.conftest import NOW, empty_database, form

EPOCH = "a" * 32


def items(*numbers: int) -> list[Read]:
    """Return items that hold nothing, by their numbers."""
    return [Read(number, "heartbeat", f"{number:064}", "{}", None, "empty") for number in numbers]


def came(store: Store, *numbers: int, kiosk: str = "city-1") -> None:
    """Let items come in."""
    store.writing(lambda connection: take(connection, [Post(kiosk, "city", EPOCH, items(*numbers))], 1000))


@pytest.fixture
def elsewhere(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Return the address of another, quite empty database of the same kind."""
    if database.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    return empty_database(request.getfixturevalue("postgres"), f"e{uuid.uuid4().hex}", "template1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a desk with a key."""
    load_keyring(tmp_path / "desk")
    return tmp_path / "desk"


def test_a_backup_under_load_is_of_one_moment(store: Store, database: str, elsewhere: str, folder: Path, intake: Intake) -> None:
    """While somebody writes without a pause: what comes back is whole, and nothing in it is half."""
    key = recovery.make(folder)
    ring = load_keyring(folder)
    box = Intake(intake.outbox, ring.public, store="city", clock=lambda: NOW)
    over = threading.Event()

    def write() -> None:
        from service.desk.reading import read_item

        done = 0
        while not over.is_set():
            for _ in range(5):
                box.accept(form())
            read = [read_item(item, ring) for item in box.outbox.pending()]
            store.writing(lambda connection, read=read: take(connection, [Post("city-1", "city", EPOCH, read)], 1000))  # type: ignore[misc]
            done = box.outbox.acknowledge(read[-1].seq)
        assert done

    writer = threading.Thread(target=write)
    writer.start()
    target = folder.parent / "desk.backup"
    try:
        while count(store, cases) < 10:
            over.wait(0.01)
        write_backup(folder, database, target, NOW)
    finally:
        over.set()
        writer.join(60)
    raw = target.read_bytes()
    assert all(word not in raw for word in (b"Kim Miller", b"SQLite format", b"desk-0001", b"CREATE TABLE"))
    new = folder.parent / "new-machine"
    done = restore(new, elsewhere, target, key.lower())
    assert (done.keys, done.aside, done.contents.made_at) == (1, None, NOW)
    assert load_keyring(new).public == ring.public
    back = open_store(elsewhere)
    try:
        assert 10 <= count(back, cases) == count(back, case_events) == count(back, received) <= count(store, cases)
        with back.read() as connection:
            assert gaps(connection) == []
    finally:
        back.close()


def count(store: Store, table: object) -> int:
    """Count the rows of a table."""
    with store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def test_gaps_are_told_to_the_number(store: Store) -> None:
    """Holes in the middle and at the start, per outbox; and what the kiosk says beyond the last."""
    came(store, 1, 2, 3, 7, 8, 20)
    came(store, 3, kiosk="city-2")
    came(store, 1, 2, kiosk="city-3")
    state = OutboxState(epoch=EPOCH, acknowledged=5, waiting=0)
    for kiosk in ("city-3", "city-4"):
        told = KioskState(kiosk=kiosk, sent_at=NOW, outbox=state)
        store.writing(lambda connection, told=told: keep(connection, told, "city", 2000))  # type: ignore[misc]
    with store.read() as connection:
        found = [(gap.kiosk, gap.first, gap.last, gap.items) for gap in gaps(connection)]
    assert found == [("city-1", 4, 6, 3), ("city-1", 9, 19, 11), ("city-2", 1, 2, 2), ("city-3", 3, 5, 3), ("city-4", 1, 5, 5)]


def test_a_desk_without_a_recovery_key_writes_no_backup_by_accident(folder: Path) -> None:
    """It says what to do, or what is risked."""
    url = f"sqlite:///{folder / 'desk.sqlite'}"
    open_store(url).close()
    with pytest.raises(RecoveryError, match="desk keys recovery"):
        write_backup(folder, url, folder / "b", NOW)
    answer = CliRunner().invoke(command, ["--folder", str(folder), "backup", "--plain", str(folder / "b")])
    assert answer.exit_code == 0, answer.output
    assert "NOT encrypted" in answer.output
    assert (folder / "b").stat().st_mode & 0o077 == 0
    with pytest.raises(BackupError, match="is there already"):
        write_backup(folder, url, folder / "b", NOW, plain=True)
    assert list(folder.glob(".backup-*")) == []


def _damaged(source: Path, change: Callable[[bytearray], object]) -> Path:
    raw = bytearray(source.read_bytes())
    change(raw)
    source.write_bytes(raw)
    return source


def test_a_wrong_paper_or_a_damaged_file_changes_nothing(folder: Path) -> None:
    """Mistyped, another desk's, cut short, one bit: each in words, and the desk stays as it was."""
    url = f"sqlite:///{folder / 'desk.sqlite'}"
    open_store(url).close()
    key = recovery.make(folder)
    target = folder.parent / "b"
    write_backup(folder, url, target, NOW)
    recovery.check(folder, "  ".join(recovery.groups(key)).lower())
    slip = key[:-1] + ("Q" if key[-1] != "Q" else "P")
    other = recovery.make(folder.parent / "other")
    new = folder.parent / "new"
    new_url = f"sqlite:///{new / 'desk.sqlite'}"
    for typed, words in ((slip, "one of its signs is wrong"), ("", "74 signs"), (other, "does not open with this")):
        with pytest.raises(RecoveryError, match=words):
            restore(new, new_url, target, typed)
    with pytest.raises(RecoveryError, match="not this desk's"):
        recovery.check(folder, other)
    whole = target.read_bytes()
    for change in (lambda raw: raw.__delitem__(slice(-200, None)), lambda raw: raw.__setitem__(-100, raw[-100] ^ 1)):
        target.write_bytes(whole)
        with pytest.raises((RecoveryError, BackupError)):
            restore(new, new_url, _damaged(target, change), key)
    target.write_bytes(b"not a backup at all")
    with pytest.raises(BackupError, match="is no backup"):
        restore(new, new_url, target, key)
    assert sorted(path.name for path in new.iterdir()) == ["desk.lock"]


def test_nothing_that_is_there_is_lost_by_a_restore(folder: Path) -> None:
    """A database is refused, or put aside; a running desk is not touched; keys are added, never replaced."""
    url = f"sqlite:///{folder / 'desk.sqlite'}"
    store = open_store(url)
    came(store, 1, 2)
    key = recovery.make(folder)
    target = folder.parent / "b"
    write_backup(folder, url, target, NOW)
    came(store, 3)
    store.close()
    newer = public_of(add_key(folder))
    with pytest.raises(StoreError, match="--replace"):
        restore(folder, url, target, key)
    with desk_folder(folder, alone=False), pytest.raises(BackupError, match="A desk is running"):
        restore(folder, url, target, key, replace=True)
    done = restore(folder, url, target, key, replace=True)
    assert done.aside is not None
    assert (load_keyring(folder).public, done.keys) == (newer, 0)
    for path, rows in ((folder / "desk.sqlite", 2), (done.aside, 3)):
        again = open_store(f"sqlite:///{path}")
        assert count(again, received) == rows
        again.close()
    with pytest.raises(BackupError, match="is of sqlite, but"):
        restore(folder, "postgresql://desk@/none", target, key)


def test_a_running_desk_finds_a_new_key(folder: Path) -> None:
    """Within seconds for new boxes, at once for a box that was sealed for it; and a broken folder takes nothing away."""
    moment = [0.0]
    first = load_keyring(folder)
    ring = Keyring([bytes.fromhex((folder / "desk-0001.key").read_text())], folder, lambda: moment[0])
    new = public_of(add_key(folder))
    assert ring.public == first.public
    moment[0] = 6.0
    assert ring.public == new
    assert ring.names == [key_id(first.public), key_id(new)]
    (folder / "desk-0002.key").write_text("nonsense")
    moment[0] = 12.0
    assert ring.public == new
    with pytest.raises(KeysError, match="desk restore"):
        load_keyring(folder)


def test_the_commands_tell_a_whole_story(tmp_path: Path) -> None:
    """Recovery page, rotation, backup, loss, restore, gaps: as an operator types them."""
    desk = tmp_path / "desk"
    page, copy = tmp_path / "recovery.html", tmp_path / "desk.backup"

    def run(*words: str, folder: Path = desk, **more: str) -> str:
        answer = CliRunner().invoke(command, ["--folder", str(folder), *words], input=more.get("typed"))
        assert answer.exit_code == int(more.get("code", "0")), answer.output
        return answer.output

    assert "no recovery key yet" in run("keys", code="2")
    assert "put it into a safe" in run("keys", "recovery", "--page", str(page))
    html = page.read_text(encoding="utf-8")
    groups = [part.split("</li>")[0] for part in html.split("<li>")[1:15]]
    assert "".join(groups[:13]).startswith("AGE-SECRET-KEY-1")
    assert page.stat().st_mode & 0o077 == 0
    key = "".join(part for part in groups if part == part.upper() and " " not in part)
    assert "This is the recovery key" in run("keys", "check", typed=key + "\n")
    assert "with --renew" in run("keys", "recovery", code="2").lower()
    assert "in use from now on" in run("keys", "rotate")
    assert run("keys").count("opens older boxes") == 1
    store = open_store(f"sqlite:///{desk / 'desk.sqlite'}")
    came(store, 1, 2)
    store.close()
    assert "only the recovery key opens it" in run("backup", str(copy))
    new = tmp_path / "new"
    assert "2 keys came back" in run("restore", str(copy), folder=new, typed=key + "\n")
    assert run("gaps", folder=new) == "nothing is missing\n"
    store = open_store(f"sqlite:///{new / 'desk.sqlite'}")
    came(store, 5)
    store.close()
    assert "3 to 4  2 missing" in run("gaps", folder=new)
    assert '"items": 2' in run("gaps", "--json", folder=new)
    assert load_keyring(new).names == load_keyring(desk).names


def test_an_outbox_says_what_it_was_told(outbox: Outbox) -> None:
    """Nothing, some, everything; also when delivered entries are gone."""
    assert outbox.acknowledged() == 0
    for number in range(4):
        outbox.add("counts", f"{{{number}}}", 0)
    assert outbox.acknowledged() == 0
    outbox.acknowledge(2)
    assert outbox.acknowledged() == 2
    outbox.acknowledge(4)
    assert outbox.acknowledged() == 4
