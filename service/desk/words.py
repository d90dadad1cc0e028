"""How the desk's pages tell times and kinds."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from service.cases import WAITING_FOR, Case, CaseEvent, Kind, Status, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

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
WRONG = {"other": "other", "broken": "broken", "damaged": "damaged", "not-as-promised": "not as promised"}
REMEDIES = {"other": "other", "repair": "repair", "exchange": "exchange", "refund": "money back", "apology": "an apology"}
STATUSES = {Status.NEW: "New", Status.WAITING: "Our turn", Status.ANSWERED: "Customer’s turn", Status.CLOSED: "Closed"}
EVENTS = {
    Kind.RECEIVED: "came in",
    Kind.REPLIED: "answered the customer",
    Kind.ANSWERED: "The customer wrote",
    Kind.NOTED: "noted, for colleagues only",
    Kind.ASSIGNED: "assigned it",
    Kind.LEVEL: "changed the level",
    Kind.SORTED: "sorted it",
    Kind.CLOSED: "closed it",
    Kind.REOPENED: "opened it again",
    Kind.MERGED: "merged it",
    Kind.JOINED: "merged another case into it:",
    Kind.RETURNED: "A mail did not arrive",
    Kind.ERASED: "erased what was personal",
}
MAILS = {
    "waiting": "Mail waits to be sent",
    "taken": "Mail is being sent",
    "handing": "Mail is being sent",
    "sent": "Mail sent",
    "refused": "Mail was refused",
    "unsure": "Nobody knows whether the mail went out",
    "returned": "Mail came back",
}
OUTCOMES = {"solved": "Solved", "referred": "Passed on elsewhere", "no-answer": "Customer did not answer", "other": "Other"}

REASONS = {
    "more-information": "something is missing",
    "inaccurate": "not right",
    "hard-to-understand": "hard to understand",
    "missing-or-broken-link": "link missing or broken",
    "other": "something else",
}


def moment(at: int | None, zone: tzinfo | None = None) -> str:
    """Tell a moment in the desk's own time: Mon 23 Nov, 14:02."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).strftime("%a %-d %b, %H:%M") if at is not None else "–"


def day(told: str) -> str:
    """Tell a day: 23 Nov 2026."""
    return date.fromisoformat(told).strftime("%-d %b %Y")


def number(value: float) -> str:
    """Tell a number no finer than it is known."""
    return str(value) if isinstance(value, int) else f"{value:.1f}"


def left(due: int | None, now: int) -> tuple[str, str]:
    """Tell how much time is left, and how pressing that is: `late`, `soon`, `fine` or nothing."""
    if due is None:
        return "no time promised", ""
    minutes = (due - now) // 60_000
    words = _span(abs(minutes))
    if minutes < 0:
        return f"{words} late", "late"
    return f"{words} left", "soon" if minutes < 120 else "fine"


def _span(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def details(case: Case) -> list[tuple[str, str]]:
    """Return what the form asked beyond words, as rows of name and value; what was not told is left out."""
    # Where a clerk sorted it anew, what the form told stays beside it.
    first = case.events[0].data["case"]["details"] if case.events else {}
    told: dict[str, Any] = {**first, **case.request.details.model_dump(mode="json")}
    told.pop("flow", None)
    rows = [(key.replace("_", " ").capitalize(), _value(key, value)) for key, value in told.items()]
    request = case.request
    rows += [("Number on the web", case.named)]
    rows += [("Product", request.product), ("Model", request.model), ("Page", request.page), ("Scanned", request.scan)]
    rows += [("Shop", request.store), ("Language", request.language), ("Way in", request.surface)]
    return [(name, value) for name, value in rows if value]


def about(case: Case) -> dict[str, Any]:
    """Return what a case is about, as the form that sorts it shows it."""
    asked = dict.fromkeys(("kind", "remedy", "error_code", "safety_risk"), "")
    told = case.request.details.model_dump(mode="json", exclude_none=True)
    return {**asked, **told, "product": case.request.product, "model": case.request.model}


def answer_to(case: Case) -> str:
    """Return the mail address that an answer goes to: the one that was last written from, else the one on the form."""
    told = [event.data["mail"].get("from", "") for event in case.events if event.kind is Kind.ANSWERED and "mail" in event.data]
    reply = case.request.reply
    return next((address for address in reversed(told) if address), reply.address if reply.how == "mail" else "")


def _value(name: str, value: Any) -> str:
    if value is None or value is False or value == "":
        return ""
    return "yes" if value is True else WAITING_FOR[value] if name == "need" else plain(name, value)


def told(event: CaseEvent, names: Mapping[str, str]) -> str:
    """Tell what an event changed, beyond its text; `names` are what colleagues are called."""
    match event.kind:
        case Kind.ASSIGNED:
            return f"to {names.get(event.data['to'], event.data['to']) or 'nobody'}"
        case Kind.REPLIED | Kind.CLOSED:
            ways = {"phone": "by phone", "counter": "by word of mouth"}
            outcome = OUTCOMES.get(event.data.get("outcome", ""), "").lower()
            return ways.get(event.data.get("how", ""), "") + (f"({outcome})" if outcome else "")
        case Kind.SORTED:
            about = " ".join(filter(None, (event.data.get("product", ""), event.data.get("model", ""))))
            return f"as {FLOWS[event.data['details']['flow']].lower()}{f': {about}' if about else ''}"
        case _:
            plainly = {Kind.LEVEL: "to level {level}", Kind.MERGED: "into {into}", Kind.JOINED: "{from}"}
            return plainly.get(event.kind, "").format(**event.data)
