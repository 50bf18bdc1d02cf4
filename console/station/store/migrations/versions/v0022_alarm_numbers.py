"""Alarms are numbered through, whatever day it is: a count that began anew each day could come back (I2)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    # Of every day so far the highest: above it no number was ever given, whatever the clocks said.
    highest = max((_number(row.id) for row in connection.execute(sa.text("SELECT id FROM alarm"))), default=0)
    connection.execute(
        sa.text("UPDATE journal_head SET alarm_count = :highest WHERE alarm_count < :highest"), {"highest": highest}
    )
    with op.batch_alter_table("journal_head") as table:
        table.drop_column("alarm_day")
        table.alter_column("alarm_count", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("journal_head") as table:
        table.add_column(sa.Column("alarm_day", sa.String(length=6), nullable=False, server_default=""))
        table.alter_column("alarm_count", existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=False)
    with op.batch_alter_table("journal_head") as table:
        table.alter_column("alarm_day", existing_type=sa.String(length=6), server_default=None)


def _number(identifier: str) -> int:
    """Of ``A-251121-0417`` 417; 0 where it is written otherwise."""
    last = identifier.rpartition("-")[2]
    return int(last) if last.isascii() and last.isdecimal() else 0
