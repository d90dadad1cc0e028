"""Why the kiosk's app ends: the exit codes between it and its supervisor."""

from enum import IntEnum


class End(IntEnum):
    """The first three are the command's own; the others mean "start me again"."""

    TOLD = 0
    """Somebody asked it to end."""
    CONTENT = 1
    """The site or kiosk.toml cannot be used as it is."""
    MACHINE = 3
    """A port, the disk, or a missing package."""
    LOOP_HUNG = 80
    """The window's loop does not answer any more."""
    SERVER_ENDED = 81
    """The loopback server ended by itself."""
    WIPE_FAILED = 82
    """What a visitor left could not be seen to go: only a new process is certain to be clean."""
    PAGES_DYING = 83
    """One renderer after the other broke down."""
    TOO_MUCH_MEMORY = 84
    """The budget is used up, and nobody stands before the kiosk."""
    NIGHTLY = 85
    """The restart of every night."""
    WATCHER_BROKE = 87
    """What watches over the kiosk met a mistake of our own."""
    STAFF = 86
    """Somebody chose "restart" in the staff menu."""


_PLANNED = frozenset({End.TOO_MUCH_MEMORY, End.NIGHTLY, End.STAFF})


def is_planned(code: int) -> bool:
    """Whether this end is care, not a breakdown, and so never counts towards the safe page."""
    return code in _PLANNED


def named(code: int) -> str:
    """Name an exit code for a log; a negative one is a signal's number."""
    return End(code).name.lower() if code in End._value2member_map_ else f"code {code}"
