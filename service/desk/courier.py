"""The desk's courier: gives every new case its route, and every delivery its tries; a thread for each target."""

from __future__ import annotations

import logging
import random
import threading
import time
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from service.cases import CannotError, CaseEvent, Kind
from service.connectors.making import connectors_of
from service.connectors.outcome import Gone, Later, Notice, Parcel, Refused, Sent, Standing, Teller, Unclear
from service.connectors.schedule import next_try
from service.connectors.targets import NAMES
from service.routing import choose
from service.store import deliveries as store_of
from service.store.cases import NoCaseError, add, load
from service.store.deliveries import NEVER, State
from service.store.insights import MARK, event_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection, Row

    from service.cases import Case
    from service.connectors.config import Routes
    from service.connectors.outcome import Connector, Outcome
    from service.store import Store
    from service.store.deliveries import Which

LOOK = 1.0
"""Seconds between two looks at what is due."""
MOST_AT_ONCE = 50
READ_BACK_EVERY = 15 * 60_000
READ_BACK_END = 60 * 86_400_000
PAUSE = 60.0
"""Seconds of peace for a target that is away or busy: the others that wait would only meet the same."""
BY = "desk"
_log = logging.getLogger("helpstand.desk")


class Courier:
    """Hands cases on, and greets whoever handed them over (`greet`); several desks on one database may each have one."""

    def __init__(
        self,
        store: Store,
        routes: Routes,
        connectors: Mapping[str, Connector] | None = None,
        *,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
        greet: Callable[[Connection, Case, int], None] | None = None,
    ) -> None:
        self.routes = routes
        self._store = store
        self._connectors = connectors_of(routes) if connectors is None else connectors
        self._clock = clock
        self._chance = chance
        self._greet = greet
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to work."""
        works: list[tuple[str, Callable[[], None]]] = [("routes", self.give_routes)]
        works += [(name, lambda name=name: self.serve(name)) for name in self._connectors]  # type: ignore[misc]
        for name, work in works:
            thread = threading.Thread(target=self._repeat, args=(work,), name=f"courier-{name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End after the tries that are being made; what is cut off is seen and looked into at the next start."""
        self._stop.set()
        for thread in self._threads:
            thread.join(5)

    def now(self) -> int:
        """Return the moment in milliseconds."""
        return int(self._clock() * 1000)

    def give_routes(self) -> None:
        """Give each new case its deliveries, or none: then it stays here."""
        with self._store.read() as connection:
            waiting = store_of.unrouted(connection)
        for which in waiting:
            self._store.writing(lambda connection, which=which: self._route(connection, which))  # type: ignore[misc]

    def _route(self, connection: Connection, which: Which) -> None:
        case, now = load(connection, which.reference), self.now()
        choice = choose(self.routes.rules, case.request, self.routes.products)
        first = store_of.route(connection, which, choice.targets, choice.priority, choice.group, now)
        if first and self._greet:
            self._greet(connection, case, now)

    def serve(self, target: str) -> None:
        """Make the tries that are due at one target, then ask how its older cases stand."""
        with self._store.read() as connection:
            if target in store_of.off(connection):
                return
        for _ in range(MOST_AT_ONCE):
            if self._stop.is_set() or not self._deliver_one(target):
                break
        if self._connectors[target].reads_back:
            for _ in range(MOST_AT_ONCE):
                if self._stop.is_set() or not self._look_at_one(target):
                    break

    def _deliver_one(self, target: str) -> bool:
        """Make one try; False when the next should wait for another look."""
        now = self.now()
        with self._store.read() as connection:
            which = store_of.due(connection, target, now)
        if which is None:
            return False
        leased = self._store.writing(lambda connection: store_of.lease(connection, which, now))
        if leased is None:
            return True
        row, interrupted = leased
        outcome = self._tried(row, interrupted=interrupted)
        self._store.writing(lambda connection: self._settle(connection, which, row, outcome))
        return isinstance(outcome, Sent | Refused | Unclear)

    def _tried(self, row: Row[Any], *, interrupted: bool) -> Outcome:
        is_defect = row.reference.startswith(MARK)
        given = self._notice(row, interrupted=interrupted) if is_defect else self._parcel(row, interrupted=interrupted)
        if isinstance(given, Refused):
            return given
        connector = self._connectors[row.target]
        try:
            if isinstance(given, Parcel):
                return connector.deliver(given, self.now())
            if isinstance(connector, Teller):
                return connector.tell(given, self.now())
            return Refused("it takes cases only")
        except Exception as error:  # noqa: BLE001, a mistake of ours must not stop the others, nor be silent
            # The places only: the words of an error may be a customer's.
            places = "".join(traceback.format_tb(error.__traceback__, limit=-3))
            _log.error("the connector of '%s' failed: %s\n%s", row.target, type(error).__name__, places)
            return Later(f"a mistake of the desk itself ({type(error).__name__}); it was written down")

    def _parcel(self, row: Row[Any], *, interrupted: bool) -> Parcel | Refused:
        with self._store.read() as connection:
            try:
                case = load(connection, row.reference)
            except NoCaseError as error:
                return Refused(str(error))
        if case.erased:
            return Refused("the case was erased before it could be handed on")
        return Parcel(case.request, row.target, case.received_at, row.priority or "normal", row.group, row.tries, interrupted)

    def _notice(self, row: Row[Any], *, interrupted: bool) -> Notice | Refused:
        with self._store.read() as connection:
            event = event_named(connection, row.reference)
        if event is None:
            return Refused("this defect is not kept any more")
        return Notice(row.reference, event, row.target, row.tries, interrupted)

    def _settle(self, connection: Connection, which: Which, row: Row[Any], outcome: Outcome) -> None:
        now, tries = self.now(), row.tries + 1
        match outcome:
            case Sent(their_id):
                look = now + READ_BACK_EVERY if self._connectors[which.target].reads_back else NEVER
                done = {"state": State.DONE.value, "done_at": now, "due_at": look, "their_id": their_id, "why": ""}
                store_of.settle(connection, which, **done)
                told = f": number {their_id} there" if their_id and "@" not in their_id else ""
                self._note(connection, which, f"Handed on to {self.shown(which.target)}{told}.", now)
            case Later(why, after, everyone):
                again = next_try(tries, row.first_at or now, now, after, self._chance())
                if again is None:
                    self._give_up(connection, which, State.FAILED, f"given up after {tries} tries: {why}", now)
                    return
                store_of.settle(connection, which, due_at=again, why=why)
                if everyone:
                    store_of.hold(connection, which.target, now + round(max(after, PAUSE) * 1000))
            case Refused(why):
                self._give_up(connection, which, State.FAILED, why, now)
            case Unclear(why):
                self._give_up(connection, which, State.UNCLEAR, why, now)
            case Gone(why):
                store_of.settle(connection, which, due_at=now, why=why)
                store_of.switch_off(connection, which.target, why, now)

    def _give_up(self, connection: Connection, which: Which, state: State, why: str, now: int) -> None:
        store_of.settle(connection, which, state=state.value, why=why)
        self._note(connection, which, f"Not handed on to {self.shown(which.target)}: {why}. See Routes.", now)

    def _look_at_one(self, target: str) -> bool:
        now = self.now()
        with self._store.read() as connection:
            which = store_of.to_look_at(connection, target, now)
        if which is None:
            return False
        leased = self._store.writing(lambda connection: store_of.lease(connection, which, now, tries=0))
        if leased is None:
            return True
        row, _ = leased
        found = self._connectors[target].look(row.their_id)
        self._store.writing(lambda connection: self._looked(connection, which, row, found))
        return isinstance(found, Standing)

    def _looked(self, connection: Connection, which: Which, row: Row[Any], found: Standing | Later) -> None:
        now = self.now()
        over = now - (row.done_at or now) > READ_BACK_END
        if isinstance(found, Later):
            store_of.settle(connection, which, due_at=NEVER if over else now + max(READ_BACK_EVERY, round(found.after * 1000)))
            return
        due = NEVER if found.closed or over else now + READ_BACK_EVERY
        store_of.settle(connection, which, due_at=due, their_state=found.state)
        if found.closed and found.state != row.their_state:
            self._note(connection, which, f"{self.shown(which.target)} says: {found.state}.", now)

    def _note(self, connection: Connection, which: Which, text: str, now: int) -> None:
        """Let the case's history say it; an erased case has none any more."""
        with suppress(CannotError, NoCaseError):
            add(connection, which.reference, CaseEvent(Kind.NOTED, BY, now, {"text": text}))

    def shown(self, target: str) -> str:
        """Name a target for people."""
        kind = getattr(self.routes.targets.get(target), "kind", "")
        return f"{target} ({NAMES[kind]})" if kind in NAMES else target

    def _repeat(self, work: Callable[[], None]) -> None:
        while not self._stop.wait(LOOK):
            try:
                work()
            except SQLAlchemyError as error:
                # The database is away; leases end by themselves, and nothing was lost.
                _log.warning("the courier waits for the database: %s", type(error).__name__)
                self._stop.wait(10)
