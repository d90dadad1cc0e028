"""Reading what was posted: whose it is, and what is in it. Pure but for the keys."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from service.messages import PLAIN, SEALED, SEALED_KINDS, Batch, Item
from service.sealing import SealError
from service.store.ingest import Read

if TYPE_CHECKING:
    from service.desk.keyring import Keyring


class BatchError(Exception):
    """The envelope cannot be read: nothing of it can be acknowledged."""


def read_envelope(body: bytes) -> Batch:
    """Read a posted batch; its items must stand in the order of their numbers."""
    try:
        batch = Batch.model_validate_json(body)
    except ValidationError as error:
        raise BatchError(_words(error)) from None
    numbers = [item.seq for item in batch.items]
    if any(later <= before for before, later in pairwise(numbers)):
        raise BatchError("items: the numbers must grow from item to item")
    return batch


def read_item(item: Item, keys: Keyring) -> Read:
    """Read one item; what cannot be read is kept with the reason, and holds nothing up."""
    digest = hashlib.sha256(item.body.encode()).hexdigest()
    try:
        content: Any = _sealed(item, keys) if item.kind in SEALED_KINDS else _plain(item)
    except SealError as error:
        return Read(item.seq, item.kind, digest, item.body, None, str(error))
    except ValidationError as error:
        return Read(item.seq, item.kind, digest, item.body, None, _words(error))
    except (ValueError, RecursionError):
        return Read(item.seq, item.kind, digest, item.body, None, "not JSON")
    return Read(item.seq, item.kind, digest, item.body, content)


def _sealed(item: Item, keys: Keyring) -> Any:
    content = SEALED.validate_json(keys.open(item.key, item.body))
    if content.kind != item.kind:
        raise SealError(f"a box said to hold {item.kind} holds {content.kind}")
    return content


def _plain(item: Item) -> Any:
    told = json.loads(item.body)
    return PLAIN.validate_python({**told, "kind": item.kind} if isinstance(told, dict) else told, strict=False)


def _words(error: ValidationError) -> str:
    """Say where a message is wrong, never what stood there: it may be personal."""
    found = [
        f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
        for item in error.errors(include_input=False, include_url=False)
    ]
    more = f" … and {len(found) - 5} more" if len(found) > 5 else ""
    return "; ".join(found[:5]) + more
