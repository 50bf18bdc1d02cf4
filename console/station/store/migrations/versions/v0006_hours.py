"""Supervised hours, and when they must be looked at next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_DUE = "due_at IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "hours",
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("late_from", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("missed_from", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["site"], ["site.id"]),
        sa.PrimaryKeyConstraint("site", "area"),
    )
    op.create_index(
        "hours_due", "hours", ["due_at"], unique=False, sqlite_where=sa.text(_DUE), postgresql_where=sa.text(_DUE)
    )


def downgrade() -> None:
    op.drop_index("hours_due", table_name="hours", sqlite_where=sa.text(_DUE), postgresql_where=sa.text(_DUE))
    op.drop_table("hours")
