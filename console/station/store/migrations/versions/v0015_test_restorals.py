"""What of a test lacks its restoral: since when, and that it left the scope and is asked about once (F4)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("test_place", sa.Column("let_go_at", sa.BigInteger(), nullable=True))
    op.add_column("test_place", sa.Column("alarm_since", sa.BigInteger(), nullable=True))
    op.execute("UPDATE test_place SET alarm_since = last_at WHERE alarms > 0")


def downgrade() -> None:
    op.drop_column("test_place", "alarm_since")
    op.drop_column("test_place", "let_go_at")
