"""What sites are found by as somebody types: words without case and accents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from console.station.store import site_words

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    by_bytes = sa.String(length=101).with_variant(sa.String(length=101, collation="C"), "postgresql")
    op.create_table(
        "site_word",
        sa.Column("word", by_bytes, nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["site.id"]),
        sa.PrimaryKeyConstraint("word", "site"),
        sqlite_with_rowid=False,
    )
    # It names the columns that it reads, all of which are older than this.
    site_words.fill(op.get_bind())
    op.create_index("site_word_site", "site_word", ["site", "word"], unique=False)


def downgrade() -> None:
    op.drop_table("site_word")
