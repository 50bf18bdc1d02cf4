"""What left the scope of a test in alarm is asked about once (F4)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("test_place", sa.Column("let_go_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("test_place", "let_go_at")
