"""The site file: persons apart from the sites where they are contacts, versions of parts, the service desk's tasks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OPEN = "done_at IS NULL"
_TEXT = sa.text("''")


def upgrade() -> None:
    for column in _site_columns():
        op.add_column("site", column)
    for column in _system_columns():
        op.add_column("system", column)
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("languages", sa.String(length=60), nullable=False),
        sa.Column("id_code", sa.String(length=20), nullable=True),
        sa.Column("pin_hash", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=False, server_default=_TEXT),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("id_code"),
    )
    op.create_table(
        "person_number",
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("private", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.PrimaryKeyConstraint("person", "position"),
    )
    # So far each contact was a person of their own: who is the same one is for the service desk to say.
    op.execute("INSERT INTO person (id, name, languages) SELECT id, name, languages FROM contact")
    op.execute(
        "INSERT INTO person_number (person, position, label, number) "
        "SELECT contact, position, label, number FROM contact_number"
    )
    op.drop_table("contact_number")
    op.execute("CREATE TABLE contact_before AS SELECT * FROM contact")
    op.drop_index("contact_site", table_name="contact")
    op.drop_table("contact")
    op.create_table(
        "contact",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False, server_default=_TEXT),
        sa.Column("sealed_code_word", sa.Text(), nullable=True),
        sa.Column("sealed_duress_word", sa.Text(), nullable=True),
        sa.Column("away_from", sa.BigInteger(), nullable=True),
        sa.Column("away_until", sa.BigInteger(), nullable=True),
        sa.Column("available", sa.Text(), nullable=False, server_default=_TEXT),
        sa.Column("substitute", sa.String(length=60), nullable=False, server_default=_TEXT),
        sa.Column("suspended", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.ForeignKeyConstraint(["site"], ["site.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("contact_site", "contact", ["site", "position"], unique=False)
    op.create_index("ix_contact_person", "contact", ["person"], unique=False)
    kept = "id, site, position, role, sealed_code_word, sealed_duress_word, away_from, away_until"
    op.execute(f"INSERT INTO contact (person, {kept}) SELECT id, {kept} FROM contact_before")
    op.drop_table("contact_before")
    op.create_table(
        "file_part",
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["site.id"]),
        sa.PrimaryKeyConstraint("site", "part"),
    )
    op.create_table(
        "desk_task",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=True),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("done_by", sa.String(length=200), nullable=False, server_default=_TEXT),
        sa.Column("done_why", sa.Text(), nullable=False, server_default=_TEXT),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_desk_task_site", "desk_task", ["site"], unique=False)
    op.create_index(
        "desk_task_open",
        "desk_task",
        ["matter"],
        unique=True,
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )


def _site_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("country", sa.String(length=2), nullable=False, server_default=sa.text("'BE'")),
        sa.Column("customer_group", sa.String(length=100), nullable=False, server_default=_TEXT),
        sa.Column("keys_held", sa.String(length=200), nullable=False, server_default=_TEXT),
        sa.Column("note", sa.Text(), nullable=False, server_default=_TEXT),
        sa.Column("note_until", sa.BigInteger(), nullable=True),
    ]


def _system_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("label", sa.String(length=200), nullable=False, server_default=_TEXT),
        sa.Column("model", sa.String(length=200), nullable=False, server_default=_TEXT),
        sa.Column("in_service_at", sa.BigInteger(), nullable=True),
        sa.Column("out_of_service_at", sa.BigInteger(), nullable=True),
        sa.Column("replaced_by", sa.String(length=40), nullable=False, server_default=_TEXT),
    ]


def downgrade() -> None:
    op.drop_index(
        "desk_task_open",
        table_name="desk_task",
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )
    op.drop_index("ix_desk_task_site", table_name="desk_task")
    op.drop_table("desk_task")
    op.drop_table("file_part")
    # A table that others refer to cannot be rebuilt: their numbers wait beside it.
    op.execute(
        "CREATE TABLE number_before AS SELECT c.id AS contact, n.position, n.label, n.number "
        "FROM contact c JOIN person_number n ON n.person = c.person"
    )
    op.add_column("contact", sa.Column("name", sa.String(length=200), nullable=False, server_default=_TEXT))
    op.add_column("contact", sa.Column("languages", sa.String(length=60), nullable=False, server_default=_TEXT))
    op.execute(
        "UPDATE contact SET name = (SELECT name FROM person WHERE person.id = contact.person), "
        "languages = (SELECT languages FROM person WHERE person.id = contact.person)"
    )
    op.drop_index("ix_contact_person", table_name="contact")
    with op.batch_alter_table("contact") as contact:
        for column in ("suspended", "substitute", "available", "rights", "person"):
            contact.drop_column(column)
        contact.alter_column("name", server_default=None)
        contact.alter_column("languages", server_default=None)
    op.create_table(
        "contact_number",
        sa.Column("contact", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contact.id"]),
        sa.PrimaryKeyConstraint("contact", "position"),
    )
    op.execute(
        "INSERT INTO contact_number (contact, position, label, number) "
        "SELECT contact, position, label, number FROM number_before"
    )
    op.drop_table("number_before")
    op.drop_table("person_number")
    op.drop_table("person")
    for kept in _system_columns():
        op.drop_column("system", kept.name)
    for kept in _site_columns():
        op.drop_column("site", kept.name)
