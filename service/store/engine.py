"""Opening a store: which database, with which promises, brought up to the newest tables."""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError, SQLAlchemyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

Result = TypeVar("Result")

MIGRATIONS = Path(__file__).parent / "migrations"
WAIT_SECONDS = 10
MIGRATION_LOCK = 4_811_270_001
"""Any number, as long as nobody else takes it: one desk migrates, the others wait."""
TRIES = 5


class StoreError(Exception):
    """The database cannot be used; the words say why and what to do."""


class Store:
    """A database: reads beside each other, writes in transactions that are on the disk when they end."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def is_sqlite(self) -> bool:
        """Whether it is one file on this machine."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that only reads."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction: everything in it happens, or nothing."""
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    def writing(self, change: Callable[[Connection], Result]) -> Result:
        """Do a change in a transaction of its own; where another process was faster, look again and do it anew."""
        for left in reversed(range(TRIES)):
            try:
                with self.write() as connection:
                    return change(connection)
            except (IntegrityError, OperationalError):
                if not left:
                    raise
                time.sleep(0.02 * (TRIES - left))
        raise AssertionError

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_store(url: str, *, migrated: bool = False) -> Store:
    """Open a database by its address, with the newest tables unless they are there; StoreError says what is wrong."""
    try:
        engine = _engine(url)
        store = Store(engine)
        if not migrated:
            migrate(engine)
    except (SQLAlchemyError, ArgumentError, ModuleNotFoundError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise StoreError(
            f"{shown(url)}: cannot be opened: {reason}. Look at DATABASE_URL, and whether the database runs."
        ) from error
    return store


def shown(url: str) -> str:
    """Return an address without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "DATABASE_URL"


def migrate(engine: Engine) -> None:
    """Bring the tables up to date; several desks that start at once do it one after the other."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed, hide_parameters=True, pool_pre_ping=True, pool_size=10, connect_args={"connect_timeout": WAIT_SECONDS}
        )
    # Kept open: with its last connection SQLite folds the whole log back and syncs it, at the end of every transaction.
    connect = {"timeout": WAIT_SECONDS, "check_same_thread": False}
    engine = create_engine(parsed, hide_parameters=True, pool_size=5, max_overflow=-1, connect_args=connect)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: object) -> None:
    # Python's own way of beginning transactions would take the lock too late, in the middle of one.
    connection.isolation_level = None
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {setting}").fetchone()


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
