"""One thread writes what all kiosks post: many posts in one transaction, an answer only when it is on the disk."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from service.store.ingest import Post, take

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.store import Store

MOST_POSTS = 256
"""Posts of one transaction."""
MOST_WAITING = 1024
"""Posts that may wait; more are sent away with a time to come back."""
STOP_SECONDS = 15.0


class BusyError(Exception):
    """Too much waits; the kiosk keeps its items and comes again."""


@dataclass
class _Job:
    post: Post
    done: asyncio.Future[tuple[int, ...]]
    loop: asyncio.AbstractEventLoop

    def settle(self, result: tuple[int, ...] | Exception) -> None:
        """Answer whoever waits; a client that left, or a loop that ended, is no fault."""

        def answer() -> None:
            if not self.done.done():
                if isinstance(result, Exception):
                    self.done.set_exception(result)
                else:
                    self.done.set_result(result)

        try:
            self.loop.call_soon_threadsafe(answer)
        except RuntimeError:
            return


class Writer:
    """Takes posts from the web server's loop and writes them in groups."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock
        self._jobs: queue.Queue[_Job | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="desk-writer", daemon=True)
        self._thread.start()

    async def write(self, post: Post) -> tuple[int, ...]:
        """Return when everything of the post is safe: the numbers that went into quarantine."""
        loop = asyncio.get_running_loop()
        job = _Job(post, loop.create_future(), loop)
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise BusyError from None
        return await job.done

    def close(self) -> None:
        """Write what waits and end."""
        self._jobs.put(None)
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        ended = False
        while not ended:
            jobs, ended = self._gather()
            if jobs:
                self._write(jobs)

    def _gather(self) -> tuple[list[_Job], bool]:
        first = self._jobs.get()
        if first is None:
            return [], True
        jobs = [first]
        while len(jobs) < MOST_POSTS:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False

    def _write(self, jobs: list[_Job]) -> None:
        try:
            results = self._take([job.post for job in jobs])
        except (SQLAlchemyError, ValueError):
            # One post that cannot be written must not hold up the others.
            for job in jobs:
                try:
                    job.settle(self._take([job.post])[0])
                except (SQLAlchemyError, ValueError) as error:
                    job.settle(error)
            return
        for job, result in zip(jobs, results, strict=True):
            job.settle(result)

    def _take(self, posts: list[Post]) -> list[tuple[int, ...]]:
        return self._store.writing(lambda connection: take(connection, posts, int(self._clock() * 1000)))
