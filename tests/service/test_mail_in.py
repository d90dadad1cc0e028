"""Mails of customers find their case, each once; machines get no answer, and what belongs nowhere is held for a person."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from PIL import Image

from service.cases import CaseEvent, Kind, Status
from service.desk.command import command
from service.desk.mail.incoming import UnreadableError, read, split_quoted
from service.desk.mail.language import language_of
from service.desk.mail.post_office import PostOffice
from service.desk.mail.taking import MOST_AUTOMATIC, MOST_OF_ONE_SENDER, MOST_RECEIPTS, Taken
from service.desk.mail.web_form import told_on_form
from service.desk.photos import LONGEST_SIDE, PhotoError, drawn_anew, taken_from
from service.store import Store, mail, photos
from service.store.cases import Filter, add, erase, listed, load, merge, named
from service.store.tables import mail_in, metadata
from tests.service.mail_servers import PASSWORD, USER, Imap, running
from tests.service.test_mail_out import START, Clock, answer, case, settings

pytestmark = pytest.mark.databases("sqlite")

NOW_MS = int(START * 1000)


@pytest.fixture
def post(store: Store) -> PostOffice:
    """Return the mail of a desk whose servers are asked by nobody."""
    return PostOffice(store, settings(9), Path(), Clock())


def letter(
    text: str = "It still stops after a minute.", sender: str = "Kim Miller <kim.miller@customer.example>", **head: str
) -> bytes:
    """Return a mail of a customer; `In_Reply_To="…"` is a header."""
    made = EmailMessage(SMTP)
    told = {
        "From": sender,
        "To": "help@shop.example",
        "Subject": "My kettle",
        "Message-ID": f"<{abs(hash((text, sender)))}@c.example>",
    }
    made.set_content(text)
    for name, value in {**told, **{name.replace("_", "-"): value for name, value in head.items()}}.items():
        if value:
            made[name] = value
    return made.as_bytes()


def photo(size: tuple[int, int] = (40, 30), kind: str = "JPEG", **extra: object) -> bytes:
    """Return a picture file; a JPEG tells where it was taken."""
    out = io.BytesIO()
    picture = Image.new("RGB", size, "teal")
    if kind == "JPEG":
        exif = picture.getexif()
        exif[0x010F] = "PhoneMaker"
        exif[0x0112] = 6  # lies on its side
        exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
        extra["exif"] = exif
    picture.save(out, kind, **extra)
    return out.getvalue()


def queued(store: Store) -> list[tuple[str, str, str]]:
    """Return what waits to go out: kind, to whom, state."""
    with store.read() as connection:
        return [(row.kind, row.recipient, row.state) for row in mail.unsent(connection)]


def held(store: Store) -> list[str]:
    """Return why mails are held."""
    with store.read() as connection:
        return [row.reason for row in mail.held(connection)]


def test_an_answer_finds_its_case_by_the_mail_it_answers(store: Store, post: PostOffice) -> None:
    """Without the number anywhere: the Message-ID is enough. It is the desk's turn again."""
    reference = case(store)
    message = answer(post, store, Clock(), reference)
    taken = post.taker.take(
        letter("Yes.\n\nOn Mon, Nov 23, 2026 at 9:00 Nordhaven wrote:\n> Bring it in.", In_Reply_To=message), NOW_MS
    )
    assert taken == Taken("added", reference)
    with store.read() as connection:
        found = load(connection, reference)
    event = found.events[-1]
    assert (found.status, event.kind, event.by, event.data["text"]) == (Status.WAITING, Kind.ANSWERED, "mail", "Yes.")
    assert event.data["quoted"].endswith("> Bring it in.")


@pytest.mark.parametrize("where", ["subject", "body", "references", "own thread", "lower case, other dashes"])
def test_every_other_way_to_a_case(store: Store, post: PostOffice, where: str) -> None:
    """The number in the subject or the text, our mail among the references, or a mail of the same thread that came before."""
    reference = case(store)
    message = answer(post, store, Clock(), reference)
    shown = reference.lower().replace("-", "–")
    mails = {
        "subject": letter(Subject=f"Re: [{reference}] Your request"),
        "body": letter(f"About {reference}: it still stops."),
        "references": letter(References=f"<other@c.example> {message} <more@c.example>", In_Reply_To="<more@c.example>"),
        "own thread": letter("And it smells.", In_Reply_To="<first@c.example>"),
        "lower case, other dashes": letter(Subject=f"number {shown}"),
    }
    if where == "own thread":
        post.taker.take(letter("First.", Message_ID="<first@c.example>", Subject=f"[{reference}]"), NOW_MS)
    assert post.taker.take(mails[where], NOW_MS) == Taken("added", reference)


def test_a_mail_is_taken_in_once(store: Store, post: PostOffice) -> None:
    """Offered again, also with other lines of servers above it: one event. Another mail under the same id is another mail."""
    reference = case(store)
    mine = letter(Subject=f"[{reference}]")
    outcomes = [post.taker.take(one, NOW_MS).outcome for one in (mine, mine, b"Received: by other.example\r\n" + mine)]
    outcomes.append(post.taker.take(mine.replace(b"minute", b"second"), NOW_MS).outcome)
    assert outcomes == ["added", "known", "known", "added"]
    with store.read() as connection:
        assert len(load(connection, reference).events) == 3


def test_a_mail_without_a_number_begins_a_case_and_gets_one_receipt(store: Store, post: PostOffice) -> None:
    """With a number, in the language of the writer; the receipt says that a machine wrote it, and repeats nothing."""
    taken = post.taker.take(letter("Der Deckel klemmt. " + "x" * 600, Content_Language="de"), NOW_MS)
    assert taken.outcome == "new"
    with store.read() as connection:
        found = load(connection, taken.reference)
        (row,) = mail.of_case(connection, taken.reference).values()
    assert taken.reference.startswith("NH-")
    assert (found.request.surface, found.request.reply.address) == ("mail", "kim.miller@customer.example")
    assert found.events[0].data["text"].endswith("x" * 600)
    assert (found.answer_by, found.first_reply_at) == (NOW_MS + 24 * 3_600_000, None)
    receipt = read(row.content.encode())
    assert receipt.automatic.startswith("Auto-Submitted")
    assert "Es ist angekommen" in receipt.subject
    assert receipt.answers == (found.events[0].data["mail"]["id"],)
    assert "Deckel" not in row.content


@pytest.mark.parametrize(
    "head",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"sender": "MAILER-DAEMON@mx.example"},
        {"sender": "no-reply@bank.example"},
    ],
)
def test_a_machine_gets_no_answer(store: Store, post: PostOffice, head: dict[str, str]) -> None:
    """Without a case it is held; with one it is a note: no receipt, and it is not the desk's turn."""
    taken = post.taker.take(letter("I am away until Monday.", **head), NOW_MS)
    assert (taken.outcome, queued(store)) == ("held", [])
    reference = case(store)
    answer(post, store, Clock(), reference)
    taken = post.taker.take(letter("I am away.", **head, Subject=f"Re: [{reference}]"), NOW_MS)
    assert taken == Taken("automatic", reference)
    with store.read() as connection:
        found = load(connection, reference)
    assert (found.status, found.events[-1].kind) == (Status.ANSWERED, Kind.NOTED)
    assert [kind for kind, *_ in queued(store)] == ["answer"]


@pytest.mark.parametrize(
    "head",
    [
        {"X_Auto_Response_Suppress": "All"},
        {"X_Auto_Response_Suppress": "DR, AutoReply"},
        {"List_Id": "<a.b>"},
        {"Precedence": "list"},
    ],
)
def test_a_person_who_wants_no_machine_gets_none(store: Store, post: PostOffice, head: dict[str, str]) -> None:
    """The case begins all the same."""
    assert post.taker.take(letter(**head), NOW_MS).outcome == "new"
    assert queued(store) == []


@pytest.mark.parametrize("suppressed", ["", "OOF", "None", "RN, NRN"])
def test_what_suppresses_other_things_suppresses_no_receipt(store: Store, post: PostOffice, suppressed: str) -> None:
    """An address of Exchange that wants no read receipts still gets its number."""
    assert post.taker.take(letter(X_Auto_Response_Suppress=suppressed), NOW_MS).outcome == "new"
    assert len(queued(store)) == 1


def test_the_desk_does_not_talk_to_itself(store: Store, post: PostOffice) -> None:
    """Its own address, or its own mark that a machine sent back: held."""
    assert post.taker.take(letter(sender="HELP@shop.example"), NOW_MS).outcome == "held"
    assert post.taker.take(letter(X_Loop="help@shop.example"), NOW_MS).outcome == "held"
    assert len(held(store)) == 2
    assert queued(store) == []


def test_two_machines_that_know_no_manners_stop(store: Store, post: PostOffice) -> None:
    """A robot answers every mail with a new one, and with no sign of being a robot: few receipts, then held."""
    outcomes = [
        post.taker.take(letter(f"Thanks, number {turn}"), NOW_MS + turn * 1000).outcome for turn in range(MOST_OF_ONE_SENDER + 5)
    ]
    assert outcomes == ["new"] * MOST_OF_ONE_SENDER + ["held"] * 5
    assert len(queued(store)) == MOST_RECEIPTS


def test_notes_of_machines_have_a_bound(store: Store, post: PostOffice) -> None:
    """A case takes a few a day; the others are held."""
    reference = case(store)
    told = [
        post.taker.take(letter(f"away {n}", Subject=f"[{reference}]", Auto_Submitted="auto-replied"), NOW_MS)
        for n in range(MOST_AUTOMATIC + 2)
    ]
    assert [one.outcome for one in told] == ["automatic"] * MOST_AUTOMATIC + ["held"] * 2


BOUNCE = """From: MAILER-DAEMON@mx.example
To: help@shop.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; kim.miller@customer.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such
 user here

--b
Content-Type: message/rfc822

From: help@shop.example
Message-ID: {message}
Subject: [x]

Bring it in.

--b--
"""


def test_a_mail_that_comes_back_is_told_on_its_case(store: Store, post: PostOffice) -> None:
    """The customer still waits, also where the case was closed with the answer; a delay is no failure."""
    reference = case(store)
    message = answer(post, store, Clock(), reference)
    store.writing(lambda connection: add(connection, reference, CaseEvent(Kind.CLOSED, "ada", NOW_MS, {"outcome": "solved"})))
    bounced = BOUNCE.format(action="failed", message=message).encode()
    assert post.taker.take(bounced, NOW_MS) == Taken("returned", reference)
    assert post.taker.take(bounced, NOW_MS) == Taken("known")
    with store.read() as connection:
        found = load(connection, reference)
    assert (found.status, found.events[-1].data["text"]) == (Status.WAITING, "550 5.1.1 no such user here")
    assert queued(store) == [("answer", "kim.miller@customer.example", mail.RETURNED)]
    late = BOUNCE.format(action="delayed", message=message).replace("bounce@", "late@").encode()
    assert post.taker.take(late, NOW_MS).outcome == "held"
    strange = BOUNCE.format(action="failed", message="<other@x.example>").replace("bounce@", "third@").encode()
    assert post.taker.take(strange, NOW_MS).outcome == "held"


def test_a_merged_case_hands_its_mails_on_and_an_erased_one_takes_none(store: Store, post: PostOffice) -> None:
    """By either number to the case that goes on; after an erasure a new case begins."""
    first, second = case(store), case(store)
    store.writing(lambda connection: merge(connection, first, second, "ada", NOW_MS))
    assert post.taker.take(letter("One.", Subject=f"[{first}]"), NOW_MS) == Taken("added", second)
    store.writing(lambda connection: erase(connection, second, "ada", NOW_MS))
    assert post.taker.take(letter("Two.", Subject=f"[{second}]"), NOW_MS).outcome == "new"


def test_a_closed_case_opens_again(store: Store, post: PostOffice) -> None:
    """The customer was not done."""
    reference = case(store)
    store.writing(lambda connection: add(connection, reference, CaseEvent(Kind.CLOSED, "ada", NOW_MS, {"outcome": "solved"})))
    post.taker.take(letter(Subject=f"[{reference}]"), NOW_MS)
    with store.read() as connection:
        assert load(connection, reference).status is Status.WAITING


def test_a_number_that_is_not_here_yet_is_told(store: Store, post: PostOffice) -> None:
    """The kiosk may still be without a network: the new case names the number."""
    taken = post.taker.take(letter(Subject="[NH-7K3M9-QXD4R-9] my kettle"), NOW_MS)
    with store.read() as connection:
        found = load(connection, taken.reference)
    assert (taken.outcome, found.events[0].data["named"]) == ("new", "NH-7K3M9-QXD4R-9")


def test_photos_come_with_nothing_but_the_picture(store: Store, post: PostOffice) -> None:
    """Upright, without place and maker; what is no picture is left out by name, whatever it says it is."""
    made = EmailMessage(SMTP)
    made["From"], made["Subject"], made["Message-ID"] = "kim@c.example", "photos", "<p@c.example>"
    made.set_content("See here.")
    made.add_attachment(photo(), maintype="image", subtype="jpeg", filename="lid.jpg")
    made.add_attachment(photo(kind="PNG"), maintype="application", subtype="octet-stream", filename="label")
    made.add_attachment(b"<svg onload='alert(1)'/>", maintype="image", subtype="svg+xml", filename="x.svg")
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="bill.pdf")
    taken = post.taker.take(made.as_bytes(), NOW_MS)
    with store.read() as connection:
        event = load(connection, taken.reference).events[0]
        known = photos.of_case(connection, taken.reference)
        pictures = [photos.picture(connection, taken.reference, one) or b"" for one in event.data["photos"]]
    assert [known[one].name for one in event.data["photos"]] == ["lid.jpg", "label"]
    assert event.data["left_out"] == ["bill.pdf", "x.svg: no photo (JPEG, PNG or WebP)"]
    first = Image.open(io.BytesIO(pictures[0]))
    assert (first.format, first.size, dict(first.getexif())) == ("JPEG", (30, 40), {})
    assert not any(sign in picture for picture in pictures for sign in (b"Exif", b"PhoneMaker", b"GPS"))
    store.writing(lambda connection: erase(connection, taken.reference, "ada", NOW_MS))
    with store.read() as connection:
        dump = "".join(str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(table.select()))
    assert [word for word in ("kim@", "See here", "lid.jpg", "JFIF") if word in dump] == []


@pytest.mark.databases("sqlite", "postgresql")
def test_desks_that_look_at_once_take_a_mail_once(store: Store) -> None:
    """Three at the same moment, on both kinds of database: one case, one receipt."""
    raw, outcomes = letter(), []
    desks = [PostOffice(store, settings(9), Path(), Clock()) for _ in range(3)]
    threads = [threading.Thread(target=lambda desk=desk: outcomes.append(desk.taker.take(raw, NOW_MS).outcome)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(outcomes) == ["known", "known", "new"]
    assert len(queued(store)) == 1
    with store.read() as connection:
        assert listed(connection, Filter("all"))[1] == 1


@pytest.mark.parametrize(
    "broken", [b"", b"GIF89a", photo()[:400], b"\xff\xd8\xff" + b"x" * 100, photo(kind="TIFF"), b"\x89PNG\r\n\x1a\n" + b"\0" * 64]
)
def test_what_is_no_whole_picture_is_refused(broken: bytes) -> None:
    """In words, never by an exception that nobody expects."""
    assert taken_from([("x", broken)])[0] == []


def test_a_picture_is_bounded() -> None:
    """Huge ones are made smaller, monstrous ones refused before they are unpacked, transparent ones laid on white."""
    wide = drawn_anew("wide", photo((LONGEST_SIDE * 2, 10), "PNG"))
    assert (wide.width, wide.height) == (LONGEST_SIDE, 5)
    out = io.BytesIO()
    Image.new("1", (60_000, 1_100)).save(out, "PNG")
    black = out.getvalue()
    assert len(black) < 20_000
    with pytest.raises(PhotoError, match="million dots"):
        drawn_anew("bomb", black)
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(drawn_anew("glass", out.getvalue()).content)).getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Yes.\n\nOn Mon, 23 Nov 2026 at 09:00, Desk <help@shop.example>\nwrote:\n> x", "Yes."),
        ("Ja.\n\nAm 23.11.2026 um 09:00 schrieb Desk:\n> x", "Ja."),
        ("Oui.\n\nLe lun. 23 nov. 2026 à 09:00, Desk a écrit :\n> x", "Oui."),
        ("Yes.\n-----Original Message-----\nFrom: Desk", "Yes."),
        ("> first?\nYes.\n> second?\nNo.", "> first?\nYes.\n> second?\nNo."),
        ("> only quoted", "> only quoted"),
        ("On Monday I wrote: nothing", "On Monday I wrote: nothing"),
        ("", ""),
    ],
)
def test_the_mail_below_is_parted_from_what_was_said(text: str, said: str) -> None:
    """The answer first; what stands between quotes stays; nothing is thrown away."""
    found, quoted = split_quoted(text)
    assert found == said
    assert set(text.split()) == set(f"{found} {quoted}".split())


def test_html_becomes_words(store: Store, post: PostOffice) -> None:
    """No markup, no script, no address that is loaded."""
    made = EmailMessage(SMTP)
    made["From"], made["Subject"] = "kim@c.example", "html"
    made.set_content(
        "<style>p{}</style><p>Hello<br>you</p><script>alert(1)</script><img src='https://spy.example/x.gif'>", subtype="html"
    )
    taken = post.taker.take(made.as_bytes(), NOW_MS)
    with store.read() as connection:
        assert load(connection, taken.reference).events[0].data["text"] == "Hello\nyou"


WEIRD = [
    b"",
    b"\0" * 100,
    b"From: \r\n\r\nx",
    b"From: =?utf-8?q?=00?= <a@b>\r\nSubject: =?nope?b?////?=\r\n\r\n\xff\xfe",
    b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n' * 50,
    b"From: a@b.example\r\nContent-Type: text/plain; charset=no-such\r\n\r\nwords",
    b'From: a@b.example\r\nContent-Type: text/plain; charset="\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!',
    b"From: a@b.example\r\nMessage-ID: [x]\r\nIn-Reply-To: <<>>\r\nReferences: <a b>\r\n\r\n",
    b"From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n" * 120 + b"deep",
    b"From: a@b.example\r\nContent-Disposition: attachment; filename*=utf-8''%ff%fe\r\nContent-Type: image/png\r\n\r\nx",
    b"\r\n\r\nno head",
]


@pytest.mark.parametrize("raw", WEIRD)
def test_whatever_comes_is_taken_or_held(store: Store, post: PostOffice, raw: bytes) -> None:
    """Nothing is lost, and nothing makes the desk stumble."""
    assert post.taker.take(raw, NOW_MS).outcome in {"new", "held"}
    assert post.taker.take(raw, NOW_MS).outcome == "known"


@bounds(deadline=None)
@given(
    st.binary(max_size=400),
    st.binary(max_size=200),
    st.sampled_from(["text/plain", "multipart/report; report-type=delivery-status", "image/png"]),
)
def test_no_bytes_make_the_reader_stumble(head: bytes, body: bytes, kind: str) -> None:
    """It reads, or says that it cannot."""
    try:
        found = read(b"From: a@b.example\r\nContent-Type: " + kind.encode() + b"\r\nSubject: " + head + b"\r\n\r\n" + body)
    except UnreadableError:
        return
    found.text.encode()
    assert "\0" not in found.text + found.subject + found.sender


def test_a_person_lets_a_held_mail_in(store: Store, post: PostOffice) -> None:
    """Once, however often it is pressed; then it is a mail like others."""
    post.taker.take(letter("Offer", X_Spam_Flag="YES"), NOW_MS)
    with store.read() as connection:
        (row,) = mail.held(connection)
        kept = mail.held_mail(connection, row.id)
    assert kept is not None
    outcomes = [post.taker.take(bytes(kept.content), NOW_MS, held=row.id).outcome for _ in range(2)]
    assert outcomes == ["new", "known"]
    assert held(store) == []


# --- the mailbox -------------------------------------------------------------------------------------------------------


def watcher(store: Store, box: Imap, clock: Clock, **changes: object) -> PostOffice:
    """Return the mail of a desk with this mailbox."""
    server = {
        "host": "127.0.0.1",
        "port": box.port,
        "security": "none",
        "user": USER,
        "password_variable": "DESK_IMAP",
        "seconds": 120,
    }
    return PostOffice(store, settings(9, imap={**server, **changes}), Path(), clock)


def look(post: PostOffice) -> int:
    """Look into the mailbox once."""
    assert post.watcher
    return post.watcher.run_once()


def taken_in(store: Store) -> int:
    """Return how many mails were taken in."""
    with store.read() as connection:
        return len(list(connection.execute(mail_in.select())))


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Imap]:
    """Run a mailbox."""
    monkeypatch.setenv("DESK_IMAP", PASSWORD)
    state = Imap()
    with running(state):
        yield state


def test_a_mailbox_is_read_once(store: Store, box: Imap) -> None:
    """At first what nobody has read, then all that is new, read or not; what was taken in is marked."""
    clock = Clock()
    box.put(letter("old", sender="a@c.example"), was_read=True)
    box.put(letter("waiting", sender="b@c.example"))
    post = watcher(store, box, clock)
    assert (look(post), look(post)) == (1, 0)
    box.put(letter("new", sender="c@c.example"), was_read=True)
    assert (look(post), look(post)) == (1, 0)
    assert box.read == {1, 2, 3}
    box.validity, box.read = 2, set()
    assert look(post) == 3
    # The mailbox was made anew: what was taken in is known, the old one comes once.
    assert taken_in(store) == 3


@pytest.mark.parametrize("at", ["LOGIN", "SELECT", "SEARCH", "FETCH", "STORE"])
def test_a_line_that_breaks_anywhere_loses_and_doubles_nothing(store: Store, box: Imap, at: str) -> None:
    """The next look goes on where this one ended."""
    clock = Clock()
    for number in range(3):
        box.put(letter(f"mail {number}"))
    box.faults = [at]
    post = watcher(store, box, clock)
    look(post)
    with store.read() as connection:
        failed = mail.server(connection, "imap")
    assert failed.error
    assert look(post) == 0  # it waits a minute
    clock.at += 61
    look(post)
    assert taken_in(store) == 3
    with store.read() as connection:
        assert mail.server(connection, "imap").failed_since is None


def test_a_mailbox_with_another_password_says_so(store: Store, box: Imap, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of the server, never the password."""
    monkeypatch.setenv("DESK_IMAP", "wrong-one")
    look(watcher(store, box, Clock()))
    monkeypatch.delenv("DESK_IMAP")
    with store.read() as connection:
        assert "wrong name or password" in mail.server(connection, "imap").error
    clock = Clock()
    clock.at += 120
    look(watcher(store, box, clock))
    with store.read() as connection:
        assert "DESK_IMAP" in mail.server(connection, "imap").error


def test_what_is_too_large_is_not_even_fetched(store: Store, box: Imap, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told with sender and subject, and stays in the mailbox; the mails behind it come in."""
    monkeypatch.setattr("service.desk.mail.imap.MOST_LETTER", 2000)
    box.put(letter("x" * 3000, Subject="huge"))
    box.put(letter("small"))
    assert look(watcher(store, box, Clock())) == 2
    with store.read() as connection:
        (row,) = mail.held(connection)
    assert (row.subject, "larger than" in row.reason) == ("huge", True)
    assert not any("FETCH 1 (BODY.PEEK[])" in line for line in box.said)
    assert taken_in(store) == 2


# --- piped in ----------------------------------------------------------------------------------------------------------


def piped(folder: Path, raw: bytes, *options: str) -> tuple[int, str]:
    """Run `desk mail-in` with a mail as its standard input."""
    done = CliRunner().invoke(command, ["--folder", str(folder), "mail-in", *options], input=raw)
    return done.exit_code, done.output


def test_a_mail_is_piped_in(tmp_path: Path) -> None:
    """Exit code 0 once it is safe; offered again it is known; nobody to return it to means that a machine wrote it."""
    (tmp_path / "desk.toml").write_text('[mail]\naddress = "help@shop.example"\nprefix = "NH"\n', encoding="utf-8")
    code, said = piped(tmp_path, letter())
    assert (code, said.split()[0]) == (0, "new")
    assert piped(tmp_path, letter()) == (0, "known\n")
    assert piped(tmp_path, letter("away"), "--from", "")[1].startswith("held a machine wrote it (nobody to return it to)")


@pytest.mark.parametrize(
    ("settings_text", "raw", "code", "words"),
    [
        (None, letter(), 75, "there is no part [mail]"),
        ("[mail]\nadress = 'x'", letter(), 75, "Did you mean 'address'?"),
        ('[mail]\naddress = "help@shop.example"', b"", 65, "nothing came in"),
    ],
)
def test_a_mail_that_cannot_be_taken_stays_with_the_mail_server(
    tmp_path: Path, settings_text: str | None, raw: bytes, code: int, words: str
) -> None:
    """EX_TEMPFAIL: it comes again when the desk has been mended."""
    if settings_text is not None:
        (tmp_path / "desk.toml").write_text(settings_text, encoding="utf-8")
    found = piped(tmp_path, raw)
    assert found[0] == code
    assert words in found[1]


def test_a_broken_database_keeps_the_mail_with_the_mail_server(tmp_path: Path) -> None:
    """A file that is no database: exit code 75."""
    (tmp_path / "desk.toml").write_text('[mail]\naddress = "help@shop.example"\n', encoding="utf-8")
    (tmp_path / "desk.sqlite").write_bytes(b"rubbish" * 1000)
    assert piped(tmp_path, letter())[0] == 75


FORM = """L’écran reste noir.

flow: repair
serial: EM-77
how: phone
address: +33 1 99
name: Sophie
page: espresso/error-e1
language: fr"""


def test_the_form_of_the_web_is_read_from_its_mail(store: Store, post: PostOffice) -> None:
    """Kind, page, language and the phone number are the case's; the number that the form gave finds it."""
    taken = post.taker.take(letter(f"{FORM}\n\n-- \nSent from a phone", Subject="[HS-7K3M9-QXD4R-9] repair"), NOW_MS)
    with store.read() as connection:
        found = load(connection, taken.reference)
        assert named(connection, "HS-7K3M9-QXD4R-9") == named(connection, taken.reference) == taken.reference
        assert not named(connection, "HS-23456-789AB-E")
    request = found.request
    assert (request.flow, request.product, request.page, request.language) == ("repair", "espresso", "espresso/error-e1", "fr")
    assert (request.reply.how, request.reply.address, request.reply.name) == ("phone", "+33 1 99", "Sophie")
    assert found.events[0].data["text"] == "L’écran reste noir.\n\n-- \nSent from a phone"


@pytest.mark.parametrize(
    "text",
    ["flow: theft", "flow: complaint\nkind: x", "flow: question\npage: ../../x", "flow: idea\nhow: shout", "the flow: of water"],
)
def test_a_form_that_says_nothing_is_words(text: str) -> None:
    """Somebody changed the lines, or made them up: a person reads them."""
    assert told_on_form(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Guten Tag, die Maschine wandert beim Schleudern durch das Bad.", "de"),
        ("Buongiorno, la lampada non si collega più al telefono. Come posso fare?", "it"),
        ("Hola, ¿por qué no vuelve a la base? Gracias.", "es"),
        ("Bonjour, où est ma commande ?", "fr"),
        ("It still stops after a minute.", "en"),
        ("السلام عليكم، الغلاية لا تعمل منذ أمس.", "ar"),
        ("ok", ""),
        ("", ""),
        ("Zażółć gęślą jaźń", ""),
    ],
)
def test_the_language_of_a_mail(text: str, language: str) -> None:
    """By its small words; where they do not say, nothing is made up."""
    assert language_of(text) == language
