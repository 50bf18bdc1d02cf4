"""Link supervision: intervals, providers, lost links, the systems of an outage; escalation of what waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LOST = "link_lost_at IS NOT NULL"


def upgrade() -> None:
    op.add_column("system", sa.Column("interval_s", sa.Integer(), nullable=True))
    op.add_column("system", sa.Column("margin_s", sa.Integer(), nullable=True))
    op.add_column("system", sa.Column("provider", sa.String(length=100), nullable=False, server_default=sa.text("''")))
    op.add_column("system", sa.Column("link_lost_at", sa.BigInteger(), nullable=True))
    op.add_column("alarm", sa.Column("escalated", sa.SmallInteger(), nullable=False, server_default=sa.text("0")))
    op.create_index(
        "system_lost",
        "system",
        ["provider", "link_lost_at"],
        sqlite_where=sa.text(_LOST),
        postgresql_where=sa.text(_LOST),
    )
    op.create_table(
        "outage_member",
        sa.Column("alarm", sa.String(length=40), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("second_path", sa.SmallInteger(), nullable=False),
        sa.Column("lost_at", sa.BigInteger(), nullable=False),
        sa.Column("back_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["alarm"], ["alarm.id"]),
        sa.PrimaryKeyConstraint("alarm", "account"),
    )
    op.create_table(
        "link_seen",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )
    op.create_index("ix_outage_member_site", "outage_member", ["site"], unique=False)


def downgrade() -> None:
    op.drop_table("link_seen")
    op.drop_index("ix_outage_member_site", table_name="outage_member")
    op.drop_table("outage_member")
    op.drop_index("system_lost", table_name="system", sqlite_where=sa.text(_LOST), postgresql_where=sa.text(_LOST))
    op.drop_column("alarm", "escalated")
    for column in ("link_lost_at", "provider", "margin_s", "interval_s"):
        op.drop_column("system", column)
