"""Which mails no person wrote, and which must not be answered by a machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ROBOT = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|auto-?reply)([+._-].*)?@", re.IGNORECASE)


def written_by(head: Callable[[str], str], sender: str, return_path: str | None) -> str:
    """Return by what sign a mail was written by a machine; empty when a person may have written it."""
    submitted = head("Auto-Submitted").split(";")[0].strip().casefold()
    if submitted not in {"", "no"}:  # RFC 3834, 5: every other word
        return f"Auto-Submitted: {submitted[:40]}"
    if return_path is not None and not return_path.strip(" <>"):
        return "nobody to return it to"
    precedence = head("Precedence").strip().casefold()
    if precedence in {"bulk", "junk", "auto_reply"}:
        return f"Precedence: {precedence}"
    for name in ("X-Autoreply", "X-Autorespond", "X-AutoReply-From", "X-Mail-Autoreply"):
        if head(name).strip().casefold() not in {"", "no"}:
            return name
    return f"sent by {sender[:60]}" if _ROBOT.match(sender) else ""


def wants_no_machine(head: Callable[[str], str]) -> bool:
    """Whether a mail of a person must not be answered by a machine: it came by a list, or asks for that.

    X-Auto-Response-Suppress says what the sender wants, not that a machine wrote it (Microsoft, MS-OXCMAIL 2.1.3.2.20).
    """
    suppressed = {word.strip().casefold() for word in head("X-Auto-Response-Suppress").split(",")}
    if suppressed & {"all", "autoreply"}:
        return True
    return bool(head("List-Id") or head("List-Unsubscribe") or head("Precedence").strip().casefold() == "list")
