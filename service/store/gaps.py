"""What is missing: numbers of a kiosk's outbox that it was told are safe, and that this store does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, func, select

from service.store.tables import beats, received

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST = 1000


class Gap(NamedTuple):
    """Numbers from `first` to `last` of one outbox that are not here; the kiosk has forgotten them."""

    kiosk: str
    epoch: str
    first: int
    last: int
    known_at: int
    """When it showed: the moment at which a later item, or the kiosk's own word, came in."""

    @property
    def items(self) -> int:
        """How many are missing."""
        return self.last - self.first + 1


def gaps(connection: Connection) -> list[Gap]:
    """Return every gap, at most a thousand; there are none but after a restore from an older copy, or tampering."""
    # An outbox posts in the order of its numbers and goes on only when all before are acknowledged: a hole is never "not yet".
    before = func.lag(received.c.seq, 1, 0).over(partition_by=(received.c.kiosk, received.c.epoch), order_by=received.c.seq)
    steps = select(received.c.kiosk, received.c.epoch, received.c.seq, received.c.received_at, before.label("before")).subquery()
    holes = select(steps).where(steps.c.seq > steps.c.before + 1).order_by(steps.c.kiosk, steps.c.epoch, steps.c.seq).limit(MOST)
    found = [Gap(row.kiosk, row.epoch, row.before + 1, row.seq - 1, row.received_at) for row in connection.execute(holes)]
    return sorted(found + _after_the_last(connection))


def _after_the_last(connection: Connection) -> list[Gap]:
    """Return where a kiosk says that more was acknowledged than is here: a restored store knows before the next item comes."""
    mine = and_(received.c.kiosk == beats.c.kiosk, received.c.epoch == beats.c.epoch)
    last = func.coalesce(select(func.max(received.c.seq)).where(mine).scalar_subquery(), 0)
    query = select(beats.c.kiosk, beats.c.epoch, last.label("last"), beats.c.acknowledged, beats.c.received_at)
    rows = connection.execute(query.where(beats.c.epoch != "", beats.c.acknowledged > last))
    return [Gap(row.kiosk, row.epoch, row.last + 1, row.acknowledged, row.received_at) for row in rows]
