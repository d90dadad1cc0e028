"""Zammad: a ticket by its API, found again by its title before a second one could be made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from service.connectors.http import Http, LostError, NotSentError
from service.connectors.judging import failure, is_fine, json_object, json_objects
from service.connectors.letter import customer, subject_of, text_of
from service.connectors.outcome import Later, Outcome, Parcel, Sent, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

PRIORITIES = {"low": "1 low", "normal": "2 normal", "high": "3 high", "urgent": "3 high"}
"""Zammad comes with these three."""
FINAL = (400, 422)
STILL_BUSY = 120.0
"""Seconds after a lost answer: a slow Zammad must have written the ticket before it is searched for."""
CLOSED = ("closed", "merged")


@dataclass(frozen=True)
class Zammad:
    """One Zammad."""

    http: Http
    token: str
    group: str
    without_mail: str
    reads_back: bool = True

    def deliver(self, parcel: Parcel, now: int) -> Outcome:
        """Make the ticket, unless an earlier try already did."""
        try:
            found = self._find(parcel, now) if parcel.tries else None
            if found is not None:
                return found
            answer = self.http.request("POST", "/api/v1/tickets", json.dumps(self._ticket(parcel)).encode(), self._headers)
        except NotSentError as error:
            return Later(str(error), everyone=True)
        except LostError as error:
            return Later(str(error), STILL_BUSY)
        if not is_fine(answer):
            # After a gateway gave up, Zammad itself may still be at work.
            return failure(answer, now / 1000, final=FINAL, least=STILL_BUSY if answer.status >= 500 else 0)
        ticket = json_object(answer.body)
        return Sent(str(ticket["id"])) if "id" in ticket else Later("it answered with something that is not a ticket", STILL_BUSY)

    def look(self, their_id: str) -> Standing | Later:
        """Ask for the ticket's state."""
        try:
            answer = self.http.request("GET", f"/api/v1/tickets/{quote(their_id, safe='')}?expand=true", b"", self._headers)
        except (NotSentError, LostError) as error:
            return Later(str(error))
        if answer.status == 404:
            return Standing("deleted", closed=True)
        ticket = json_object(answer.body)
        if not is_fine(answer) or "state" not in ticket:
            return Later(f"{answer.status} to the question how ticket {their_id} stands")
        return Standing(str(ticket["state"])[:40], closed=str(ticket["state"]) in CLOSED)

    def _find(self, parcel: Parcel, now: int) -> Outcome | None:
        """Search twice: by a condition, which Zammad answers from its database, and by words, which every version knows."""
        reference = parcel.case.reference
        by_condition = {"condition[ticket.title][operator]": "contains", "condition[ticket.title][value]": reference}
        for asked in (by_condition, {"query": f'"{reference}"'}):
            query = urlencode({**asked, "expand": "true", "limit": "10"})
            answer = self.http.request("GET", f"/api/v1/tickets/search?{query}", b"", self._headers)
            if not is_fine(answer):
                return failure(answer, now / 1000)
            for ticket in json_objects(answer.body):
                if str(ticket.get("title", "")).startswith(f"[{reference}]") and "id" in ticket:
                    return Sent(str(ticket["id"]))
        return None

    def _ticket(self, parcel: Parcel) -> dict[str, Any]:
        subject = subject_of(parcel.case)
        article = {
            "subject": subject,
            "body": text_of(parcel.case),
            "content_type": "text/plain",
            "type": "web",
            "internal": False,
        }
        return {
            "title": subject,
            "group": parcel.group or self.group,
            "customer_id": f"guess:{customer(parcel.case) or self.without_mail}",
            "priority": PRIORITIES[parcel.priority],
            "article": {**article, "sender": "Customer"},
        }

    @property
    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Token token={self.token}", "Content-Type": "application/json"}
