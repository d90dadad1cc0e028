"""A case in words: one subject, one text, one JSON for every other side. Plain text: nothing typed can become markup."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from service.cases import CaseEvent, Kind, begin

if TYPE_CHECKING:
    from service.connectors.outcome import Notice, Parcel
    from service.messages import CaseRequest

FLOWS = {
    "person": "Person now",
    "question": "Question",
    "complaint": "Complaint",
    "repair": "Repair",
    "return": "Return",
    "exchange": "Exchange",
    "accessory": "Accessory",
    "idea": "Idea",
}
HOW = {"mail": "by mail", "phone": "by phone", "counter": "at the counter", "none": "no answer wanted"}
MOST_SUBJECT = 150
"""What the narrowest of the other sides takes."""
PRIORITIES = {"low": "5", "normal": "3", "high": "2", "urgent": "1"}


def subject_of(case: CaseRequest) -> str:
    """Return one line that begins with the number, by which a mail or ticket is found again."""
    begun = begin(CaseEvent(Kind.RECEIVED, "", 0, {"case": case.model_dump(mode="json")}))
    about = f" ({case.product})" if case.product else ""
    line = f"[{case.reference}] {FLOWS[case.flow]}{about}: {' '.join(begun.summary.split())}"
    return line if len(line) <= MOST_SUBJECT else line[: MOST_SUBJECT - 1] + "…"


def text_of(case: CaseRequest) -> str:
    """Return everything that was asked, told and tried, for a person to read."""
    parts = [f"{FLOWS[case.flow]} {case.reference}", case.words, _rows(_facts(case))]
    if case.tried:
        parts.append("Tried before:\n" + "\n".join(f"{number}. {line}" for number, line in enumerate(_tried(case), 1)))
    return "\n\n".join(part for part in parts if part) + "\n"


def json_of(case: CaseRequest, *, thin: bool = False) -> dict[str, Any]:
    """Return the case as the schema `case` describes it; thin, without anything that a person typed."""
    told = case.model_dump(mode="json", exclude_defaults=True)
    told["details"] = {"flow": case.flow.value, **told.get("details", {})}
    if not thin:
        return told
    kept = ("reference", "accepted_at", "answer_by", "store", "language", "product", "page", "stage")
    return {**{name: told[name] for name in kept if name in told}, "details": {"flow": case.flow.value}}


def mail_of(parcel: Parcel, sender: str, to: str, when: datetime, reply_to: str = "") -> EmailMessage:
    """Return a mail with the case in it; its Message-ID is the delivery's own, whenever it is written."""
    case = parcel.case
    mail = EmailMessage(policy=SMTP.clone(max_line_length=200))
    mail["Message-ID"] = f"<{parcel.key}@{sender.rpartition('@')[2]}>"
    mail["Date"] = format_datetime(when)
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject_of(case)
    answer_to = reply_to or customer(case)
    if answer_to:
        mail["Reply-To"] = answer_to
    mail["X-Priority"] = PRIORITIES[parcel.priority]
    # Who is away must not answer a machine, and no loop can begin here.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text_of(case), cte="base64" if not text_of(case).isascii() else None)
    whole = json.dumps(json_of(case), ensure_ascii=False, indent=1).encode()
    mail.add_attachment(whole, maintype="application", subtype="json", filename=f"{case.reference}.json")
    return mail


def notice_of(notice: Notice, sender: str, to: str) -> EmailMessage:
    """Return a mail with a defect in it, for the maker; its Message-ID is the delivery's own, whenever it is written."""
    defect = notice.event["data"]
    about = " ".join(part for part in (defect["product"], defect["model"]) if part)
    mail = EmailMessage(policy=SMTP.clone(max_line_length=200))
    mail["Message-ID"] = f"<{notice.key}@{sender.rpartition('@')[2]}>"
    mail["Date"] = format_datetime(datetime.fromtimestamp(notice.event["timestamp"] / 1000, UTC))
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = " ".join(f"Defect: {about}, {defect['code']} ({defect['cases']} cases)".split())[:MOST_SUBJECT]
    mail["Auto-Submitted"] = "auto-generated"
    facts = {"Product": "product", "Model": "model", "Defect": "code", "Cases": "cases"}
    rows = _rows([(shown, str(defect[name])) for shown, name in facts.items()])
    told = f"The same defect came in {defect['cases']} cases within 30 days.\n\n{rows}\n"
    mail.set_content(told, cte="base64" if not told.isascii() else None)
    whole = json.dumps(notice.event, ensure_ascii=False, indent=1).encode()
    mail.add_attachment(whole, maintype="application", subtype="json", filename=f"{notice.reference}.json")
    return mail


def customer(case: CaseRequest) -> str:
    """Return the customer's mail address, where one was told that is one."""
    if case.reply.how != "mail":
        return ""
    try:
        parsed = Address(addr_spec=case.reply.address.strip())
    except (ValueError, IndexError, AttributeError, MessageError):
        return ""
    fine = parsed.domain and parsed.username and parsed.addr_spec.isascii() and "." in parsed.domain
    return parsed.addr_spec if fine else ""


def _facts(case: CaseRequest) -> list[tuple[str, str]]:
    details = case.details.model_dump(mode="json", exclude={"flow"})
    rows = [(name.replace("_", " ").capitalize(), _value(value)) for name, value in details.items()]
    how = HOW[case.reply.how] + (f": {case.reply.address}" if case.reply.address else "")
    rows += [("Product", case.product), ("Model", case.model), ("Scanned", case.scan), ("Page", case.page)]
    rows += [("Shop", case.store), ("Language", case.language), ("Name", case.reply.name), ("Answer", how)]
    rows += [("Asked on", _moment(case.accepted_at))]
    rows += [("Promised by", _moment(case.answer_by))]
    return rows


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else ""


def _tried(case: CaseRequest) -> list[str]:
    return [
        " → ".join(part for part in (f"read {one.page}" if one.page else "", one.asked, one.answered) if part)
        for one in case.tried
    ]


def _rows(facts: list[tuple[str, str]]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in facts if value)


def _value(value: Any) -> str:
    if value is None or value is False or value == "":
        return ""
    return "yes" if value is True else str(value)
