"""What running a desk needs: newest word of each kiosk, who signs in from where, a case found by its number."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the change."""
    op.create_index("case_events_reference", "case_events", ["reference"], unique=False)
    op.create_table(
        "beats",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("store", sa.Text(), server_default="", nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Text(), server_default="", nullable=False),
        sa.Column("acknowledged", sa.BigInteger(), nullable=False),
        sa.Column("waiting", sa.BigInteger(), nullable=False),
        sa.Column("oldest_seconds", sa.BigInteger(), nullable=False),
        sa.Column("alarms", sa.Text(), server_default="", nullable=False),
        sa.Column("parts", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("kiosk"),
    )
    for name in ("issuer", "subject"):
        op.add_column("accounts", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.create_index("accounts_subject", "accounts", ["issuer", "subject"], unique=False)
