"""The kiosk's outbox: what it takes in is safe before the shopper sees a number, and leaves only when the desk has it."""

from service.hours import BusinessHours
from service.outbox.errand import OutboxErrand, introduce
from service.outbox.errors import OutboxError, OutboxFullError
from service.outbox.identity import STATE, Identity, NotEnrolledError
from service.outbox.intake import Intake
from service.outbox.outbox import Outbox
from service.outbox.sender import SignedPost, next_post, settle
from service.outbox.status import Status, kiosk_state, status_of
from service.receipt import Receipt
from service.webhooks import SecretError, read_secret, signed_headers

__all__ = [
    "STATE",
    "BusinessHours",
    "Identity",
    "Intake",
    "NotEnrolledError",
    "Outbox",
    "OutboxErrand",
    "OutboxError",
    "OutboxFullError",
    "Receipt",
    "SecretError",
    "SignedPost",
    "Status",
    "introduce",
    "kiosk_state",
    "next_post",
    "read_secret",
    "settle",
    "signed_headers",
    "status_of",
]
