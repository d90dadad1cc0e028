"""The recovery key: its public half lies in the desk's folder and closes every backup, its private half exists on paper only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyrage
import segno
from pyrage.x25519 import Identity, Recipient

from service.desk.keyring import KeysError, write_private

if TYPE_CHECKING:
    from pathlib import Path

FILE = "recovery.pub"
GROUP = 6


class RecoveryError(KeysError):
    """The recovery key is missing, mistyped, or another one; the words say what to do."""


def make(folder: Path, *, renew: bool = False) -> str:
    """Make a recovery key, keep its public half, and return the private one: it is written down nowhere."""
    path = folder / FILE
    if path.exists() and not renew:
        raise RecoveryError(
            f"{path}: there is a recovery key already ({public(folder)[:12]}…). With --renew a new one takes its place; "
            "older backups still need the old paper."
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    identity = Identity.generate()
    path.unlink(missing_ok=True)
    write_private(path, str(identity.to_public()).encode())
    return str(identity)


def public(folder: Path) -> str:
    """Return the public half; RecoveryError before one was made."""
    try:
        return str(_recipient(folder))
    except FileNotFoundError:
        raise RecoveryError("There is no recovery key yet. Make one: ./helpstand desk keys recovery") from None


def parse(typed: str) -> str:
    """Read a private half as people type it from paper, in any groups and case; its own check signs find a slip."""
    joined = "".join(typed.split()).upper()
    try:
        return str(Identity.from_str(joined))
    except pyrage.IdentityError:
        raise RecoveryError(
            "This is not a recovery key, or one of its signs is wrong. It begins with AGE-SECRET-KEY-1 and has 74 signs."
        ) from None


def check(folder: Path, typed: str) -> None:
    """Hold the paper against the folder; RecoveryError when it is another key."""
    made = str(Identity.from_str(parse(typed)).to_public())
    if made != public(folder):
        raise RecoveryError(f"This is a recovery key, but not this desk's: {made[:12]}… is not {public(folder)[:12]}…")


def close(folder: Path, plain: Path, closed: Path) -> None:
    """Encrypt a file for the recovery key."""
    public(folder)
    pyrage.encrypt_file(str(plain), str(closed), [_recipient(folder)])


def reopen(typed: str, closed: Path, plain: Path) -> None:
    """Decrypt a file with the private half; RecoveryError when it was closed for another key or was changed."""
    try:
        pyrage.decrypt_file(str(closed), str(plain), [Identity.from_str(parse(typed))])
    except pyrage.DecryptError as error:
        raise RecoveryError(f"{closed}: does not open with this recovery key ({error}). Is it the right paper?") from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise RecoveryError(f"{closed}: is damaged ({error}). Take another backup.") from error


def groups(key: str) -> list[str]:
    """Return the key in groups that an eye can follow."""
    return [key[at : at + GROUP] for at in range(0, len(key), GROUP)]


def code_svg(key: str) -> str:
    """Return the key as a QR code for a page."""
    return str(segno.make(key, error="m", micro=False).svg_data_uri(scale=5, border=4))


def code_text(key: str) -> str:
    """Return the key as a QR code for a terminal."""
    rows = [list(row) for row in segno.make(key, error="m", micro=False).matrix_iter(border=4)]
    blocks = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    return "\n".join(
        "".join(blocks[bool(a), bool(b)] for a, b in zip(*rows[at : at + 2], strict=True)) for at in range(0, len(rows), 2)
    )


def _recipient(folder: Path) -> Recipient:
    try:
        return Recipient.from_str((folder / FILE).read_text(encoding="ascii").strip())
    except (pyrage.RecipientError, UnicodeDecodeError) as error:
        raise RecoveryError(f"{folder / FILE}: is no public key ({error}). Make a new one: desk keys recovery --renew") from error
