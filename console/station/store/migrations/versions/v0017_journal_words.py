"""The journal's words: an index for the review, made in the background beside the journal (G6, issue 6)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_indexed",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.Column("tidied", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO journal_indexed (id, seq, version, erased, tidied) VALUES (1, 0, 1, 0, 0)")
    op.create_table(
        "journal_span",
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_time", sa.BigInteger(), nullable=False),
        sa.Column("last_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("block"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE journal_words (seq BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX journal_words_words ON journal_words USING gin (words)")
    else:
        # No copy of the words, no places inside of an entry: 26 bytes an entry. The words come folded and apart.
        op.execute(
            "CREATE VIRTUAL TABLE journal_words USING fts5("
            "words, content='', detail='none', columnsize=0, tokenize='ascii')"
        )


def downgrade() -> None:
    op.execute("DROP TABLE journal_words")
    op.drop_table("journal_span")
    op.drop_table("journal_indexed")
