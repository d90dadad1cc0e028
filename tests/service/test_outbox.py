"""The outbox loses nothing, doubles nothing, and gives nothing away."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from service.messages import Batch, CaseRequest, Count, Counter, Counts, Phrase, Phrases
from service.outbox import Identity, Intake, NotEnrolledError, Outbox, OutboxFullError, next_post, settle
from service.outbox.file import RESERVE_BYTES
from service.outbox.status import ALARM_SECONDS, status_of
from service.reference import parse_reference
from service.sealing import SealError, new_private_key, unseal
from service.signing import SIGNATURE_HEADER, is_signed, public_key
from tests.service.conftest import NOW, form

ROOT = Path(__file__).resolve().parents[2]
SECONDS = int(NOW.timestamp())
COUNTS = Counts(lines=(Count(day=NOW.date(), name=Counter.PAGE_VIEWS, page="kettle/descale", n=3),))


def opened(box: str, private: bytes) -> CaseRequest:
    """Open a sealed case as the desk does."""
    return CaseRequest.model_validate_json(unseal(private, box))


def on_disk(folder: Path) -> bytes:
    """Return every byte of every file of the outbox, logs too."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_case_is_safe_before_its_number_is_shown(intake: Intake, private: bytes) -> None:
    """When the receipt is there, another process reads the sealed case from the disk, and the desk can open it."""
    receipt = intake.accept(form())
    assert parse_reference(receipt.reference).prefix == "NH"
    assert receipt.answer_by == datetime(2026, 11, 25, 19, tzinfo=UTC)
    assert receipt.remedy == "exchange"
    with sqlite3.connect(f"file:{intake.outbox.path}?mode=ro", uri=True) as other:
        (box,) = other.execute("SELECT body FROM entries").fetchone()
    other.close()
    case = opened(box, private)
    assert (case.reference, case.reply.name, case.store) == (receipt.reference, "Kim Miller", "city")
    with pytest.raises(SealError):
        unseal(new_private_key(), box)


def test_a_wrong_form_uses_no_number(intake: Intake) -> None:
    """Nothing is kept of what was refused."""
    with pytest.raises(ValidationError):
        intake.accept(form(details={"flow": "complaint", "kind": "stolen", "remedy": "exchange"}))
    assert intake.outbox.waiting() == (0, None)


def test_nobody_reads_a_name_on_the_kiosks_disk(intake: Intake) -> None:
    """After 100 hand-offs with planted names, addresses and numbers none of them is in any file; nor after delivery."""
    planted = []
    for number in range(100):
        words = [f"Zebulon{number} Quist", f"zq{number}@customer.example", f"+49 30 5550{number:03}", f"SERIAL-{number:05}"]
        planted += words
        reply = {"how": "mail", "address": words[1], "name": words[0]}
        details = {"flow": "repair", "serial": words[3]}
        intake.accept(form(reply=reply, details=details, words=f"Call me: {words[2]}"))
    intake.note(Phrases(day=NOW.date(), phrases=(Phrase(words="zq1@customer.example"),)))
    folder = intake.outbox.path.parent
    before = on_disk(folder)
    assert [word for word in planted if word.encode() in before] == []
    boxes = [item.body[:40].encode() for item in intake.outbox.pending()]
    assert all(box in before for box in boxes)
    assert intake.outbox.acknowledge(10**6) == 101
    after = on_disk(folder)
    assert [box for box in boxes if box in after] == []


def test_numbers_are_never_used_twice(outbox: Outbox) -> None:
    """Also after everything was delivered and the kiosk was started again."""
    first = [outbox.add("counts", "{}", SECONDS) for _ in range(3)]
    outbox.acknowledge(3)
    outbox.close()
    again = Outbox(outbox.path)
    assert again.epoch == Outbox(outbox.path).epoch
    assert first == [1, 2, 3]
    assert again.add("counts", "{}", SECONDS) == 4
    again.close()


def test_only_what_was_acknowledged_is_forgotten(intake: Intake) -> None:
    """The rest waits, in order, however often it was offered."""
    references = [intake.accept(form()).reference for _ in range(5)]
    assert intake.outbox.acknowledge(2) == 2
    assert [item.seq for item in intake.outbox.pending()] == [3, 4, 5]
    assert [slip.reference for _, slip in intake.outbox.slips()] == references[2:]
    assert intake.outbox.acknowledge(2) == 0


def test_the_chain_of_hashes_shows_every_change(intake: Intake) -> None:
    """A box that was taken out, changed or exchanged is seen, also after deliveries."""
    for _ in range(3):
        intake.accept(form())
        intake.note(COUNTS)
    outbox = intake.outbox
    assert outbox.chain_holds()
    outbox.acknowledge(4)
    assert outbox.chain_holds()
    with sqlite3.connect(outbox.path) as thief:
        thief.execute("DELETE FROM receipts WHERE seq = 5")
        thief.execute("DELETE FROM entries WHERE seq = 5")
    thief.close()
    assert not outbox.chain_holds()


def test_counts_leave_no_trace_and_do_not_pile_up(intake: Intake) -> None:
    """A year of delivered counts leaves no rows; the chain goes on."""
    for _ in range(50):
        intake.note(COUNTS)
    intake.outbox.acknowledge(50)
    with sqlite3.connect(intake.outbox.path) as look:
        assert look.execute("SELECT count(*) FROM entries").fetchone() == (0,)
    look.close()
    intake.note(COUNTS)
    assert intake.outbox.chain_holds()


def test_a_post_is_signed_and_no_larger_than_the_desk_takes(intake: Intake, identity: Identity) -> None:
    """A thousand waiting cases go in several posts, each signed over its body."""
    for _ in range(300):
        intake.accept(form(words="x" * 500))
    post = next_post(intake.outbox, identity)
    assert post is not None
    assert len(post.body) < 1_000_000
    batch = Batch.model_validate_json(post.body)
    assert [item.seq for item in batch.items] == list(range(1, post.last + 1))
    key = public_key(bytes.fromhex((identity.folder / "kiosk.key").read_text(encoding="ascii")))
    assert is_signed(key, post.headers[SIGNATURE_HEADER], "batch", "city-1", post.body)
    assert not is_signed(key, post.headers[SIGNATURE_HEADER], "batch", "city-1", post.body + b" ")
    assert not is_signed(key, post.headers[SIGNATURE_HEADER], "batch", "city-2", post.body)


@pytest.mark.parametrize(
    ("status", "answer", "refused"),
    [
        (None, b"", ""),
        (200, b"<html>Welcome to our free network</html>", ""),
        (200, b'{"acknowledged": 99}', "the desk acknowledged 99, but only 1 was sent"),
        (503, b"busy", "503 busy"),
        (401, b"revoked", "401 revoked"),
    ],
)
def test_no_answer_but_a_right_one_lets_a_case_go(
    intake: Intake, identity: Identity, status: int | None, answer: bytes, refused: str
) -> None:
    """Offline and captive portals are nobody's failure; refusals are shown to the staff; the case stays in all of them."""
    intake.accept(form())
    post = next_post(intake.outbox, identity)
    assert post is not None
    assert not settle(intake.outbox, post, status, answer, SECONDS)
    assert intake.outbox.waiting()[0] == 1
    assert status_of(intake.outbox, SECONDS).refused == refused
    assert settle(intake.outbox, post, 200, b'{"acknowledged": 1}', SECONDS + 5)
    assert status_of(intake.outbox, SECONDS).refused == ""
    assert next_post(intake.outbox, identity) is None


def test_nothing_expires_and_the_alarm_rings_after_an_hour(intake: Intake) -> None:
    """A case of last year still waits; from one hour on the staff screen says so."""
    intake.accept(form())
    assert status_of(intake.outbox, SECONDS + ALARM_SECONDS - 1).alarms == ()
    assert status_of(intake.outbox, SECONDS + ALARM_SECONDS).alarms == ("late",)
    late = status_of(intake.outbox, SECONDS + 400 * 86_400)
    assert (late.waiting, late.oldest_seconds) == (1, 400 * 86_400)
    assert len(intake.outbox.pending()) == 1


def test_a_kiosk_that_is_not_enrolled_says_how(tmp_path: Path) -> None:
    """The message names the command and where the code goes."""
    with pytest.raises(NotEnrolledError, match="desk enrol NAME"):
        _ = Identity(tmp_path).desk


def test_keys_are_readable_by_the_kiosk_only(identity: Identity) -> None:
    """Key and desk files are nobody else's business; an enrolment proves that the sender has the key."""
    asked = identity.enrolment("ABCD-EFGH-JKMN")
    assert is_signed(asked.public_key, asked.signature, "enrol", asked.code, asked.public_key.encode())
    for name in ("kiosk.key", "desk.json"):
        assert (identity.folder / name).stat().st_mode & 0o077 == 0


def test_a_full_disk_loses_nothing_and_the_reserve_takes_cases_on(intake: Intake) -> None:
    """The reserve is given free and the case is taken in; when that is used up too, the shopper is told."""
    outbox = intake.outbox
    intake.accept(form())
    reserve = outbox.path.with_suffix(".reserve")
    assert reserve.stat().st_size == RESERVE_BYTES
    pages = outbox._connection.execute("PRAGMA page_count").fetchone()[0]
    outbox._connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    taken = 0
    with pytest.raises(OutboxFullError, match=r"the disk is full\. Free some space"):  # noqa: PT012, it may not be the first
        for _ in range(100):
            intake.accept(form())
            taken += 1
    assert not reserve.exists()
    assert outbox.waiting()[0] == taken + 1
    assert status_of(outbox, SECONDS).alarms == ("disk",)
    assert outbox.chain_holds()


@pytest.mark.slow
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """On a small disk, filled to the last byte by something else, cases still go in, and none that was taken in is lost."""
    script = f"mount -t tmpfs -o size=8m none {tmp_path} && exec {sys.executable} -m tests.service.fill_disk {tmp_path}"
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this machine allows no mount namespaces")
    assert done.returncode == 0, done.stderr
    taken, kept, told = done.stdout.split(maxsplit=2)
    assert int(taken) > 100
    assert taken == kept
    assert "the disk is full" in told


@pytest.mark.parametrize("damage", ["head", "middle", "end", "empty", "text"])
def test_a_broken_file_is_put_aside_and_saved_from(intake: Intake, private: bytes, damage: str) -> None:
    """Whatever happened to the file, the kiosk starts, keeps the file for an expert, and offers what was still readable."""
    references = [intake.accept(form()).reference for _ in range(60)]
    outbox = intake.outbox
    old = outbox.epoch
    outbox._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    outbox.close()
    whole = outbox.path.read_bytes()
    cut = {"head": 0, "middle": len(whole) // 2, "end": len(whole) - 4096}
    if damage in cut:
        at = cut[damage]
        outbox.path.write_bytes(whole[:at] + os.urandom(4096) + whole[at + 4096 :])
    else:
        outbox.path.write_bytes(b"" if damage == "empty" else b"not a database, but long enough to be read as one " * 200)
    again = Outbox(outbox.path)
    saved = [opened(item.body, private).reference for item in again.pending()]
    assert set(saved) <= set(references)
    assert again.chain_holds()
    if damage in {"middle", "end"}:
        assert len(saved) >= 20
    if damage != "empty":  # an empty file is a new outbox to SQLite
        assert again.epoch != old
        assert "broken-file" in status_of(again, SECONDS).alarms
    again.close()


def test_a_kill_while_mending_loses_nothing(intake: Intake, private: bytes) -> None:
    """Between the new file and the old one's place a kill leaves a state from which the next start goes on."""
    references = [intake.accept(form()).reference for _ in range(30)]
    path = intake.outbox.path
    intake.outbox.close()
    half = path.with_suffix(".mended")
    shutil.move(path, half)
    path.with_name(path.name + "-wal").write_bytes(b"the log of another file")
    again = Outbox(path)
    assert [opened(item.body, private).reference for item in again.pending()] == references
    assert not half.exists()
    again.close()


def _kill_rounds(tmp_path: Path, rounds: int) -> tuple[list[str], Path]:
    """Let a kiosk take cases in and kill it, over and over; return the numbers that shoppers saw."""
    seen: list[str] = []
    path = tmp_path / "outbox.sqlite"
    for number in range(rounds):
        command = [sys.executable, "-m", "tests.service.take_cases", str(path)]
        kiosk = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert kiosk.stdout is not None
        seen.append(kiosk.stdout.readline().strip())
        time.sleep(0.01 + 0.013 * (number % 7))
        os.kill(kiosk.pid, signal.SIGKILL)
        rest = kiosk.stdout.read()
        seen += [line for line in rest.split("\n")[:-1] if line]
        kiosk.wait(10)
        kiosk.stdout.close()
    return [reference for reference in seen if reference], path


@pytest.mark.parametrize(
    "rounds", [pytest.param(5, marks=pytest.mark.slow), pytest.param(30, marks=[pytest.mark.slow, pytest.mark.long])]
)
def test_kills_of_the_kiosk_lose_no_number_that_was_shown(tmp_path: Path, rounds: int) -> None:
    """Whatever number a shopper saw before the kiosk was killed is in the outbox, once."""
    seen, path = _kill_rounds(tmp_path, rounds)
    outbox = Outbox(path)
    kept = [slip.reference for _, slip in outbox.slips()]
    assert len(seen) >= rounds
    assert [reference for reference in seen if reference not in kept] == []
    assert len(kept) == len(set(kept)) == outbox.waiting()[0]
    assert outbox.chain_holds()
    outbox.close()
