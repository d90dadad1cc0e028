"""osTicket: its API only creates. As a mail it knows the Message-ID again and never makes a second ticket; as JSON it cannot."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from service.connectors.http import Answer, Http, LostError, NotSentError
from service.connectors.judging import failure, is_fine
from service.connectors.letter import customer, mail_of, subject_of, text_of
from service.connectors.outcome import Later, Outcome, Parcel, Sent, Standing, Unclear

PRIORITIES = {"low": 1, "normal": 2, "high": 3, "urgent": 4}
"""The numbers with which osTicket comes: low, normal, high, emergency."""
FINAL = (400, 415, 416, 417, 501)
STILL_BUSY = 60.0


@dataclass(frozen=True)
class OsTicket:
    """One osTicket."""

    http: Http
    key: str
    without_mail: str
    to: str = ""
    """With a department's address it is handed over as a mail."""
    topic: int | None = None
    reads_back: bool = False

    def deliver(self, parcel: Parcel, now: int) -> Outcome:
        """Make the ticket; by JSON a try without an answer is not repeated, because nobody could tell a second ticket."""
        if parcel.interrupted and not self.to:
            return Unclear(f"the desk was stopped while it sent. {self._where(parcel)}")
        try:
            answer = self._posted(parcel)
        except NotSentError as error:
            return Later(str(error), everyone=True)
        except LostError as error:
            return Later(str(error), STILL_BUSY) if self.to else Unclear(f"{error}. {self._where(parcel)}")
        if is_fine(answer):
            return Sent(answer.body.decode("utf-8", "replace").strip()[:40])
        if answer.status in {500, 502, 504} and not self.to:
            return Unclear(f"{answer.status} by JSON. {self._where(parcel)}")
        # 401 is the key; 403 says that osTicket's own rules refuse this writer (banned, too many open tickets).
        return failure(answer, now / 1000, final=(*FINAL, 403))

    def _posted(self, parcel: Parcel) -> Answer:
        headers = {"X-API-Key": self.key}
        if self.to:
            told = {**headers, "Content-Type": "message/rfc822"}
            return self.http.request("POST", "/api/tickets.email", self._mail(parcel), told)
        body = json.dumps(self._ticket(parcel)).encode()
        return self.http.request("POST", "/api/tickets.json", body, {**headers, "Content-Type": "application/json"})

    def look(self, their_id: str) -> Standing | Later:
        """Nobody can be asked."""
        return Later(f"{their_id}: osTicket’s API tells nothing back")

    def _where(self, parcel: Parcel) -> str:
        return f"osTicket cannot be asked: look there for {parcel.case.reference}"

    def _mail(self, parcel: Parcel) -> bytes:
        sender = customer(parcel.case) or self.without_mail
        mail = mail_of(parcel, self.without_mail, self.to, parcel.case.accepted_at)
        # For osTicket the writer is the customer; the Message-ID stays that of this delivery.
        mail.replace_header("From", sender)
        # A mail that calls itself automatic would get no ticket there.
        del mail["Auto-Submitted"]
        return mail.as_bytes()

    def _ticket(self, parcel: Parcel) -> dict[str, Any]:
        case = parcel.case
        mail = customer(case)
        ticket: dict[str, Any] = {
            "email": mail or self.without_mail,
            "name": case.reply.name or mail or "Shop",
            "subject": subject_of(case),
            # As a data address, because osTicket would take a text that looks like one for one.
            "message": "data:text/plain;charset=utf-8," + text_of(case),
            "source": "API",
            "priorityId": PRIORITIES[parcel.priority],
        }
        if self.topic is not None:
            ticket["topicId"] = self.topic
        if case.reply.how == "phone":
            ticket["phone"] = case.reply.address
        return ticket
