"""Taking in: a filled form becomes a number, a sealed box and a receipt, in one step, with the cable out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from service.hours import BusinessHours, Promise
from service.messages import CaseRequest, Counts, Feedback, Flow, Heartbeat, Phrases
from service.outbox.outbox import Outbox, Slip
from service.receipt import PROMISES, Receipt, promised, receipt_of
from service.reference import DEFAULT_PREFIX, new_reference
from service.sealing import key_id, seal

if TYPE_CHECKING:
    from collections.abc import Callable


class Intake:
    """Takes cases and counts into the outbox of a shop's kiosk."""

    def __init__(
        self,
        outbox: Outbox,
        desk_key: str | Callable[[], str],
        *,
        store: str = "",
        prefix: str = "",
        hours: BusinessHours | None = None,
        promises: dict[Flow, Promise | None] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.outbox = outbox
        self._key = desk_key
        self._store = store
        self._prefix = prefix or DEFAULT_PREFIX
        self._hours = hours or BusinessHours()
        self._promises = {**PROMISES, **(promises or {})}
        self._clock = clock

    def accept(self, form: dict[str, Any]) -> Receipt:
        """Keep a request and return its receipt; ValidationError for a wrong form, OutboxError when it could not be kept."""
        now = self._clock().replace(microsecond=0)
        given = {"reference": new_reference(self._prefix), "accepted_at": now, "store": self._store}
        case = promised(CaseRequest.model_validate({**form, **given}), self._hours, now, self._promises)
        due = case.answer_by
        self._seal(case, now, Slip(case.reference, case.flow, int(due.timestamp()) if due else None))
        return receipt_of(case, self._hours)

    def note(self, message: Counts | Feedback | Heartbeat | Phrases) -> int:
        """Keep what was counted; phrases go into a sealed box, because people type anything into a search field."""
        now = self._clock()
        if isinstance(message, Phrases):
            return self._seal(message, now, None)
        return self.outbox.add(message.kind, message.model_dump_json(exclude_defaults=True), int(now.timestamp()))

    def _seal(self, message: CaseRequest | Phrases, now: datetime, slip: Slip | None) -> int:
        # Asked each time: the desk may have changed its key since the kiosk was started.
        key = self._key if isinstance(self._key, str) else self._key()
        box = seal(key, message.model_dump_json().encode())
        return self.outbox.add(message.kind, box, int(now.timestamp()), key=key_id(key), slip=slip)
