"""Storm profiles, what each has done with an open alarm, and the response targets that a supervisor set (issue 6)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_EMPTY, _NONE = sa.text("''"), sa.text("0")
_OPEN = sa.text("ended_at IS NULL")
_HELD = sa.text("storm IS NOT NULL")
_COLUMNS = ("storm", "storm_does", "storm_until", "own_priority")


def upgrade() -> None:
    op.create_table(
        "storm",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("does", sa.String(length=10), nullable=False),
        sa.Column("delay_min", sa.SmallInteger(), nullable=False),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=200), server_default=_EMPTY, nullable=False),
        sa.Column("ended_why", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.Column("touched", sa.Integer(), server_default=_NONE, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("storm_open", "storm", ["begins_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_table(
        "response_profile",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("alarm", sa.Column("storm", sa.BigInteger(), nullable=True))
    op.add_column("alarm", sa.Column("storm_does", sa.String(length=10), server_default=_EMPTY, nullable=False))
    op.add_column("alarm", sa.Column("storm_until", sa.BigInteger(), nullable=True))
    op.add_column("alarm", sa.Column("own_priority", sa.SmallInteger(), server_default=_NONE, nullable=False))
    op.create_index("alarm_storm", "alarm", ["storm"], sqlite_where=_HELD, postgresql_where=_HELD)


def downgrade() -> None:
    # What was lowered or held back is presented as ever.
    op.execute("UPDATE alarm SET priority = own_priority WHERE own_priority > 0")
    op.drop_index("alarm_storm", table_name="alarm")
    for name in _COLUMNS:
        op.drop_column("alarm", name)
    op.drop_table("response_profile")
    op.drop_table("storm")
