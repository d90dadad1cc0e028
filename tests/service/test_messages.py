"""The wire contract holds: what fits goes through unchanged, everything else is refused before it is stored."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from service.messages import PLAIN_KINDS, SEALED_KINDS, CaseRequest, Complaint, Feedback, Reply
from service.messages.schemas import MODELS, message_schema

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CASE: dict[str, Any] = {
    "kind": "case",
    "reference": "nh 7k3m9 qxd4r 9",
    "accepted_at": NOW.isoformat(),
    "details": {"flow": "complaint", "kind": "broken", "remedy": "repair", "safety_risk": True},
    "words": "It stops.\u202e\x00\n<script>alert(1)</script>'; DROP TABLE cases;--",
    "reply": {"how": "mail", "address": "kim@shop.example"},
    "tried": [{"page": "kettle/does-not-heat", "asked": "Does the lamp light up?", "answered": "No"}],
}


def test_a_case_comes_through_whole() -> None:
    """The number is written as printed, words stay words, and signs that nobody types are gone."""
    case = CaseRequest.model_validate(CASE)
    assert case.reference == "NH-7K3M9-QXD4R-9"
    assert case.flow == "complaint"
    assert isinstance(case.details, Complaint)
    assert case.words == "It stops.\n<script>alert(1)</script>'; DROP TABLE cases;--"
    assert CaseRequest.model_validate_json(case.model_dump_json()) == case


@pytest.mark.parametrize(
    "change",
    [
        {"visit": "someone"},
        {"reference": "NH-7K3M9-QXD4R-8"},
        {"accepted_at": "2026-11-23T09:00:00"},
        {"words": "x" * 501},
        {"details": {"flow": "complaint", "kind": "lost", "remedy": "repair"}},
        {"details": {"flow": "booking"}},
        {"product": "../../etc/passwd"},
        {"language": "en\nX"},
        {"format": 2},
        {"tried": [{"page": "x"}] * 41},
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, Any]) -> None:
    """Unknown keys, wrong numbers, times without a zone, too much of anything: refused."""
    with pytest.raises(ValidationError):
        CaseRequest.model_validate({**CASE, **change})


@pytest.mark.parametrize(("question", "value"), [("helpful", 2), ("csat", 0), ("csat", 6), ("ces", 8), ("nps", 11)])
def test_an_answer_stays_on_its_scale(question: str, value: int) -> None:
    """CSAT has five answers, CES seven, NPS eleven."""
    with pytest.raises(ValidationError):
        Feedback.model_validate({"day": "2026-11-22", "question": question, "value": value})


def test_a_case_never_passes_as_an_open_message() -> None:
    """Only counts, feedback and heartbeats travel unsealed."""
    assert not set(PLAIN_KINDS) & set(SEALED_KINDS)
    for model in PLAIN_KINDS.values():
        with pytest.raises(ValidationError):
            model.model_validate(CASE)


def test_an_address_has_an_end() -> None:
    """The longest mail address there can be fits; one sign more is refused."""
    assert Reply(how="mail", address="a" * 254).address
    with pytest.raises(ValidationError):
        Reply(how="mail", address="a" * 255)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_exported_schemas_are_up_to_date(name: str) -> None:
    """Run `./helpstand schemas` after a change of a message."""
    assert json.loads((ROOT / "schemas" / "messages" / f"{name}.json").read_text(encoding="utf-8")) == message_schema(name)
