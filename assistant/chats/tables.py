"""The tables of kept chats.

chat_meta      key -> value             the version of these tables
chats          id -> owner, title       whose each is, and when it was made and last added to
chat_turns     id -> chat_id, number    a question and its answer, as `Answer.to_dict()` in JSON
chat_feedback  turn_id -> vote, reason

They may stand beside those of a catalogue. `folded` is what a search looks through.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

SCHEMA_VERSION = 1

_metadata = sa.MetaData()
# Strings compare by their bytes, as SQLite has it, and not by a dictionary of the server's.
_String = sa.String().with_variant(sa.String(collation="C"), "postgresql")

META = sa.Table(
    "chat_meta",
    _metadata,
    sa.Column("key", _String, primary_key=True),
    sa.Column("value", _String, nullable=False),
)
CHATS = sa.Table(
    "chats",
    _metadata,
    sa.Column("id", _String, primary_key=True),
    sa.Column("owner", _String, nullable=False),
    sa.Column("title", _String, nullable=False),
    sa.Column("folded", _String, nullable=False),
    sa.Column("made", _String, nullable=False),  # UTC, ISO 8601 with microseconds: sorts by time
    sa.Column("changed", _String, nullable=False),
    sa.Column("imported", sa.Boolean, nullable=False),
    sa.Index("chats_newest", "owner", "changed", "id"),
)
TURNS = sa.Table(
    "chat_turns",
    _metadata,
    sa.Column("id", _String, primary_key=True),
    sa.Column("chat_id", _String, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("asked", _String, nullable=False),
    sa.Column("question", _String, nullable=False),
    sa.Column("folded", _String, nullable=False),
    sa.Column("filters", _String, nullable=False),  # JSON, escaped to ASCII, as the answer is
    sa.Column("answer", _String),
    sa.Column("error", _String),
    sa.Column("stopped", sa.Boolean, nullable=False),
    sa.UniqueConstraint("chat_id", "number"),
)
FEEDBACK = sa.Table(
    "chat_feedback",
    _metadata,
    sa.Column("turn_id", _String, primary_key=True),
    sa.Column("vote", sa.Integer, nullable=False),
    sa.Column("reason", _String, nullable=False),
    sa.Column("given", _String, nullable=False),
)


def version(connection: Connection) -> str | None:
    """Which version the tables are of; None where there are none."""
    if not sa.inspect(connection).has_table(META.name):
        return None
    query = sa.select(META.c.value).where(META.c.key == "schema_version")
    return connection.execute(query).scalar_one_or_none()


def create(connection: Connection, schema: str) -> None:
    """Make the tables where they are missing; `schema`: of a server's database, made as well."""
    if connection.dialect.name == "postgresql":
        # Two who make a table at once get in each other's way, whatever IF NOT EXISTS says.
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(schema))))
        if not sa.inspect(connection).has_schema(schema):
            connection.execute(sa.schema.CreateSchema(schema))
    _metadata.create_all(connection)
    if version(connection) is None:
        connection.execute(sa.insert(META).values(key="schema_version", value=str(SCHEMA_VERSION)))
