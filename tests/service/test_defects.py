"""A defect that comes again and again is told to its maker: once, by webhook or mail, and tried again like everything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from service.connectors.config import Routes, RoutesError, load_routes
from service.desk.insights import look_for_clusters
from service.messages import CaseRequest
from service.reference import new_reference
from service.routing import DefectRule, told_of
from service.store import Store
from service.store import deliveries as store_of
from service.store.cases import receive
from service.store.deliveries import State
from service.store.insights import event_named
from tests.service.conftest import NOW, form
from tests.service.receivers import AFTER, BEFORE
from tests.service.test_connectors import BEGIN, Side, clock, side_of  # noqa: F401, the fixtures of its other sides

pytestmark = pytest.mark.databases("sqlite")

REPAIR = {"details": {"flow": "repair", "error_code": "e18"}, "product": "washer", "model": "WM 8"}
EVENT = {"type": "defect.cluster", "data": {"product": "washer", "model": "WM 8", "code": "E18", "cases": 5}}


def came(kept: Store, number: int, at: int, **changes: Any) -> None:
    """Let the same defect be told of so often."""
    told = form(**{**REPAIR, **changes})
    cases = [
        CaseRequest.model_validate({**told, "reference": new_reference("NH"), "accepted_at": NOW, "store": "city"})
        for _ in range(number)
    ]
    kept.writing(lambda connection: receive(connection, [(case, case.reference, "kiosk:x", at) for case in cases]))


def waiting(kept: Store) -> list[tuple[str, str]]:
    """Return the name and target of every defect on its way."""
    with kept.read() as connection:
        rows = store_of.listed(connection, [State.WAITING, State.DONE])
        return [(row.reference, row.target) for row in rows if event_named(connection, row.reference)]


def told_by(side: Side, kind: str) -> list[dict[str, Any]]:
    """Return the events that the other side has."""
    if kind == "webhook":
        return list(side.receiver.events.values())
    (mail,) = side.receiver.mails.values()
    assert mail["Subject"] == "Defect: washer WM 8, E18 (5 cases)"
    assert "came in 5 cases within 30 days" in mail.get_body(("plain",)).get_content()
    assert mail["Auto-Submitted"] == "auto-generated"
    (attachment,) = mail.iter_attachments()
    return [json.loads(attachment.get_content())]


@pytest.mark.parametrize("kind", ["webhook", "mail"])
def test_a_defect_is_told_once_however_often_it_is_tried(side_of: Callable[..., Side], kind: str) -> None:  # noqa: F811
    """Five cases raise it; faults force retries; a sixth case, between tries, changes neither its id nor its words."""
    side = side_of(kind)
    kept, routes = side.store, Routes(defects=(DefectRule(to=("there",)),))
    came(kept, 4, BEGIN - 1000)
    assert look_for_clusters(kept, BEGIN, routes) == []
    came(kept, 1, BEGIN - 500)
    assert len(look_for_clusters(kept, BEGIN, routes)) == 1
    side.receiver.faults = [AFTER, "500" if kind == "webhook" else "450", BEFORE]
    side.courier.serve("there")
    came(kept, 3, BEGIN + 10)
    assert look_for_clusters(kept, BEGIN + 1000, routes) == [], "it is known until it has been quiet"
    side.serve_until(lambda: False)
    (event,) = told_by(side, kind)
    assert {"type": event["type"], "data": event["data"]} == EVENT
    assert "kim" not in json.dumps(event), "nothing of a person"
    ((name, _),) = waiting(kept)
    with kept.read() as connection:
        (row,) = store_of.of_case(connection, name)
    assert (row.state, row.tries) == (State.DONE, 4)
    assert getattr(side.receiver, "wrong", []) == []


def test_by_product_or_nobody(store: Store) -> None:
    """The first rule that fits decides; without one, and without routes.yml, a defect is noted and told to nobody."""
    rules = (DefectRule(product=("lamp",), to=("lights",)), DefectRule(route=("cleaning",), to=("wet", "office", "wet")))
    assert told_of(rules, "washer", {"washer": "cleaning"}) == ("wet", "office")
    assert told_of(rules, "washer", {"washer": "kitchen"}) == ()
    came(store, 5, BEGIN)
    came(store, 5, BEGIN, product="kettle")
    routes = Routes(defects=rules, products={"washer": "cleaning", "kettle": "kitchen"})
    assert len(look_for_clusters(store, BEGIN, routes)) == 2
    assert sorted(target for _, target in waiting(store)) == ["office", "wet"]
    came(store, 5, BEGIN, product="robot")
    assert len(look_for_clusters(store, BEGIN)) == 1
    assert len(waiting(store)) == 2


@pytest.mark.databases("sqlite", "postgresql")
def test_two_desks_that_look_at_once_tell_it_once(store: Store) -> None:
    """Noted and on its way in one transaction, and only one of them may do so; on both kinds of database."""
    came(store, 6, BEGIN)
    routes = Routes(defects=(DefectRule(to=("there",)),))
    with ThreadPoolExecutor(4) as desks:
        raised = list(desks.map(lambda late: look_for_clusters(store, BEGIN + late, routes), range(4)))
    assert sum(map(len, raised)) == 1
    assert len(waiting(store)) == 1


def test_it_is_new_after_a_quiet_month(store: Store) -> None:
    """Then it is told again, under another name."""
    month = round(timedelta(days=40).total_seconds() * 1000)
    routes = Routes(defects=(DefectRule(to=("there",)),))
    for at in (BEGIN, BEGIN + month):
        came(store, 5, at)
        assert len(look_for_clusters(store, at, routes)) == 1
    assert len({name for name, _ in waiting(store)}) == 2


@pytest.mark.parametrize("name", ["", "defect-", "defect-1-1-000000000000", "defect-999999999999999-5-ffffffffffff", "NH-1"])
def test_a_name_that_no_defect_has_is_none(store: Store, name: str) -> None:
    """Whatever stands there."""
    with store.read() as connection:
        assert event_named(connection, name) is None


TARGETS = """targets:
  maker: {kind: mail, host: 127.0.0.1, port: 2525, tls: no, sender: desk@shop.example, to: office@maker.example}
  desk2: {kind: zammad, url: https://z.example, secret: env:HOME, without_mail: counter@shop.example}
routes:
  - to: desk
"""


def test_mistakes_of_the_file_are_told_with_their_line(tmp_path: Path) -> None:
    """All at once, with what was probably meant."""
    path = tmp_path / "routes.yml"
    wrong = ("{product: lamp, to: makr}", "{to: desk2}", "{route: cleaning, to: maker}", "{flow: repair, to: maker}")
    path.write_text(TARGETS + "defects:\n" + "".join(f"  - {one}\n" for one in wrong), encoding="utf-8")
    with pytest.raises(RoutesError) as found:
        load_routes(path)
    assert found.value.problems == [
        "routes.yml:7: there is no target 'makr'. Did you mean 'maker'?",
        "routes.yml:8: 'desk2' is of the kind zammad: a defect goes to a webhook or a mail.",
        "routes.yml:9: `route` is the route of a product. Write `products: content/products`, where they stand.",
        "routes.yml:10: unknown key 'flow'. There are: product, route, to.",
    ]
    path.write_text(TARGETS + "defects:\n  - {product: lamp, to: maker}\n", encoding="utf-8")
    assert load_routes(path).defects == (DefectRule(product=("lamp",), to=("maker",)),)
