"""Backup and restore of a whole desk: database, keys and settings in one file, closed for the recovery key."""

from __future__ import annotations

import fcntl
import json
import shutil
import tarfile
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import AwareDatetime, BaseModel, ValidationError

from service.desk import recovery
from service.desk.keyring import KeysError, add_key, key_files, read_keys, write_private
from service.store.copying import copy_in, copy_out, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = 1
DATABASE = "database"
AGE = b"age-encryption.org/v1"
"""How a file begins that is closed in the age format."""
SETTINGS = (recovery.FILE, "oidc.toml")


class BackupError(Exception):
    """A backup cannot be written or read; the words say what to do."""


class Contents(BaseModel):
    """What a backup says of itself."""

    format: int
    made_at: AwareDatetime
    database: str
    keys: list[str]


class Restored(NamedTuple):
    """What came back."""

    contents: Contents
    keys: int
    aside: Path | None


@contextmanager
def desk_folder(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold a desk's folder: many desks beside each other, or one restore alone; BackupError when that cannot be."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "desk.lock").open("w") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            who = "A desk is running from it: end it first." if alone else "A restore is going on: wait until it is done."
            raise BackupError(f"{folder}: is in use. {who}") from None
        yield


def write_backup(folder: Path, url: str, target: Path, now: datetime, *, plain: bool = False) -> Contents:
    """Write everything that a desk needs into one new file, while it runs; without a recovery key only if `plain` is said."""
    if target.exists():
        raise BackupError(f"{target}: is there already. Every backup takes a name of its own.")
    if not plain:
        recovery.public(folder)
    contents = Contents(
        format=FORMAT, made_at=now.astimezone(UTC), database=kind_of(url), keys=[path.name for path in key_files(folder)]
    )
    # Beside the target, so that a full disk is met before anything is called a backup.
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as name:
        work = Path(name)
        copy_out(url, work / DATABASE)
        (work / "contents.json").write_text(contents.model_dump_json(indent=2), encoding="utf-8")
        with tarfile.open(work / "backup.tar.gz", "w:gz", compresslevel=6) as archive:
            for path in (work / "contents.json", work / DATABASE, *key_files(folder)):
                archive.add(path, path.name)
            for path in (folder / setting for setting in SETTINGS):
                if path.exists():
                    archive.add(path, path.name)
        (work / DATABASE).unlink()
        if plain:
            (work / "backup.tar.gz").chmod(0o600)
            (work / "backup.tar.gz").rename(target)
        else:
            recovery.close(folder, work / "backup.tar.gz", work / "backup.age")
            (work / "backup.age").chmod(0o600)
            (work / "backup.age").rename(target)
    return contents


def is_closed(source: Path) -> bool:
    """Whether a backup needs the recovery key; BackupError when there is no such file."""
    try:
        with source.open("rb") as file:
            return file.read(len(AGE)) == AGE
    except OSError as error:
        raise BackupError(f"{source}: cannot be read: {error.strerror}.") from None


def restore(folder: Path, url: str, source: Path, key: str, *, replace: bool = False) -> Restored:
    """Make the desk as it was when the backup was written; nothing that is there is deleted."""
    with desk_folder(folder, alone=True), tempfile.TemporaryDirectory(prefix=".restore-", dir=folder) as name:
        work = Path(name)
        archive = source
        if is_closed(source):
            archive = work / "backup.tar.gz"
            recovery.reopen(key, source, archive)
        contents = _unpack(archive, work)
        if contents.database != kind_of(url):
            raise BackupError(f"{source}: is of {contents.database}, but DATABASE_URL or --folder names {kind_of(url)}.")
        missing = _missing_keys(folder, work, contents)
        aside = copy_in(url, work / DATABASE, replace=replace)
        for one in missing:
            add_key(folder, one)
        for setting in SETTINGS:
            if (work / setting).exists() and not (folder / setting).exists():
                write_private(folder / setting, (work / setting).read_bytes())
        return Restored(contents, len(missing), aside)


def _unpack(archive: Path, work: Path) -> Contents:
    try:
        with tarfile.open(archive, "r:gz") as packed:
            for member in packed:
                # Plain files of our own names; whatever else a file called "backup" holds is left where it is.
                content = packed.extractfile(member) if member.isfile() else None
                if content is not None and "/" not in member.name and not member.name.startswith("."):
                    with content, (work / member.name).open("xb") as file:
                        shutil.copyfileobj(content, file)
        contents = Contents.model_validate_json((work / "contents.json").read_bytes())
    except (tarfile.TarError, OSError, EOFError, ValidationError, json.JSONDecodeError) as error:
        raise BackupError(f"{archive.name}: is no backup of a desk, or is damaged ({type(error).__name__}).") from error
    if contents.format != FORMAT:
        raise BackupError(f"{archive.name}: was written by a newer Helpstand (format {contents.format}). Update this one first.")
    return contents


def _missing_keys(folder: Path, work: Path, contents: Contents) -> list[bytes]:
    """Return the keys of a backup that the folder does not have: they are added, none is taken away."""
    known = set(read_keys(folder))
    try:
        found = [bytes.fromhex((work / name).read_text(encoding="ascii")) for name in contents.keys]
    except (OSError, ValueError) as error:
        raise KeysError(f"a key in the backup cannot be read ({type(error).__name__})") from error
    return [key for key in found if key not in known]
