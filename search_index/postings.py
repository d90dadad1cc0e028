"""The only module that knows Whoosh: it keeps postings (stem -> documents, times) and nothing else is asked of it.

Its parser, scorer, analysers and spelling stay unused (`search()` of 2.7.4 can loop for ever); what is used here behaves the
same in whoosh, whoosh-reloaded and whoosh3. An index of Whoosh holds pickles: `store` decides which folder is opened, and
`pickles` what they may hold.
"""

from __future__ import annotations

import warnings
from collections import Counter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

with warnings.catch_warnings():
    # Frozen since 2016: old escapes and imports warn on newer Pythons, once, while the modules are read.
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", PendingDeprecationWarning)
    from whoosh import index as whoosh_index
    from whoosh.analysis import SpaceSeparatedTokenizer
    from whoosh.fields import TEXT, Schema
    from whoosh.filedb.structfile import StructFile
    from whoosh.index import create_in, open_dir
    from whoosh.system import pack_uint

from search_index import pickles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

# Its two ways of reading a pickle run whatever the pickle names. A stamp says that a file is as it was written, not by whom.
whoosh_index.pickle = SimpleNamespace(**{**vars(whoosh_index.pickle), "loads": pickles.loads})
StructFile.read_pickle = lambda self: pickles.load(self.file)


def write_postings(folder: Path, names: Iterable[str], documents: Iterable[Mapping[str, list[str]]]) -> None:
    """Write all postings in one commit; document numbers are the order of the documents."""
    schema = Schema(**{name: TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False) for name in names})
    writer = create_in(str(folder), schema).writer(limitmb=256)
    writer.codec.length_stats = False  # the lengths of fields are ours: else it looks for one with each posting
    fields = [field for _, field in writer.schema.items()]
    for field in fields:
        field.scorable = False
        field.index = _counted  # the stems come ready made: one-letter words and stop words stay
    try:
        for document in documents:
            writer.add_document(**{name: Counter(stems) for name, stems in document.items() if stems})
        for field in fields:
            del field.index  # the index holds its fields as a pickle, in which no function may be
        writer.commit()
    except BaseException:
        _cancel(writer)
        raise


def _counted(stems: Mapping[str, int]) -> Iterator[tuple[bytes, int, int, bytes]]:
    """Yield what Whoosh's own fields make of tokens, one by one: stem, times, weight, and the times as they are stored."""
    for stem, times in stems.items():
        yield stem.encode(), times, times, pack_uint(times)


def _cancel(writer: Any) -> None:
    # A writer that failed holds a lock and open files; the folder is thrown away, so its own complaints do not matter.
    try:
        writer.cancel()
    except Exception:  # noqa: BLE001
        return


class PostingsReader:
    """Reads the postings of one folder."""

    def __init__(self, folder: Path) -> None:
        self._index = open_dir(str(folder))
        self._reader = self._index.reader()
        self.count: int = self._reader.doc_count_all()

    def postings(self, field: str, stem: str) -> list[tuple[int, int]]:
        """Return (document number, times) in order of numbers."""
        if (field, stem) not in self._reader:
            return []
        matcher = self._reader.postings(field, stem)
        found = []
        while matcher.is_active():
            found.append((matcher.id(), int(matcher.weight())))
            matcher.next()
        return found

    def close(self) -> None:
        """Let go of all files."""
        self._reader.close()
        self._index.close()
