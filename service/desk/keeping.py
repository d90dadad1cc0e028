"""Commands that keep a desk: its keys, backup and restore, what is missing."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.desk import recovery
from service.desk.backup import BackupError, is_closed, restore, write_backup
from service.desk.keyring import KeysError, add_key, key_files, load_keyring, write_private
from service.desk.run import Options, database_of
from service.store import Store, StoreError, open_store
from service.store.gaps import gaps
from service.store.people import note

if TYPE_CHECKING:
    from collections.abc import Iterator

THEME = Path(__file__).resolve().parents[2] / "theme"
USAGE, MACHINE = 2, 3


@contextmanager
def _told() -> Iterator[None]:
    """Tell what went wrong in words, and end with the code for it."""
    try:
        yield
    except (StoreError, KeysError, BackupError) as error:
        click.echo(str(error), err=True)
        sys.exit(USAGE if isinstance(error, recovery.RecoveryError) else MACHINE)
    except OSError as error:
        click.echo(
            f"{error.filename or 'the disk'}: {error.strerror}. Look at the disk and at the rights of the folder.", err=True
        )
        sys.exit(MACHINE)


@contextmanager
def _store(options: Options) -> Iterator[Store]:
    with _told():
        store = open_store(database_of(options.folder, options.database))
        try:
            yield store
        finally:
            store.close()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _write_down(options: Options, what: str, about: str) -> None:
    with _store(options) as store:
        store.writing(lambda connection: note(connection, "command line", what, about, int(_now().timestamp() * 1000)))


@click.group("keys", invoke_without_command=True)
@click.pass_context
def keys(context: click.Context) -> None:
    """Show the desk's keys: cases are sealed for the last one, all of them open what was sealed before."""
    if context.invoked_subcommand:
        return
    options: Options = context.obj
    with _told():
        ring = load_keyring(options.folder)
        for path, name in zip(key_files(options.folder), ring.names, strict=True):
            click.echo(f"{path.name}  {name}  {'in use' if name == ring.names[-1] else 'opens older boxes'}")
        click.echo(f"recovery key: {recovery.public(options.folder)}")


@keys.command("rotate")
@click.pass_obj
def rotate(options: Options) -> None:
    """Take a new key. A running desk uses it within seconds, kiosks within a minute; older boxes and cases stay readable."""
    with _told():
        load_keyring(options.folder)
        add_key(options.folder)
        name = load_keyring(options.folder).names[-1]
    _write_down(options, "rotated the key", name)
    click.echo(f"{name}: in use from now on. Write a backup: only older backups lack it.")


@keys.command("recovery")
@click.option("--page", type=click.Path(path_type=Path), help="Write a page to print, instead of printing here.")
@click.option("--renew", is_flag=True, help="Make another one; older backups still need the old paper.")
@click.pass_obj
def make_recovery(options: Options, page: Path | None, *, renew: bool) -> None:
    """Make the recovery key, which opens backups, and show it this once, to be kept on paper in a safe."""
    with _told():
        if page is not None and page.exists():
            raise BackupError(f"{page}: is there already. Name another file.")
        key = recovery.make(options.folder, renew=renew)
        told = {"groups": recovery.groups(key), "public": recovery.public(options.folder), "made": _now().date().isoformat()}
        if page is not None:
            environment = Environment(loader=FileSystemLoader(THEME / "desk"), autoescape=True, undefined=StrictUndefined)
            style = (THEME / "desk" / "escrow.css").read_text(encoding="utf-8")
            html = environment.get_template("escrow.html").render(**told, code=recovery.code_svg(key), style=style)
            write_private(page, html.encode())
    _write_down(options, "made a recovery key", str(told["public"]))
    if page is not None:
        click.echo(f"{page}: print it, put it into a safe, then delete the file. It is the only copy.")
        return
    click.echo(f"Recovery key of this desk, made {told['made']}. It opens every backup, and is kept nowhere: print this now.\n")
    click.echo(recovery.code_text(key))
    rows = [" ".join(recovery.groups(key)[at : at + 5]) for at in range(0, len(recovery.groups(key)), 5)]
    click.echo("\n" + "\n".join(rows) + f"\n\nIts public half: {told['public']}")


@keys.command("check")
@click.option("--key-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Read the key from a file.")
@click.pass_obj
def check_recovery(options: Options, key_file: Path | None) -> None:
    """Hold the paper against this desk: type the recovery key, and see whether it would open the backups."""
    with _told():
        recovery.check(options.folder, _typed(key_file))
        click.echo("This is the recovery key of this desk.")


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--plain", is_flag=True, help="Write it readable by everybody who gets the file: with names and keys in it.")
@click.pass_obj
def backup(options: Options, file: Path, *, plain: bool) -> None:
    """Write database, keys and settings into one new FILE while the desk runs; only the recovery key opens it."""
    with _told():
        contents = write_backup(options.folder, database_of(options.folder, options.database), file, _now(), plain=plain)
    _write_down(options, "wrote a backup", file.name)
    how = "NOT encrypted: whoever has this file reads every case" if plain else "only the recovery key opens it"
    click.echo(f"{file}: {file.stat().st_size:,} bytes, {contents.database}, {len(contents.keys)} keys; {how}.")


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--key-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Read the recovery key from a file."
)
@click.option("--replace", is_flag=True, help="Put the database that is there aside (PostgreSQL: overwrite it).")
@click.pass_obj
def restore_from(options: Options, file: Path, key_file: Path | None, *, replace: bool) -> None:
    """Make the desk as it was when FILE was written. Kiosks then offer again what was not acknowledged."""
    with _told():
        key = _typed(key_file) if is_closed(file) else ""
        done = restore(options.folder, database_of(options.folder, options.database), file, key, replace=replace)
    _write_down(options, "restored a backup", done.contents.made_at.isoformat())
    click.echo(f"The desk is as it was at {done.contents.made_at:%Y-%m-%d %H:%M} UTC; {done.keys} keys came back.")
    if done.aside:
        click.echo(f"What was there lies in {done.aside}.")
    click.echo("Start it. Kiosks send what was never acknowledged; what was acknowledged after the backup is told by: desk gaps")


@click.command("gaps")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@click.pass_obj
def show_gaps(options: Options, *, as_json: bool) -> None:
    """List what kiosks were told is safe and this desk does not have: numbers that a restore from an older backup lost."""
    with _store(options) as store, store.read() as connection:
        found = gaps(connection)
    if as_json:
        click.echo(json.dumps([{**one._asdict(), "items": one.items} for one in found]))
        return
    for one in found:
        since = f"seen {datetime.fromtimestamp(one.known_at / 1000, UTC):%Y-%m-%d %H:%M} UTC"
        click.echo(f"{one.kiosk}  outbox {one.epoch[:8]}  {one.first} to {one.last}  {one.items} missing  {since}")
    click.echo(f"{sum(one.items for one in found)} items missing in {len(found)} gaps" if found else "nothing is missing")


def _typed(file: Path | None) -> str:
    if file is not None:
        return file.read_text(encoding="ascii", errors="replace")
    return str(click.prompt("Recovery key", hide_input=True))


COMMANDS = (keys, backup, restore_from, show_gaps)
