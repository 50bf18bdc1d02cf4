"""Archives: entries may leave the live tables where a signed act says in which file they are (issue 6, I5, I14)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0017"
branch_labels = None
depends_on = None

_REFUSED = "the journal is append-only"
_ERASED = "EXISTS (SELECT 1 FROM erasure WHERE seq = OLD.seq)"
_ARCHIVED = 'EXISTS (SELECT 1 FROM journal_archive WHERE OLD.seq BETWEEN "first" AND "last")'


def upgrade() -> None:
    op.create_table(
        "journal_archive",
        sa.Column("by_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("first_time", sa.BigInteger(), nullable=False),
        sa.Column("last_time", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("by_seq"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER journal_archive_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_archive "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()"
        )
        op.execute("DROP TRIGGER journal_append_only ON journal")
        op.execute(
            "CREATE TRIGGER journal_append_only BEFORE UPDATE OR TRUNCATE ON journal "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()"
        )
        op.execute(_function("journal_may_go", _ARCHIVED))
        op.execute(
            "CREATE TRIGGER journal_may_go BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_may_go()"
        )
        op.execute(_function("journal_payload_may_go", f"{_ERASED} OR {_ARCHIVED}"))
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER journal_archive_no_{act.lower()} BEFORE {act} ON journal_archive "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        )
    for table, may in (("journal", _ARCHIVED), ("journal_payload", f"({_ERASED} OR {_ARCHIVED})")):
        op.execute(f"DROP TRIGGER {table}_no_delete")
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT {may} "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_function("journal_payload_may_go", _ERASED))
        op.execute("DROP TRIGGER journal_may_go ON journal")
        op.execute("DROP FUNCTION journal_may_go()")
        op.execute("DROP TRIGGER journal_append_only ON journal")
        op.execute(
            "CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()"
        )
    else:
        for table, when in (("journal", ""), ("journal_payload", f"WHEN NOT {_ERASED} ")):
            op.execute(f"DROP TRIGGER {table}_no_delete")
            op.execute(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            )
    op.drop_table("journal_archive")


def _function(name: str, may: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {may} THEN RETURN OLD; END IF; RAISE EXCEPTION '{_REFUSED}'; END $$"
    )
