"""One-time keys and the sessions they open: only who was given a key by this process may change anything."""

import hmac
import secrets
import threading
from enum import StrEnum


class Holder(StrEnum):
    """Who a key was made for."""

    WINDOW = "window"
    """The kiosk's own window: a new key for every visit, everything older is taken back."""
    PRINTED = "printed"
    """Whoever reads the address on the terminal."""


class Sessions:
    """Keeps keys that were not used yet and sessions that are open, both few and only in memory."""

    MOST = 16

    def __init__(self) -> None:
        self._keys: dict[str, Holder] = {}
        self._sessions: dict[str, Holder] = {}
        self._lock = threading.Lock()

    def issue(self, holder: Holder) -> str:
        """Make a key that opens one session, once."""
        key = secrets.token_urlsafe(24)
        with self._lock:
            self._keys[key] = holder
            _keep_newest(self._keys, self.MOST)
        return key

    def redeem(self, key: str) -> str | None:
        """Give the session for a key, or None when the key is unknown or was used before."""
        with self._lock:
            known = _find(self._keys, key)
            if known is None:
                return None
            session = secrets.token_urlsafe(32)
            self._sessions[session] = self._keys.pop(known)
            _keep_newest(self._sessions, self.MOST)
            return session

    def valid(self, session: str) -> bool:
        """Whether this session is open."""
        with self._lock:
            return _find(self._sessions, session) is not None

    def revoke(self, holder: Holder) -> None:
        """Take back every key and session of one holder."""
        with self._lock:
            for kept in (self._keys, self._sessions):
                for secret in [secret for secret, owner in kept.items() if owner is holder]:
                    del kept[secret]


def _find(kept: dict[str, Holder], given: str) -> str | None:
    # Compared in constant time, so that guessing learns nothing from how long the answer takes.
    wanted = given.encode("utf-8", "surrogatepass")
    found = None
    for secret in kept:
        if hmac.compare_digest(secret.encode(), wanted):
            found = secret
    return found


def _keep_newest(kept: dict[str, Holder], most: int) -> None:
    while len(kept) > most:
        del kept[next(iter(kept))]
