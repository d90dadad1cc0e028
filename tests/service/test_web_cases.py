"""A page on the web hands a case over with photos: once, bounded, and with nothing in the photos but the picture."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from service.desk.app import Parts, create_app
from service.desk.keyring import Keyring
from service.desk.project import Project
from service.desk.server import Running
from service.reference import new_reference
from service.store import Store, open_store
from service.store.cases import erase, load
from service.store.photos import of_case, picture
from service.store.tables import case_events, deliveries, metadata, photos
from tests.service.conftest import HOURS, form
from tests.service.test_mail_in import photo

SITE = "https://help.shop.example"
SENDER = "agent-4711/1.0 (planted)"
Files = list[tuple[str, tuple[str, bytes, str]]]


@pytest.fixture
def desk(blank: Path, tmp_path: Path, private: bytes) -> Iterator[tuple[Store, str]]:
    """Run a desk that knows one site, and the hours of its only shop."""
    path = tmp_path / "desk.sqlite"
    path.write_bytes(blank.read_bytes())
    built = tmp_path / "guides" / "build" / "site"
    built.mkdir(parents=True)
    stores = {"city": {"hours": HOURS.model_dump(mode="json")}}
    (built / "helpstand.json").write_text(json.dumps({"stores": stores}), encoding="utf-8")
    kept = open_store(f"sqlite:///{path}", migrated=True)
    project = Project(tmp_path / "guides")
    with Running(create_app(Parts(kept, Keyring([private]), sites=(SITE,), project=project))) as server:
        yield kept, server.address
    kept.close()


def files(*contents: bytes) -> Files:
    """Return the parts in which photos travel."""
    return [("photos", (f"photo-{number}.jpg", content, "image/jpeg")) for number, content in enumerate(contents, 1)]


def post(address: str, case: object, parts: Files | None = None, origin: str | None = SITE) -> httpx.Response:
    """Post as a page on the web does: a form of parts, no cookie."""
    headers = {"user-agent": SENDER, **({"origin": origin} if origin else {})}
    told = case if isinstance(case, str) else json.dumps(case)
    # Without a file httpx would send another kind of form than a browser's FormData.
    every: list[Any] = [("case", (None, told)), *(parts or [])]
    return httpx.post(f"{address}/api/v1/cases", files=every, headers=headers, timeout=60)


def asked(**changes: Any) -> dict[str, Any]:
    """Return what the page tells: the form, and the number that it made."""
    return {**form(), "reference": new_reference("HS"), **changes}


def test_a_case_from_the_web_is_kept_once_with_its_photos(desk: tuple[Store, str]) -> None:
    """A receipt at once; the photo is drawn anew; the same post again is the same case; nothing of the sender stays."""
    store, address = desk
    told, photo_of_phone = asked(), photo()
    answer = post(address, told, files(photo_of_phone))
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (201, SITE)
    found = answer.json()
    assert found["receipt"]["reference"] == told["reference"]
    assert found["receipt"]["answer_by"]
    assert (found["receipt"]["zone"], found["photos"], found["left_out"]) == ("Europe/Berlin", 1, [])
    again = post(address, told, files(photo_of_phone))
    assert (again.status_code, again.json()) == (201, found)
    with store.read() as connection:
        case = load(connection, told["reference"])
        (name,) = case.events[0].data["photos"]
        kept = picture(connection, told["reference"], name) or b""
        whole = [tuple(row) for table in metadata.sorted_tables for row in connection.execute(table.select())]
        assert len(list(connection.execute(select(case_events)))) == 1
        assert [row.state for row in connection.execute(select(deliveries))] == ["new"], "it goes the way of every case"
    assert (case.request.surface, case.request.store, case.events[0].by) == ("web", "city", "web")
    drawn = Image.open(io.BytesIO(kept))
    assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (30, 40), {})
    dump = "".join(map(str, whole))
    assert [word for word in ("127.0.0.1", "agent-4711", "planted", "PhoneMaker") if word in dump] == []
    erased = store.writing(lambda connection: erase(connection, told["reference"], "ada", case.received_at + 1))
    assert erased is None
    with store.read() as connection:
        assert of_case(connection, told["reference"]) == {}
        assert list(connection.execute(select(photos))) == []


def test_the_number_of_another_case_is_told(desk: tuple[Store, str]) -> None:
    """Then the page takes a new number; the case that was there stays as it was, without these photos."""
    store, address = desk
    told = asked()
    assert post(address, told).status_code == 201
    assert post(address, {**told, "words": "Something else."}, files(photo())).status_code == 409
    with store.read() as connection:
        assert load(connection, told["reference"]).request.words == told["words"]
        assert of_case(connection, told["reference"]) == {}


def test_what_is_no_photo_is_told_by_its_place(desk: tuple[Store, str]) -> None:
    """The case is kept all the same, with the photo that is one."""
    store, address = desk
    told = asked()
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    answer = post(address, told, files(svg, photo(), b"", photo()[:40])).json()
    assert (answer["photos"], answer["left_out"]) == (1, [1, 3, 4])
    with store.read() as connection:
        assert len(of_case(connection, told["reference"])) == 1


@pytest.mark.parametrize(
    ("case", "parts", "status"),
    [
        ("{", None, 400),
        ("[]", None, 400),
        ("[" * 9000, None, 400),
        (asked(reference="HS-11111-11111-2"), None, 400),
        (asked(words="x" * 501), None, 400),
        ("x" * 30_000, None, 400),
        (asked(), files(*[b"x"] * 6), 400),
        (asked(), files(b"x" * 12_000_001), 413),
    ],
)
def test_what_is_wrong_or_too_much_is_refused_without_repeating_it(
    desk: tuple[Store, str], case: object, parts: Files | None, status: int
) -> None:
    """In words that hold nothing of what was typed; and nothing is kept."""
    answer = post(desk[1], case, parts)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])
    assert "xxxx" not in answer.text
    with desk[0].read() as connection:
        assert list(connection.execute(select(case_events))) == []


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", SITE.upper()])
def test_only_pages_of_named_sites_may_hand_over(desk: tuple[Store, str], origin: str | None) -> None:
    """Browsers say where a post comes from, and no page can change that."""
    assert post(desk[1], asked(), None, origin).status_code == 403


def test_a_flood_is_held_back(desk: tuple[Store, str]) -> None:
    """Six from one place at once, then one a minute; the page may read why."""
    answers = [post(desk[1], asked()) for _ in range(8)]
    assert [answer.status_code for answer in answers] == [201] * 6 + [429] * 2
    assert answers[-1].headers["access-control-allow-origin"] == SITE
    assert answers[-1].headers["retry-after"]


def test_what_a_page_may_not_tell_is_the_desks_own(desk: tuple[Store, str]) -> None:
    """Moment, shop, promise and surface are not the page's to say."""
    told = asked(store="harbour", accepted_at="2001-01-01T00:00:00Z", answer_by="2001-01-01T00:00:00Z", surface="kiosk")
    receipt = post(desk[1], told).json()["receipt"]
    assert receipt["accepted_at"] > "2026"
    with desk[0].read() as connection:
        kept = load(connection, told["reference"]).request
    assert (kept.store, kept.surface, kept.accepted_at.year > 2001) == ("city", "web", True)
