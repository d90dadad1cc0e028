"""The kiosk's outbox: what it takes in is safe before the shopper sees a number, and leaves only when the desk has it."""

from service.outbox.errors import OutboxError, OutboxFullError
from service.outbox.identity import Identity, NotEnrolledError
from service.outbox.intake import Intake, Receipt
from service.outbox.outbox import Outbox
from service.outbox.sender import SignedPost, next_post, settle
from service.outbox.status import Status

__all__ = [
    "Identity",
    "Intake",
    "NotEnrolledError",
    "Outbox",
    "OutboxError",
    "OutboxFullError",
    "Receipt",
    "SignedPost",
    "Status",
    "next_post",
    "settle",
]
