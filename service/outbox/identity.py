"""Who the kiosk is: its own key, made here and never leaving, and what it learned of its desk when it was enrolled."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from service import signing
from service.messages import DeskAnswer, Enrolled, Enrolment
from service.outbox.errors import OutboxError

if TYPE_CHECKING:
    from pathlib import Path

ENROL = "enrol"
BATCH = "batch"
STATE = "state"


class NotEnrolledError(OutboxError):
    """This kiosk does not know its desk yet."""


@dataclass(frozen=True)
class Identity:
    """The kiosk's key in `kiosk.key`, its desk in `desk.json`, both in the kiosk's state folder."""

    folder: Path

    def enrolment(self, code: str) -> Enrolment:
        """Return what the kiosk posts to `/api/v1/enrol` with the one-time code that the desk printed."""
        seed, code = self._seed(), code.strip()
        public = signing.public_key(seed)
        signature = signing.sign(seed, ENROL, code, public.encode())
        return Enrolment(code=code, public_key=public, signature=signature)

    def enrolled(self, answer: bytes) -> Enrolled:
        """Keep the desk's answer: from now on this kiosk can take cases in."""
        desk = Enrolled.model_validate_json(answer)
        _write(self.folder / "desk.json", desk.model_dump_json().encode())
        return desk

    @property
    def desk(self) -> Enrolled:
        """What the kiosk knows of its desk; NotEnrolledError before it was enrolled."""
        try:
            return Enrolled.model_validate_json((self.folder / "desk.json").read_bytes())
        except FileNotFoundError:
            raise NotEnrolledError(
                "this kiosk is not enrolled. On the desk: ./helpstand desk enrol NAME, then type the code here."
            ) from None
        except (OSError, ValidationError) as error:
            raise NotEnrolledError(f"{self.folder / 'desk.json'}: cannot be read. Enrol this kiosk anew.") from error

    def learned(self, answer: bytes) -> None:
        """Seal for the key that the desk names from now on; what is no answer of a desk changes nothing."""
        try:
            key = DeskAnswer.model_validate_json(answer).desk_key
        except ValidationError:
            return  # a captive portal answers everything
        if key != self.desk.desk_key:
            self.enrolled(self.desk.model_copy(update={"desk_key": key}).model_dump_json().encode())

    def sign(self, body: bytes, purpose: str = BATCH) -> dict[str, str]:
        """Return the headers that prove a post to be this kiosk's, and made for one purpose."""
        kiosk = self.desk.kiosk
        return {
            "content-type": "application/json",
            signing.KIOSK_HEADER: kiosk,
            signing.SIGNATURE_HEADER: signing.sign(self._seed(), purpose, kiosk, body),
        }

    def _seed(self) -> bytes:
        path = self.folder / "kiosk.key"
        try:
            return bytes.fromhex(path.read_text(encoding="ascii"))
        except FileNotFoundError:
            seed = signing.new_seed()
            _write(path, seed.hex().encode())
            return seed
        except (OSError, ValueError) as error:
            raise OutboxError(f"{path}: cannot be read ({error}). Delete it and enrol this kiosk anew.") from error


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all, readable by the kiosk's user only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
