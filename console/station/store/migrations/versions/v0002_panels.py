"""What tells a frame sent again from a new alarm, and an account's leniency and vendor codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("system", sa.Column("lenient_length", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("system", sa.Column("overrides", sa.Text(), nullable=True))
    op.add_column("repeat_key", sa.Column("sent_at", sa.BigInteger(), nullable=True))
    op.add_column("repeat_key", sa.Column("happened_at", sa.BigInteger(), nullable=True))
    op.add_column("repeat_key", sa.Column("counts", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("repeat_key", sa.Column("alarms", sa.Text(), nullable=True))


def downgrade() -> None:
    for column in ("alarms", "counts", "happened_at", "sent_at"):
        op.drop_column("repeat_key", column)
    for column in ("overrides", "lenient_length"):
        op.drop_column("system", column)
