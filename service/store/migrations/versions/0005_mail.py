"""Mail out and in, photos, and answers that lie ready."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "mail_out",
        *(_key(name) for name in ("store", "reference", "id")),
        *(_text(name) for name in ("kind", "recipient", "subject", "content", "state")),
        _number("tries"),
        _moment("made_at"),
        _moment("next_at"),
        _moment("done_at", optional=True),
        _text("error"),
        sa.PrimaryKeyConstraint("store", "reference", "id"),
    )
    op.create_index("mail_out_id", "mail_out", ["id"], unique=False)
    op.create_index("mail_out_waiting", "mail_out", ["state", "next_at"], unique=False)
    op.create_table(
        "mail_in",
        _key("id"),
        *(_text(name) for name in ("message", "reference", "outcome", "sender")),
        _moment("at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("mail_in_message", "mail_in", ["message"], unique=False)
    op.create_index("mail_in_sender", "mail_in", ["sender", "at"], unique=False)
    op.create_index("mail_in_reference", "mail_in", ["reference"], unique=False)
    op.create_table(
        "mail_held",
        _key("id"),
        *(_text(name) for name in ("sender", "subject", "reason")),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "mail_servers",
        _key("name"),
        _text("place"),
        _moment("worked_at", optional=True),
        _moment("failed_since", optional=True),
        _moment("next_at"),
        _number("failures"),
        _text("error"),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "photos",
        *(_key(name) for name in ("store", "reference", "id")),
        _text("name"),
        _number("width"),
        _number("height"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("store", "reference", "id"),
    )
    op.create_table(
        "ready_answers",
        _key("id"),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        *(_text(name) for name in ("title", "language", "text", "by")),
        _moment("at"),
        sa.Column("withdrawn", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", "version"),
    )
