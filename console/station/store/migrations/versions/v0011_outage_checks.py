"""Who checked a site of an outage that has no second path, and when (visual.md 06d)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outage_member", sa.Column("checked_at", sa.BigInteger(), nullable=True))
    op.add_column(
        "outage_member",
        sa.Column("checked_by", sa.String(length=200), nullable=False, server_default=sa.text("''")),
    )


def downgrade() -> None:
    for column in ("checked_by", "checked_at"):
        op.drop_column("outage_member", column)
