"""The API keeps to its own document, whatever is sent: schemathesis makes it up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks

from service.desk.app import Parts, create_app
from service.desk.keyring import Keyring
from service.desk.server import Running
from service.outbox import Identity
from service.store import Store, open_store
from service.store.kiosks import new_code

load_all_checks()
RULES_OF_OURS = CHECKS.get_by_names(["positive_data_acceptance"])
"""Not asked: that a code of enrolment exists, and that names of parts are words of ours, no JSON Schema here says."""
LAX = CHECKS.get_by_names(["negative_data_rejection"])
"""Not asked: "7" is taken for 7, as pydantic does; what is stored is a number."""


class Signer(requests.auth.AuthBase):
    """Signs whatever is about to leave, as an enrolled kiosk would."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the two headers on."""
        body = request.body or b""
        raw = body if isinstance(body, bytes) else str(body).encode("utf-8", "surrogatepass")
        told = self.identity.sign(raw, "state" if str(request.url).endswith("/heartbeat") else "batch")
        request.headers.update({name: value for name, value in told.items() if name != "content-type"})
        return request


@pytest.fixture
def desk(blank: Path, tmp_path: Path, private: bytes) -> Iterator[tuple[str, Store]]:
    """Run a desk; give its address and store."""
    path = tmp_path / "desk.sqlite"
    path.write_bytes(blank.read_bytes())
    store = open_store(f"sqlite:///{path}", migrated=True)
    with Running(create_app(Parts(store, Keyring([private])))) as server:
        yield server.address, store
    store.close()


def _attack(desk: tuple[str, Store], identity: Identity, examples: int, *, signed: bool) -> set[tuple[str, int]]:
    """Send made-up requests to every address; return which statuses each gave. A failed check raises."""
    address, store = desk
    code = store.writing(lambda connection: new_code(connection, "city-1", "city", int(time.time() * 1000)))
    identity.enrolled(httpx.post(f"{address}/api/v1/enrol", content=identity.enrolment(code).model_dump_json()).content)
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    seen: set[tuple[str, int]] = set()
    with requests.Session() as session:
        session.auth = Signer(identity) if signed else None
        for result in schema.get_all_operations():
            operation: Any = result.ok()  # type: ignore[union-attr]  # a schema that is wrong raises here, as it should

            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.explicit, Phase.generate],
            )
            @given(case=operation.as_strategy())
            def one(case: Any) -> None:
                if signed and isinstance(case.body, dict) and "kiosk" in case.body:
                    case.body["kiosk"] = "city-1"
                if signed and isinstance(case.body, dict) and isinstance(case.body.get("items"), list):
                    by_number = {item["seq"]: item for item in case.body["items"]}
                    case.body["items"] = [by_number[number] for number in sorted(by_number)]
                response = case.call(session=session)
                seen.add((case.operation.path, response.status_code))
                case.validate_response(response, excluded_checks=[*RULES_OF_OURS, *LAX])

            one()
    return seen


def test_the_api_keeps_to_its_document(desk: tuple[str, Store], identity: Identity) -> None:
    """Signed by a kiosk: made-up batches, heartbeats and enrolments are taken or refused as the document says; none fails."""
    seen = _attack(desk, identity, 12, signed=True)
    assert {path for path, _ in seen} == {
        "/v1/batches",
        "/heartbeat",
        "/v1/cases",
        "/v1/daily",
        "/v1/enrol",
        "/v1/key",
        "/v1/health",
    }
    assert ("/v1/batches", 200) in seen
    assert max(status for _, status in seen) < 500


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("signed", [True, False])
def test_the_api_keeps_to_its_document_for_long(desk: tuple[str, Store], identity: Identity, signed: bool) -> None:
    """Several hundred requests to each address, signed and by strangers."""
    seen = _attack(desk, identity, 300, signed=signed)
    assert max(status for _, status in seen) < 500
    assert signed == (("/v1/batches", 200) in seen)
