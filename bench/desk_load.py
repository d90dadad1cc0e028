"""Made-up kiosks with real keys: what they post is prepared beforehand, so that the desk is measured and not they."""

from __future__ import annotations

import asyncio
import random
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle

from pydantic import BaseModel

from service import signing
from service.messages import Batch, CaseRequest, Count, Counter, Counts, Feedback, Heartbeat, Item, Phrase, Phrases
from service.reference import new_reference
from service.sealing import key_id, seal

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PRODUCTS = ("kettle", "espresso", "robot", "washer", "lamp", "bike-light")


@dataclass
class Post:
    """A signed batch, and what the desk must have of it afterwards."""

    body: bytes
    last: int
    items: int
    acknowledged: bool = False


@dataclass
class VirtualKiosk:
    """One kiosk with its own key and numbers."""

    name: str
    seed: bytes = field(default_factory=signing.new_seed)
    epoch: str = field(default_factory=lambda: secrets.token_hex(16))
    posts: list[Post] = field(default_factory=list)
    cases: int = 0
    counted: int = 0

    @property
    def public_key(self) -> str:
        """The half of the key that the desk knows."""
        return signing.public_key(self.seed)

    def prepare(self, posts: int, size: int, desk_key: str, chance: random.Random) -> None:
        """Make posts of so many items: mostly counts, and some of everything else."""
        seq = 0
        for _ in range(posts):
            items = []
            for _ in range(size):
                seq += 1
                items.append(self._item(seq, desk_key, chance))
            batch = Batch.model_construct(format=1, kiosk=self.name, epoch=self.epoch, items=tuple(items))
            self.posts.append(Post(batch.model_dump_json(exclude_defaults=True).encode(), seq, size))

    def _item(self, seq: int, desk_key: str, chance: random.Random) -> Item:
        kind = chance.choices(("counts", "feedback", "heartbeat", "phrases", "case"), (80, 8, 4, 4, 4))[0]
        message = self._message(kind, chance)
        if kind in {"case", "phrases"}:
            return Item(seq=seq, kind=kind, key=key_id(desk_key), body=seal(desk_key, message.model_dump_json().encode()))  # type: ignore[arg-type]
        return Item(seq=seq, kind=kind, body=message.model_dump_json(exclude_defaults=True))  # type: ignore[arg-type]

    def _message(self, kind: str, chance: random.Random) -> BaseModel:
        product = chance.choice(PRODUCTS)
        place = {"day": NOW.date(), "hour": chance.randrange(24), "language": "en", "product": product}
        match kind:
            case "counts":
                names = chance.sample(list(Counter), 3)
                self.counted += 3
                return Counts(lines=tuple(Count.model_validate({**place, "name": name, "n": 1}) for name in names))
            case "feedback":
                self.counted += 1
                return Feedback.model_validate({**place, "question": "csat", "value": chance.randint(1, 5)})
            case "heartbeat":
                return Heartbeat(day=NOW.date(), minutes_up=600)
            case "phrases":
                return Phrases(day=NOW.date(), phrases=(Phrase(words=f"{product} is broken", results=3),))
            case _:
                self.cases += 1
                details = {"flow": "complaint", "kind": "broken", "remedy": "exchange"}
                reply = {"how": "mail", "address": "kim.miller@customer.example", "name": "Kim Miller"}
                told = {"reference": new_reference("NH"), "accepted_at": NOW, "store": "city", "product": product}
                return CaseRequest.model_validate(
                    {**told, "details": details, "reply": reply, "words": "It stops after a minute. " * 4}
                )


class Client:
    """One connection to the desk, opened again when it breaks. As small as can be: it shares the processor with the desk."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, kiosk: VirtualKiosk, body: bytes) -> int:
        """Post a body as that kiosk and return the status."""
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        signature = signing.sign(kiosk.seed, "batch", kiosk.name, body)
        head = (
            "POST /api/v1/batches HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n"
            f"{signing.KIOSK_HEADER}: {kiosk.name}\r\n{signing.SIGNATURE_HEADER}: {signature}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        await self._writer.drain()
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await self._reader.readexactly(int(length.split(b":")[1]))
        return int(answer[9:12])

    def close(self) -> None:
        """Forget the connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def deliver(kiosks: list[VirtualKiosk], port: int, times: list[float], *, again: float = 0.0) -> None:
    """Let all kiosks post beside each other until everything is acknowledged; `again` is how often a post is sent twice."""
    loop = asyncio.get_running_loop()
    chance = random.Random(7)

    async def one(kiosk: VirtualKiosk) -> None:
        client = Client(port)
        try:
            for post in kiosk.posts:
                for _ in range(2 if chance.random() < again else 1):
                    post.acknowledged = False
                    while not post.acknowledged:
                        began = loop.time()
                        try:
                            post.acknowledged = await asyncio.wait_for(client.post(kiosk, post.body), 30) == 200
                        except (OSError, asyncio.IncompleteReadError, TimeoutError):
                            client.close()
                        if post.acknowledged:
                            times.append(loop.time() - began)
                        else:
                            await asyncio.sleep(0.02 + chance.random() * 0.08)
        finally:
            client.close()

    async with asyncio.TaskGroup() as group:
        for kiosk in kiosks:
            group.create_task(one(kiosk))


def fleet(count: int, posts: int, size: int, desk_key: str, seed: int = 1) -> list[VirtualKiosk]:
    """Make a fleet of kiosks with everything that they will post."""
    chance = random.Random(seed)
    kiosks = [VirtualKiosk(f"kiosk-{number}-{secrets.token_hex(3)}") for number in range(count)]
    for kiosk, _ in zip(cycle(kiosks), range(count), strict=False):
        kiosk.prepare(posts, size, desk_key, chance)
    return kiosks
