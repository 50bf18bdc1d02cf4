"""Tests of a part, several at one site, with an end; what came in each; tests that are over are kept (F2, F4)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_RUNS = "ended_at IS NULL"
_KEPT = ("site", "since", "by", "asked_by", "channel", "why", "whole", "ends_at", "signals", "last_signal_at")


def upgrade() -> None:
    op.rename_table("site_test", "site_test_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX site_test_pkey RENAME TO site_test_before_pkey")
    op.create_table(
        "site_test",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("asked_how", sa.String(length=40), server_default=sa.text("''"), nullable=False),
        sa.Column("channel", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ticket", sa.String(length=60), server_default=sa.text("''"), nullable=False),
        sa.Column("whole", sa.SmallInteger(), nullable=False),
        sa.Column("scope", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("shelved", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("once", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("planned", sa.BigInteger(), nullable=True),
        sa.Column("scoped_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("past_end", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("warned_at", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("signals", sa.Integer(), nullable=False),
        sa.Column("last_signal_at", sa.BigInteger(), nullable=True),
        sa.Column("last_signal", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=200), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["site.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    # A test that runs keeps the number of the entry that began it; one without an entry cannot have been set.
    columns = ", ".join(f'"{name}"' for name in _KEPT)
    op.execute(
        f"INSERT INTO site_test (id, version, scoped_at, {columns}) "
        "SELECT (SELECT max(seq) FROM journal WHERE journal.kind = 'test-on' AND journal.site = t.site), 1, since, "
        f"{columns} "
        "FROM site_test_before AS t"
    )
    op.drop_table("site_test_before")
    op.create_index(
        "site_test_runs",
        "site_test",
        ["site", "since"],
        sqlite_where=sa.text(_RUNS),
        postgresql_where=sa.text(_RUNS),
    )
    op.create_index(
        "site_test_whole",
        "site_test",
        ["site"],
        unique=True,
        sqlite_where=sa.text(f"{_RUNS} AND whole = 1"),
        postgresql_where=sa.text(f"{_RUNS} AND whole = 1"),
    )
    op.create_table(
        "test_place",
        sa.Column("test", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("alarms", sa.Integer(), nullable=False),
        sa.Column("signals", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("restored_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["test"], ["site_test.id"]),
        sa.PrimaryKeyConstraint("test", "account", "area", "zone", "kind"),
    )


def downgrade() -> None:
    op.drop_table("test_place")
    op.drop_index("site_test_whole", table_name="site_test")
    op.drop_index("site_test_runs", table_name="site_test")
    op.rename_table("site_test", "site_test_after")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX site_test_pkey RENAME TO site_test_after_pkey")
    op.create_table(
        "site_test",
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("whole", sa.SmallInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("signals", sa.Integer(), nullable=False),
        sa.Column("last_signal_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["site"], ["site.id"]),
        sa.PrimaryKeyConstraint("site"),
    )
    # A part cannot be told there: its signals are presented again, which is the safe side.
    columns = ", ".join(f'"{name}"' for name in _KEPT)
    op.execute(f"INSERT INTO site_test ({columns}) SELECT {columns} FROM site_test_after WHERE whole = 1 AND {_RUNS}")
    op.drop_table("site_test_after")
