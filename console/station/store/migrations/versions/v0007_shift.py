"""The shift log: notes for the next shift, and who read them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shift_note",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_shift_note_at", "shift_note", ["at"], unique=False)
    op.create_table(
        "shift_read",
        sa.Column("note", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["note"], ["shift_note.id"]),
        sa.PrimaryKeyConstraint("note", "login"),
    )


def downgrade() -> None:
    op.drop_table("shift_read")
    op.drop_index("ix_shift_note_at", table_name="shift_note")
    op.drop_table("shift_note")
