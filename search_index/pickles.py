"""Reading pickles that hold data and no orders: only the few classes that an index of ours is made of are ever called."""

from __future__ import annotations

import io
import pickle
from typing import IO, Any

MAY_BE_MADE = frozenset({
    ("builtins", "int"),
    ("collections", "defaultdict"),
    ("re", "_compile"),
    ("whoosh.analysis.tokenizers", "RegexTokenizer"),
    ("whoosh.codec.whoosh3", "W3Codec"),
    ("whoosh.codec.whoosh3", "W3Segment"),
    ("whoosh.fields", "Schema"),
    ("whoosh.fields", "TEXT"),
    ("whoosh.formats", "Frequency"),
})  # fmt: skip
"""What the files of an index name, in Whoosh and the forks that stand in for it; a test reads an index of each."""


class _DataOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in MAY_BE_MADE:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a search index")
        return super().find_class(module, name)


def load(file: IO[bytes]) -> Any:
    """Return the next object of a file. Raises UnpicklingError where it is more than data."""
    return _DataOnly(file).load()


def loads(content: bytes) -> Any:
    """Return the object in some bytes. Raises UnpicklingError where it is more than data."""
    return load(io.BytesIO(content))
