"""The desk's store: SQLite in one file, or PostgreSQL; events are added, nothing is overwritten."""

from service.store.engine import Store, StoreError, open_store

__all__ = ["Store", "StoreError", "open_store"]
