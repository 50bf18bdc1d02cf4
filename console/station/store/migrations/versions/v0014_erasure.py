"""Erasure of a person's data: contents of entries may go where a signed row says so, and only there (I14)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_REFUSED = "the journal is append-only"
_ERASED = "EXISTS (SELECT 1 FROM erasure WHERE seq = OLD.seq)"


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("by_seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER erasure_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON erasure "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()"
        )
        op.execute("DROP TRIGGER journal_payload_append_only ON journal_payload")
        op.execute(
            "CREATE TRIGGER journal_payload_append_only BEFORE UPDATE OR TRUNCATE ON journal_payload "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()"
        )
        op.execute(
            "CREATE FUNCTION journal_payload_may_go() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {_ERASED} THEN RETURN OLD; END IF; RAISE EXCEPTION '{_REFUSED}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER journal_payload_may_go BEFORE DELETE ON journal_payload "
            "FOR EACH ROW EXECUTE FUNCTION journal_payload_may_go()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER erasure_no_{act.lower()} BEFORE {act} ON erasure "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        )
    op.execute("DROP TRIGGER journal_payload_no_delete")
    op.execute(
        f"CREATE TRIGGER journal_payload_no_delete BEFORE DELETE ON journal_payload WHEN NOT {_ERASED} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER journal_payload_may_go ON journal_payload")
        op.execute("DROP FUNCTION journal_payload_may_go()")
        op.execute("DROP TRIGGER journal_payload_append_only ON journal_payload")
        op.execute(
            "CREATE TRIGGER journal_payload_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_payload "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()"
        )
    else:
        op.execute("DROP TRIGGER journal_payload_no_delete")
        op.execute(
            "CREATE TRIGGER journal_payload_no_delete BEFORE DELETE ON journal_payload "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        )
    op.drop_table("erasure")
