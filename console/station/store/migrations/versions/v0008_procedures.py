"""Procedures in versions, emergency numbers of a site, verifications and patrols of an alarm."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_IN_FORCE = "until IS NULL"


def upgrade() -> None:
    op.create_table(
        "procedure_version",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=True),
        sa.Column("target", sa.String(length=100), nullable=False),
        sa.Column("matter", sa.String(length=220), nullable=False),
        sa.Column("applies_to", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("after_s", sa.Integer(), nullable=False),
        sa.Column("otherwise", sa.Text(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["site.id"]),
        sa.PrimaryKeyConstraint("id", "version"),
    )
    op.create_index("ix_procedure_version_site", "procedure_version", ["site"], unique=False)
    op.create_index("procedure_level", "procedure_version", ["level", "target"], unique=False)
    op.create_index(
        "procedure_in_force",
        "procedure_version",
        ["matter"],
        unique=True,
        sqlite_where=sa.text(_IN_FORCE),
        postgresql_where=sa.text(_IN_FORCE),
    )
    op.create_table(
        "emergency_number",
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["site.id"]),
        sa.PrimaryKeyConstraint("site", "position"),
    )
    op.create_table(
        "verification",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("alarm", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["alarm"], ["alarm.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_verification_alarm", "verification", ["alarm"], unique=False)
    op.create_table(
        "patrol",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("alarm", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("keys_held", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("arrived_at", sa.BigInteger(), nullable=True),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("reported_at", sa.BigInteger(), nullable=True),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("seen", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["alarm"], ["alarm.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_patrol_alarm", "patrol", ["alarm"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_patrol_alarm", table_name="patrol")
    op.drop_table("patrol")
    op.drop_index("ix_verification_alarm", table_name="verification")
    op.drop_table("verification")
    op.drop_table("emergency_number")
    op.drop_index(
        "procedure_in_force",
        table_name="procedure_version",
        sqlite_where=sa.text(_IN_FORCE),
        postgresql_where=sa.text(_IN_FORCE),
    )
    op.drop_index("procedure_level", table_name="procedure_version")
    op.drop_index("ix_procedure_version_site", table_name="procedure_version")
    op.drop_table("procedure_version")
