"""What can go wrong with an index, each with place, cause and cure."""

from __future__ import annotations


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
