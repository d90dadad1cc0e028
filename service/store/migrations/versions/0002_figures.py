"""Sums by the hour, and clusters of the same defect."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    """Make the change."""
    keys = ("kiosk", "store", "day", "name", "choice", "language", "product", "stage", "page")
    op.create_table(
        "sums",
        *(_text(name) for name in keys),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", "store", "day", "hour", "name", "choice", "language", "product", "stage", "page"),
    )
    op.create_index("sums_day", "sums", ["day", "name"], unique=False)
    op.create_index("phrases_day", "phrases", ["day"], unique=False)
    op.create_index("phrases_words", "phrases", ["words", "language", "day"], unique=False)
    op.create_table(
        "clusters",
        *(_text(name) for name in ("product", "model", "code")),
        sa.Column("raised_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("product", "model", "code", "raised_at"),
    )
