"""The spine: journal, sites, people, alarms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("journal", "journal_payload")


def upgrade() -> None:
    op.create_table(
        "act",
        sa.Column("id", sa.String(length=130), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_act_at", "act", ["at"], unique=False)
    op.create_table(
        "alarm",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=True),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("alarm_class", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("zones", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("life_safety", sa.SmallInteger(), nullable=False),
        sa.Column("silent", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("incident", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("clock_from", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("holder", sa.String(length=60), nullable=True),
        sa.Column("holder_name", sa.String(length=200), nullable=True),
        sa.Column("workstation", sa.String(length=60), nullable=True),
        sa.Column("held_since", sa.BigInteger(), nullable=True),
        sa.Column("last_act_at", sa.BigInteger(), nullable=True),
        sa.Column("idle_warned_at", sa.BigInteger(), nullable=True),
        sa.Column("doing", sa.String(length=200), nullable=False),
        sa.Column("calling_since", sa.BigInteger(), nullable=True),
        sa.Column("parked_until", sa.BigInteger(), nullable=True),
        sa.Column("parked_by", sa.String(length=200), nullable=True),
        sa.Column("park_reason", sa.Text(), nullable=False),
        sa.Column("signals", sa.Integer(), nullable=False),
        sa.Column("unseen", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("seen_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_signal_at", sa.BigInteger(), nullable=False),
        sa.Column("last_signal_words", sa.Text(), nullable=False),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_by", sa.String(length=200), nullable=False),
        sa.Column("cancel_channel", sa.String(length=200), nullable=False),
        sa.Column("cancel_why", sa.Text(), nullable=False),
        sa.Column("returned_at", sa.BigInteger(), nullable=True),
        sa.Column("returned_why", sa.Text(), nullable=False),
        sa.Column("out_of_window", sa.SmallInteger(), nullable=False),
        sa.Column("pushed_at", sa.BigInteger(), nullable=True),
        sa.Column("disposition", sa.String(length=30), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(length=200), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "alarm_open_matter",
        "alarm",
        ["matter"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_index("alarm_site", "alarm", ["site", "opened_at"], unique=False)
    op.create_index("alarm_state", "alarm", ["state", "closed_at"], unique=False)
    op.create_table(
        "journal",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("panel_time", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=True),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("alarm", sa.String(length=40), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=True),
        sa.Column("in_test", sa.SmallInteger(), nullable=False),
        sa.Column("payload_digest", sa.String(length=64), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("journal_alarm", "journal", ["alarm", "seq"], unique=False)
    op.create_index("journal_site", "journal", ["site", "seq"], unique=False)
    op.create_index("journal_time", "journal", ["time"], unique=False)
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("journal_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("alarm_day", sa.String(length=6), nullable=False),
        sa.Column("alarm_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "journal_payload",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("actor_from", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "operator",
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("login"),
    )
    op.create_table(
        "repeat_key",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.SmallInteger(), nullable=False),
        sa.Column("presented", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "path"),
    )
    op.create_table(
        "sealed_frame",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("premises_number", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "alarm_signal",
        sa.Column("alarm", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("panel_time", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("zone_name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("in_test", sa.SmallInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alarm"],
            ["alarm.id"],
        ),
        sa.PrimaryKeyConstraint("alarm", "seq", "part"),
    )
    op.create_index("alarm_signal_seq", "alarm_signal", ["seq"], unique=False)
    op.create_table(
        "area",
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("state_at", sa.BigInteger(), nullable=True),
        sa.Column("state_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("site", "area"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("alarm", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alarm"],
            ["alarm.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_attempt_alarm", "attempt", ["alarm"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("languages", sa.String(length=60), nullable=False),
        sa.Column("sealed_code_word", sa.Text(), nullable=True),
        sa.Column("sealed_duress_word", sa.Text(), nullable=True),
        sa.Column("away_from", sa.BigInteger(), nullable=True),
        sa.Column("away_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["site"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("contact_site", "contact", ["site", "position"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("alarm", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alarm"],
            ["alarm.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_note_alarm", "note", ["alarm"], unique=False)
    op.create_table(
        "operator_role",
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["login"],
            ["operator.login"],
        ),
        sa.PrimaryKeyConstraint("login", "role"),
    )
    op.create_table(
        "session",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("workstation", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("last_beat", sa.BigInteger(), nullable=False),
        sa.Column("active_at", sa.BigInteger(), nullable=False),
        sa.Column("active_alarm", sa.Text(), nullable=True),
        sa.Column("locked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["login"],
            ["operator.login"],
        ),
        sa.PrimaryKeyConstraint("token_digest"),
    )
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
        sa.ForeignKeyConstraint(
            ["site"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("site"),
    )
    op.create_table(
        "system",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("sealed_key", sa.Text(), nullable=True),
        sa.Column("clear_allowed", sa.SmallInteger(), nullable=False),
        sa.Column("check_clear_time", sa.SmallInteger(), nullable=False),
        sa.Column("window_before_s", sa.Integer(), nullable=True),
        sa.Column("window_after_s", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["site"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("account"),
    )
    op.create_index("ix_system_site", "system", ["site"], unique=False)
    op.create_table(
        "zone",
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["site"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("site", "area", "zone"),
    )
    op.create_table(
        "contact_number",
        sa.Column("contact", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact"],
            ["contact.id"],
        ),
        sa.PrimaryKeyConstraint("contact", "position"),
    )
    _refuse_changes()


def downgrade() -> None:
    _allow_changes()
    op.drop_table("contact_number")
    op.drop_table("zone")
    op.drop_index("ix_system_site", table_name="system")
    op.drop_table("system")
    op.drop_table("site_test")
    op.drop_table("session")
    op.drop_table("operator_role")
    op.drop_index("ix_note_alarm", table_name="note")
    op.drop_table("note")
    op.drop_index("contact_site", table_name="contact")
    op.drop_table("contact")
    op.drop_index("ix_attempt_alarm", table_name="attempt")
    op.drop_table("attempt")
    op.drop_table("area")
    op.drop_index("alarm_signal_seq", table_name="alarm_signal")
    op.drop_table("alarm_signal")
    op.drop_table("site")
    op.drop_table("sealed_frame")
    op.drop_table("repeat_key")
    op.drop_table("operator")
    op.drop_table("journal_payload")
    op.drop_table("journal_head")
    op.drop_index("journal_time", table_name="journal")
    op.drop_index("journal_site", table_name="journal")
    op.drop_index("journal_alarm", table_name="journal")
    op.drop_table("journal")
    op.drop_index("alarm_state", table_name="alarm")
    op.drop_index("alarm_site", table_name="alarm")
    op.drop_index(
        "alarm_open_matter",
        table_name="alarm",
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.drop_table("alarm")
    op.drop_index("ix_act_at", table_name="act")
    op.drop_table("act")


def _refuse_changes() -> None:
    """The database itself refuses to change or remove what was journaled (I5)."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$"
        )
        for table in APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()"
            )
        return
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
            )
        # INSERT OR REPLACE removes the old row without its DELETE trigger.
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE seq = NEW.seq) "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )


def _allow_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute("DROP FUNCTION journal_is_append_only()")
        return
    for table in APPEND_ONLY:
        for act in ("update", "delete", "replace"):
            op.execute(f"DROP TRIGGER {table}_no_{act}")
