"""What the desk does by itself each day: retention, and a look for defects that come together."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from service.desk.insights import NOWHERE, look_for_clusters
from service.store.tidy import tidy

if TYPE_CHECKING:
    from service.connectors.config import Routes
    from service.store import Store

FIRST = 600.0
"""Seconds after the start: whoever starts it again and again has other worries first."""
EVERY = 86_400.0
_log = logging.getLogger("helpstand.desk")


async def upkeep(store: Store, case_months: int, routes: Routes = NOWHERE, *, first: float = FIRST, every: float = EVERY) -> None:
    """Look after the store until cancelled; several desks may do so beside each other."""
    await asyncio.sleep(first)
    while True:
        try:
            await run_in_threadpool(once, store, case_months, int(time.time() * 1000), routes)
        except SQLAlchemyError as error:
            _log.error("retention could not be done, it is tried again tomorrow: %s", type(error).__name__)
        await asyncio.sleep(every)


def once(store: Store, case_months: int, now: int, routes: Routes = NOWHERE) -> None:
    """Do the day's upkeep; new defects go where routes.yml says."""
    done = store.writing(lambda connection: tidy(connection, now, case_months=case_months))
    new = look_for_clusters(store, now, routes)
    _log.info("upkeep: %s; %d defects raised", done, len(new))
