"""Fills a small disk, then goes on taking cases in until the outbox says that it cannot; prints how many, and what it said."""

import sys
from contextlib import suppress
from pathlib import Path

from service.outbox import Intake, Outbox, OutboxFullError
from service.sealing import new_private_key, public_of
from tests.service.conftest import form

folder = Path(sys.argv[1])
intake = Intake(Outbox(folder / "outbox.sqlite"), public_of(new_private_key()))
with suppress(OSError), (folder / "other").open("wb", buffering=0) as other:
    while True:
        other.write(bytes(4096))
taken, told = 0, ""
while not told:
    try:
        intake.accept(form())
        taken += 1
    except OutboxFullError as error:
        told = str(error)
print(taken, intake.outbox.waiting()[0], told)
