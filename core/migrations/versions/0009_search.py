"""Search: what is said, subjects, people and clients by their words; the database itself keeps the indexes right.

SQLite has FTS5 tables that hold the words and no text of their own, fed by triggers: an update tells them the old
words and the new ones. A later revision that rebuilds one of these four tables must make its triggers anew.
PostgreSQL has GIN indexes over what `desk_words` makes of a text. Both split at everything that is no letter or
figure, and fold case, accents and the Latin letters that have no decomposition.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MOST = 100_000
"""Characters of one text; PostgreSQL refuses a document whose words take a megabyte."""
INDEXED = {
    "message": ("ticket_message", "{0}text"),
    "ticket": ("ticket", "{0}number || ' ' || {0}subject"),
    "person": ("participant", "{0}name || ' ' || {0}address"),
    "client": ("client_words", "{0}words"),
}
"""Index: the table, and what is indexed of a row."""
COLUMNS = {"message": "text", "ticket": "number, subject", "person": "name, address", "client": "words"}
LETTERS = {"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ı": "i", "ð": "d", "Ð": "d"}
PAIRS = {"ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th"}


def upgrade() -> None:
    op.create_table(
        "client_words",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("client_id", name="client_words_once"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _on_sqlite()
    else:
        _on_postgresql()


def _on_sqlite() -> None:
    for name, (table, words) in INDEXED.items():
        index, new, old = f"find_{name}", _folded(words.format("new.")), _folded(words.format("old."))
        put = f"INSERT INTO {index}(rowid, words) VALUES (new.id, {new})"  # noqa: S608
        take = f"INSERT INTO {index}({index}, rowid, words) VALUES ('delete', old.id, {old})"  # noqa: S608
        # "0" of `remove_diacritics` would keep accents, "1" misses some letters with two of them.
        tokens = "unicode61 remove_diacritics 2"
        op.execute(f"CREATE VIRTUAL TABLE {index} USING fts5(words, content='', tokenize='{tokens}')")
        filled = _folded(words.format(""))
        op.execute(f"INSERT INTO {index}(rowid, words) SELECT id, {filled} FROM {table}")  # noqa: S608
        op.execute(f"CREATE TRIGGER {index}_new AFTER INSERT ON {table} BEGIN {put}; END")
        op.execute(f"CREATE TRIGGER {index}_gone AFTER DELETE ON {table} BEGIN {take}; END")
        op.execute(f"CREATE TRIGGER {index}_other AFTER UPDATE OF {COLUMNS[name]} ON {table} BEGIN {take}; {put}; END")


def _folded(words: str) -> str:
    """FTS5 folds what has a decomposition; the other letters are replaced before."""
    words = f"substr({words}, 1, {MOST})"
    for letter, plain in {**LETTERS, **PAIRS}.items():
        words = f"replace({words}, '{letter}', '{plain}')"
    return words


def _on_postgresql() -> None:
    words = f"left(said, {MOST})"
    for letter, plain in PAIRS.items():
        words = f"replace({words}, '{letter}', '{plain}')"
    words = f"translate({words}, '{''.join(LETTERS)}', '{''.join(LETTERS.values())}')"
    # Decomposed first, so that lower() has plain letters to do with in a database of locale C as well.
    words = rf"lower(regexp_replace(normalize({words}, NFKD), '[\u0300-\u036f]+', '', 'g'))"
    no_letters = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+"
    words = f"left(regexp_replace({words}, '{no_letters}', ' ', 'g'), {MOST})"
    op.execute(
        "CREATE FUNCTION desk_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE "
        f"AS $$ SELECT to_tsvector('pg_catalog.simple'::regconfig, {words}) $$"
    )
    for name, (table, indexed) in INDEXED.items():
        op.execute(f"CREATE INDEX find_{name} ON {table} USING gin (desk_words({indexed.format('')}))")


def downgrade() -> None:
    for name in INDEXED:
        if op.get_bind().dialect.name != "sqlite":
            op.execute(f"DROP INDEX find_{name}")
            continue
        for event in ("new", "gone", "other"):
            op.execute(f"DROP TRIGGER find_{name}_{event}")
        op.execute(f"DROP TABLE find_{name}")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION desk_words(text)")
    op.drop_table("client_words")
