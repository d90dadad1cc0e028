"""What the command line does with mail: take one in, and try the servers."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from service.desk.mail import imap, smtp
from service.desk.mail.incoming import MOST_LETTER
from service.desk.mail.post_office import PostOffice
from service.desk.mail.settings import SecretError
from service.desk.run import database_of
from service.desk.settings import FILE_NAME, SettingsError, load_settings
from service.store import StoreError, open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from service.desk.mail.settings import MailSettings
    from service.desk.run import Options

TRY_AGAIN, WRONG_DATA = 75, 65
"""What mail servers understand (sysexits.h): EX_TEMPFAIL keeps the mail and tries again, EX_DATAERR sends it back."""


def take(options: Options, source: IO[bytes], envelope: str | None, say: Callable[[str], None]) -> int:
    """Take a mail in and return the exit code. Whatever is wrong at the desk, the mail server keeps the mail."""
    raw = source.read(MOST_LETTER + 1)
    if not raw.strip() or len(raw) > MOST_LETTER:
        say(f"no mail: nothing came in, or more than {MOST_LETTER // 1024 // 1024} MB")
        return WRONG_DATA
    try:
        settings = load_settings(options.folder / FILE_NAME)
        if settings.mail is None:
            say(f"{options.folder / FILE_NAME}: there is no part [mail]")
            return TRY_AGAIN
        store = open_store(database_of(options.folder, options.database))
    except (SettingsError, StoreError, OSError) as error:
        say(str(error))
        return TRY_AGAIN
    try:
        taken = PostOffice(store, settings.mail, options.folder).taker.take(raw, int(time.time() * 1000), envelope)
    except SQLAlchemyError as error:
        say(f"the database does not answer: {type(error).__name__}")
        return TRY_AGAIN
    finally:
        store.close()
    say(" ".join(filter(None, (taken.outcome, taken.reference, taken.reason))))
    return 0


def check(settings: MailSettings, folder: Path, say: Callable[[str], None]) -> bool:
    """Sign in everywhere and tell what was found; False when something does not work."""
    good = True
    try:
        if settings.smtp:
            line = smtp.connect(settings.smtp, folder, settings.domain)
            with suppress(OSError):
                line.quit()
        say(f"going out: {f'{settings.smtp.host} works' if settings.smtp else 'not set up'}")
    except (smtp.ServerError, SecretError) as error:
        say(f"going out: {error}")
        good = False
    try:
        found = f"{settings.imap.host} works, {imap.look_into(settings.imap, folder)} unread" if settings.imap else "not set up"
        say(f"coming in: {found}")
    except (smtp.ServerError, SecretError) as error:
        say(f"coming in: {error}")
        good = False
    return good
