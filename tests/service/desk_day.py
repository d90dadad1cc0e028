"""A desk on a made-up day: `python -m tests.service.desk_day FOLDER [PORT]`; with `later`, customers answer what was sent."""

from __future__ import annotations

import io
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select

from service.desk.app import Parts, create_app
from service.desk.keyring import load_keyring
from service.desk.mail.command import take
from service.desk.mail.post_office import PostOffice
from service.desk.project import ALWAYS
from service.desk.run import Options, database_of
from service.desk.server import Running
from service.desk.settings import FILE_NAME, load_settings
from service.outbox import Identity, Intake, Outbox, OutboxErrand, introduce
from service.reference import new_reference
from service.store import Store, open_store
from service.store.kiosks import new_code
from service.store.ready_answers import ReadyAnswer, save_answer
from service.store.tables import mail_out
from tests.kiosk.conftest import make_site, serve
from tests.service.day_cases import KIOSK, LATER, MAILS, WEB
from tests.service.desk_demo import fill, fill_kiosks
from tests.service.mail_servers import Smtp, running
from tests.service.test_whole_story import Network

SETTINGS = """site = "https://help.shop.example/"

[mail]
address = "help@shop.example"
name = "Nordhaven Home"
prefix = "NH"
store = "nordhaven-city"

[mail.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
"""
ANSWERS = [
    ReadyAnswer(
        "",
        "Milk in the kettle",
        "en",
        "Dear {name},\n\nplease boil only water: milk burns onto the floor.\n{guide}\n\nKind regards",
    ),
    ReadyAnswer(
        "",
        "Kaputt: bitte bringen",
        "de",
        "Guten Tag {name},\n\nbitte bringen Sie das Gerät mit der Nummer {reference} an die Theke.",
    ),
    ReadyAnswer("", "Broken: bring it in", "en", "Dear {name},\n\nplease bring it to the counter with your number {reference}."),
    ReadyAnswer("", "How to descale", "en", "Dear {name},\n\nthis page shows how: {guide:kettle/descale}"),
    ReadyAnswer("", "Volver a la tienda", "es", "Hola {name}:\n\ntráigalo a la tienda con el número {reference}."),
]


def main() -> None:
    """Serve until it is ended."""
    folder = Path(sys.argv[1])
    if sys.argv[2:] == ["later"]:
        with closing(open_store(database_of(folder, ""))) as store:
            print(later(store, folder))
        return
    folder.mkdir(parents=True, exist_ok=True)
    fresh, smtp = not (folder / "desk.sqlite").exists(), Smtp()
    with running(smtp):
        (folder / FILE_NAME).write_text(SETTINGS.format(port=smtp.port), encoding="utf-8")
        with closing(open_store(database_of(folder, ""))) as store:
            if fresh:
                yesterday(store)
            settings = load_settings(folder / FILE_NAME)
            assert settings.mail
            office = PostOffice(store, settings.mail, folder)
            parts = Parts(store, load_keyring(folder), mail=office, site=settings.site)
            with Running(create_app(parts), port=int(sys.argv[2]) if len(sys.argv) > 2 else 0) as server:
                print(server.address, morning(store, server.address, folder) if fresh else "", flush=True)
                while True:
                    time.sleep(60)


def morning(store: Store, desk: str, folder: Path) -> dict[str, int]:
    """Let the forty cases come in; return how many came by which way."""
    return {
        "kiosk": len(by_kiosk(store, desk, folder)),
        "web form": len([by_pipe(folder, mail_of_web(*one)) for one in WEB]),
        "mail": len([by_pipe(folder, mail_of(one)) for one in MAILS]),
    }


def yesterday(store: Store) -> None:
    """Let the people be there, what lay over, and the answers that lie ready."""
    now = datetime.now(UTC).replace(microsecond=0)
    fill(store, now)
    fill_kiosks(store, now)
    for number, answer in enumerate(ANSWERS):
        one = answer._replace(id=f"{number:016}")
        store.writing(lambda connection, one=one: save_answer(connection, one, "ada", 0))  # type: ignore[misc]


def by_kiosk(store: Store, desk: str, folder: Path) -> list[str]:
    """Fill the form at a kiosk, as its page posts it, and let its agent send what the outbox holds; return the numbers."""
    code = store.writing(lambda connection: new_code(connection, "city-7", "nordhaven-city", int(time.time() * 1000)))
    identity = Identity(folder / "kiosk")
    introduce(identity, Network(), desk, code)
    numbers = []
    with closing(Outbox(folder / "kiosk" / "outbox.sqlite")) as outbox:
        clock = [datetime.now(UTC)]
        shop: dict[str, Any] = {"store": "nordhaven-city", "prefix": "NH", "hours": ALWAYS}
        intake = Intake(outbox, lambda: identity.desk.desk_key, **shop, clock=lambda: clock[0])
        for live in serve(make_site(folder / "site"), intake=intake):
            live.enter()
            for hours, form in KIOSK:
                clock[0] = datetime.now(UTC) + timedelta(hours=hours)
                answer = live.post("/api/case", form)
                assert answer.status_code == 201, answer.text
                numbers.append(answer.json()["reference"])
        OutboxErrand(desk, outbox, identity).send(Network())
        assert outbox.waiting() == (0, None)
    return numbers


def by_pipe(folder: Path, mail: bytes) -> str:
    """Hand a mail to what `desk mail-in` runs for each; return what became of it."""
    said: list[str] = []
    code = take(Options(folder, ""), io.BytesIO(mail), None, said.append)
    assert code == 0, said
    return said[0]


def later(store: Store, folder: Path) -> list[str]:
    """Let customers and a machine answer the mails that the clerk has sent by now; return what became of each."""
    with store.read() as connection:
        sent = connection.execute(select(mail_out).where(mail_out.c.kind == "answer").order_by(mail_out.c.made_at.desc())).all()
    came = []
    for one in LATER:
        mine = next((row for row in sent if row.recipient == one["by"]), None)
        if mine is not None:
            head = {"In-Reply-To": mine.id, **one.get("headers", {})}
            came.append(by_pipe(folder, mail_of({**one, "from": one["by"], "subject": f"Re: {mine.subject}", "headers": head})))
    return came


def mail_of_web(sender: str, text: str, told: dict[str, Any]) -> bytes:
    """Write the mail that the form on the web opens, as its reader sends it (`write` in handover.js)."""
    lines = [text, "", *(f"{name}: {str(value).lower() if value is False else value}" for name, value in told.items())]
    subject = f"[{new_reference('HS')}] {told['flow']}"
    return mail_of({"from": sender, "subject": subject, "text": "\n".join(lines)})


def mail_of(told: dict[str, Any]) -> bytes:
    """Write a mail with its photos and files."""
    made = EmailMessage(SMTP)
    made["From"], made["To"], made["Subject"] = told["from"], "help@shop.example", told["subject"]
    made["Message-ID"] = f"<{new_reference('X').lower()}@customer.example>"
    for name, value in told.get("headers", {}).items():
        made[name] = value
    if "html" in told:
        made.set_content(told["html"], subtype="html")
    else:
        made.set_content(told["text"])
    for number in range(int(told.get("photo", False)) + int(told.get("two", False))):
        made.add_attachment(picture(number), maintype="image", subtype="jpeg", filename=f"IMG_{number}.jpg")
    if "file" in told:
        made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=told["file"])
    return made.as_bytes()


def picture(number: int) -> bytes:
    """Draw something like a photo of a kettle."""
    image = Image.new("RGB", (1200, 900), ("#c9b79c", "#9cb7c9")[number % 2])
    pen = ImageDraw.Draw(image)
    pen.ellipse((400, 250, 800, 800), fill="#444")
    pen.rectangle((780, 350, 900, 700), outline="#222", width=30)
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


if __name__ == "__main__":
    main()
