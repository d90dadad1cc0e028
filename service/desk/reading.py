"""Reading what was posted: whose it is, and what is in it. Pure but for the keys."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING

from pydantic import ValidationError

from service.messages import PLAIN_KINDS, SEALED_KINDS, Batch, Item
from service.sealing import SealError
from service.store.ingest import Content, Read

if TYPE_CHECKING:
    from service.desk.keyring import Keyring


class BatchError(Exception):
    """The envelope cannot be read: nothing of it can be acknowledged."""


def read_envelope(body: bytes) -> Batch:
    """Read a posted batch; its items must stand in the order of their numbers."""
    try:
        batch = Batch.model_validate_json(body)
    except ValidationError as error:
        raise BatchError(words_of(error)) from None
    numbers = [item.seq for item in batch.items]
    if any(later <= before for before, later in pairwise(numbers)):
        raise BatchError("items: the numbers must grow from item to item")
    return batch


def read_item(item: Item, keys: Keyring) -> Read:
    """Read one item; what cannot be read is kept with the reason, and holds nothing up."""
    digest = hashlib.sha256(item.body.encode()).hexdigest()
    try:
        content = _content(item, keys)
    except SealError as error:
        return Read(item.seq, item.kind, digest, item.body, None, str(error))
    except ValidationError as error:
        return Read(item.seq, item.kind, digest, item.body, None, words_of(error))
    return Read(item.seq, item.kind, digest, item.body, content)


def _content(item: Item, keys: Keyring) -> Content:
    if item.kind in SEALED_KINDS:
        return SEALED_KINDS[item.kind].model_validate_json(keys.open(item.key, item.body))
    return PLAIN_KINDS[item.kind].model_validate_json(item.body)


def words_of(error: ValidationError) -> str:
    """Say where a message is wrong, never what stood there: it may be personal."""
    found = [
        f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
        for item in error.errors(include_input=False, include_url=False)
    ]
    more = f" … and {len(found) - 5} more" if len(found) > 5 else ""
    return "; ".join(found[:5]) + more
