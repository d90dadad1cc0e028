"""What can go wrong with an index, each with place, cause and cure."""

from __future__ import annotations

import contextlib
import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class SearchIndexError(Exception):
    """The search index cannot be built or used; `rebuild` says whether building it again would cure it."""

    rebuild = False


class SiteMissingError(SearchIndexError):
    """There is no built site to index."""


class IndexMissingError(SearchIndexError):
    """No index has been built here yet."""

    rebuild = True


class IndexDamagedError(SearchIndexError):
    """Files of the index are missing, cut short or changed."""

    rebuild = True


class IndexOutdatedError(SearchIndexError):
    """The index was made by another version of Helpstand."""

    rebuild = True


class IndexUnwritableError(SearchIndexError):
    """The machine refuses to write: disk full, folder read-only, no permission."""


class IndexBusyError(SearchIndexError):
    """Another build of the same index has not ended."""


IndexError_ = SearchIndexError

_CAUSES = {
    errno.ENOSPC: "the disk is full. Free some space, then build again.",
    errno.EDQUOT: "your disk quota is used up. Free some space, then build again.",
    errno.EROFS: "the disk is read-only. Choose another folder, or make it writable.",
    errno.EACCES: "no permission to write there. Change the owner or the permissions of the folder.",
    errno.EPERM: "no permission to write there. Change the owner or the permissions of the folder.",
    errno.ENOTDIR: "a file stands where a folder must be. Move the file away.",
    errno.EEXIST: "a file stands where a folder must be. Move the file away.",
}


@contextlib.contextmanager
def clear_messages(place: Path, what: str, kept: str = "") -> Iterator[None]:
    """Turn what the machine refuses into place, cause and cure."""
    try:
        yield
    except OSError as error:
        cause = _CAUSES.get(error.errno or 0, f"{error.strerror or error}.")
        raise IndexUnwritableError(f"{place}: cannot write {what}: {cause} {kept}".rstrip()) from error
