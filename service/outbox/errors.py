"""What can go wrong with an outbox."""


class OutboxError(Exception):
    """The outbox cannot be used; the words say why and what to do."""


class OutboxFullError(OutboxError):
    """The disk is full, and the reserve is used up: what was to be kept was not, and the shopper must be told."""
