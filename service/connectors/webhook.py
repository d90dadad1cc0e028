"""Standard Webhooks 1.0: the id stays over all tries, the moment and so the signature are new each time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from service.connectors.http import Http, LostError, NotSentError
from service.connectors.judging import failure, is_fine
from service.connectors.letter import json_of
from service.connectors.outcome import Gone, Later, Notice, Outcome, Parcel, Sent, Standing
from service.webhooks import signed_headers

if TYPE_CHECKING:
    from service.messages import CaseRequest

EVENT = "case.received"
MOST_BYTES = 20_000


@dataclass(frozen=True)
class Webhook:
    """One endpoint."""

    http: Http
    secrets: tuple[bytes, ...]
    thin: bool = False
    reads_back: bool = False

    def deliver(self, parcel: Parcel, now: int) -> Outcome:
        """Post the case as an event, signed."""
        return self._post(parcel.key, body_of(parcel, thin=self.thin), now)

    def tell(self, notice: Notice, now: int) -> Outcome:
        """Post an event that is no case, signed."""
        told = {**notice.event, "timestamp": _moment(notice.event["timestamp"])}
        return self._post(notice.key, _json(told), now)

    def _post(self, key: str, body: bytes, now: int) -> Outcome:
        headers = signed_headers(self.secrets, key, now // 1000, body)
        try:
            answer = self.http.request("POST", "", body, {"Content-Type": "application/json", **headers})
        except NotSentError as error:
            return Later(str(error), everyone=True)
        except LostError as error:
            return Later(str(error))
        if is_fine(answer):
            return Sent()
        if answer.status == 410:
            return Gone("410 Gone: the other side wants no messages any more")
        return failure(answer, now / 1000)

    def look(self, their_id: str) -> Standing | Later:
        """Nobody can be asked."""
        return Later(f"{their_id}: a webhook tells nothing back")


def body_of(parcel: Parcel, *, thin: bool) -> bytes:
    """Return the event; one that would be too large for the standard goes thin."""
    whole = _event(parcel, parcel.case, thin=thin)
    return whole if len(whole) < MOST_BYTES else _event(parcel, parcel.case, thin=True)


def _event(parcel: Parcel, case: CaseRequest, *, thin: bool) -> bytes:
    data = {**json_of(case, thin=thin), "priority": parcel.priority, "group": parcel.group}
    return _json({"type": EVENT, "timestamp": _moment(parcel.received_at), "data": data})


def _json(event: dict[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat().replace("+00:00", "Z")
