"""Running the desk from start to end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from service.desk.app import Parts, create_app
from service.desk.keyring import load_keyring
from service.desk.mail.post_office import PostOffice
from service.desk.server import bind, make
from service.desk.settings import FILE_NAME, load_settings
from service.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Options(NamedTuple):
    """Where the desk keeps its things, and where it is reached."""

    folder: Path
    database: str
    host: str = "127.0.0.1"
    port: int = 8100
    secure: bool = False
    trusted_proxies: str = ""


def database_of(folder: Path, url: str) -> str:
    """Return the address of the database: what was set, else one file in the desk's folder."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return url or f"sqlite:///{(folder / 'desk.sqlite').resolve()}"


def run(options: Options, say: Callable[[str], None]) -> None:
    """Serve until told to end (SIGINT or SIGTERM); OSError when the port is taken, the others in words."""
    settings = load_settings(options.folder / FILE_NAME)
    keys = load_keyring(options.folder)
    store = open_store(database_of(options.folder, options.database))
    sock = bind(options.host, options.port)
    try:
        mail = PostOffice(store, settings.mail, options.folder) if settings.mail else None
        app = create_app(Parts(store, keys, options.secure, mail, settings.site))
        say(f"ready: http://{options.host}:{sock.getsockname()[1]}/")
        asyncio.run(make(app, trusted_proxies=options.trusted_proxies).serve(sockets=[sock]))
    finally:
        sock.close()
        store.close()
