"""A few threads for work that may be slow; none of them can hold up the server or its end."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any


class BusyError(Exception):
    """All workers are at work and the queue is full."""


class Workers:
    """Runs calls in daemon threads: a call that never ends costs one thread, not the kiosk."""

    def __init__(self, threads: int = 2, waiting: int = 16) -> None:
        self._queue: queue.Queue[tuple[Future[Any], Callable[[], Any]] | None] = queue.Queue(waiting)
        self._threads = [threading.Thread(target=self._work, name=f"kiosk-worker-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(self, call: Callable[[], Any]) -> "Future[Any]":
        """Queue a call; BusyError when there is no room."""
        future: Future[Any] = Future()
        try:
            self._queue.put_nowait((future, call))
        except queue.Full:
            raise BusyError from None
        return future

    def close(self, seconds: float = 1.0) -> None:
        """Let the threads end when they are idle; waits at most this long for each."""
        for _ in self._threads:
            try:
                self._queue.put_nowait(None)
            except queue.Full:
                return
        for thread in self._threads:
            thread.join(seconds)

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            future, call = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(call())
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits for it
                future.set_exception(error)
