"""How many zones an alarm has had beyond those that it names one by one: what a signal costs is bounded (I1)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alarm", sa.Column("zones_beyond", sa.Integer(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("alarm") as table:
        table.drop_column("zones_beyond")
