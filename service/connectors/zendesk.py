"""Zendesk Support: a ticket by its API, once, by Zendesk's own idempotency key and by the external id that stays."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from service.connectors.http import Http, LostError, NotSentError
from service.connectors.judging import failure, is_fine, json_object
from service.connectors.letter import customer, subject_of, text_of
from service.connectors.outcome import Later, Outcome, Parcel, Sent, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.connectors.http import Answer

FINAL = (400, 413, 422)
STILL_BUSY = 60.0
KEY_SECONDS = 2 * 3600.0
"""So long Zendesk remembers an idempotency key."""
CLOSED = ("solved", "closed", "deleted")


@dataclass(frozen=True)
class Zendesk:
    """One Zendesk account."""

    http: Http
    user: str
    token: str
    group: str
    tags: tuple[str, ...]
    without_mail: str
    reads_back: bool = True

    def deliver(self, parcel: Parcel, now: int) -> Outcome:
        """Make the ticket; after the first try look by its external id first, because keys are forgotten and ids are not."""
        try:
            found = self._find(parcel, now) if parcel.tries else None
            if found is not None:
                return found
            headers = {**self._headers, "Idempotency-Key": parcel.key}
            answer = self.http.request("POST", "/api/v2/tickets.json", json.dumps(self._ticket(parcel)).encode(), headers)
        except NotSentError as error:
            return Later(str(error), everyone=True)
        except LostError as error:
            return Later(str(error), STILL_BUSY)
        return self._judged(answer, now)

    def _judged(self, answer: Answer, now: int) -> Outcome:
        if is_fine(answer):
            ticket = _ticket_of(answer)
            return (
                Sent(str(ticket["id"]))
                if "id" in ticket
                else Later("it answered with something that is not a ticket", STILL_BUSY)
            )
        if answer.status == 400 and b"IdempotentRequestError" in answer.body:
            return Later("an earlier try said something else under the same key: routes.yml was changed meanwhile", KEY_SECONDS)
        if answer.status == 409:
            return Later("409 Conflict: an earlier try is still at work", STILL_BUSY)
        return failure(answer, now / 1000, final=FINAL)

    def look(self, their_id: str) -> Standing | Later:
        """Ask for the ticket's status."""
        try:
            answer = self.http.request("GET", f"/api/v2/tickets/{quote(their_id, safe='')}.json", b"", self._headers)
        except (NotSentError, LostError) as error:
            return Later(str(error))
        if answer.status == 404:
            return Standing("deleted", closed=True)
        status = _ticket_of(answer).get("status", "")
        if not is_fine(answer) or not status:
            return Later(f"{answer.status} to the question how ticket {their_id} stands")
        return Standing(str(status)[:40], closed=status in CLOSED)

    def _find(self, parcel: Parcel, now: int) -> Outcome | None:
        asked = urlencode({"external_id": parcel.key})
        answer = self.http.request("GET", f"/api/v2/tickets.json?{asked}", b"", self._headers)
        if not is_fine(answer):
            return failure(answer, now / 1000)
        found = _ids(answer, parcel.key)
        return Sent(found[0]) if found else None

    def _ticket(self, parcel: Parcel) -> dict[str, Any]:
        case = parcel.case
        mail = customer(case)
        requester = {"email": mail or self.without_mail, "name": (case.reply.name if mail else "") or mail or "Shop"}
        ticket: dict[str, Any] = {
            "subject": subject_of(case),
            "comment": {"body": text_of(case), "public": True},
            "requester": requester,
            "external_id": parcel.key,
            "priority": parcel.priority,
            "tags": list(self.tags),
        }
        group = parcel.group or self.group
        if group:
            ticket["group_id"] = int(group)
        return {"ticket": ticket}

    @property
    def _headers(self) -> Mapping[str, str]:
        told = base64.b64encode(f"{self.user}/token:{self.token}".encode()).decode()
        return {"Authorization": f"Basic {told}", "Content-Type": "application/json"}


def _ticket_of(answer: Answer) -> dict[str, Any]:
    found = json_object(answer.body).get("ticket")
    return found if isinstance(found, dict) else {}


def _ids(answer: Answer, key: str) -> list[str]:
    tickets = json_object(answer.body).get("tickets") or []
    return [str(one["id"]) for one in tickets if isinstance(one, dict) and one.get("external_id") == key and "id" in one]
