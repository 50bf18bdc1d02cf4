"""Supervision of staff: when a workstation was used last, what each can be given, who asks for help."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("used_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "operator_skill",
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("classes", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("trainee", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["login"], ["operator.login"]),
        sa.PrimaryKeyConstraint("login"),
    )
    op.create_table(
        "help_request",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("alarm", sa.String(length=40), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("workstation", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["alarm"], ["alarm.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "help_request_open",
        "help_request",
        ["alarm", "kind", "login", "workstation"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("help_request")
    op.drop_table("operator_skill")
    op.drop_column("session", "used_at")
