"""Customers' sessions, and who of the persons is an installer (A8, A9, A10)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("installer", sa.SmallInteger(), nullable=False, server_default=sa.text("0")))
    op.create_table(
        "customer_session",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("device", sa.String(length=100), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=False, server_default=sa.text("''")),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_digest"),
    )
    op.create_index("ix_customer_session_person", "customer_session", ["person"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_customer_session_person", table_name="customer_session")
    op.drop_table("customer_session")
    op.drop_column("person", "installer")
