"""Takes cases in without end and prints each number as the screen would; tests kill it."""

import sys
from pathlib import Path

from service.outbox import Intake, Outbox
from service.sealing import new_private_key, public_of
from tests.service.conftest import form

intake = Intake(Outbox(Path(sys.argv[1])), public_of(new_private_key()))
while True:
    print(intake.accept(form()).reference, flush=True)
