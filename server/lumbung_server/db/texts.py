"""How each database finds words: SQLite by an FTS5 index that triggers keep, PostgreSQL by a GIN index.

Both hold the words as `lumbung_shared.folding` makes them: no database folds or cuts anything by rules of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Dialect, Select, bindparam, literal_column, select, table, text

from lumbung_server.db.tables import record_text

_VECTOR = "array_to_tsvector(string_to_array(words, ' '))"

SEARCHING: Final[Mapping[str, Sequence[str]]] = {
    "sqlite": (
        "CREATE VIRTUAL TABLE record_words USING fts5(words, content='record_text', content_rowid='number', "
        "tokenize='ascii', detail='none', columnsize=0)",
        "CREATE TRIGGER record_text_added AFTER INSERT ON record_text BEGIN "
        "INSERT INTO record_words (rowid, words) VALUES (new.number, new.words); END",
        "CREATE TRIGGER record_text_dropped AFTER DELETE ON record_text BEGIN "
        "INSERT INTO record_words (record_words, rowid, words) VALUES ('delete', old.number, old.words); END",
        "CREATE TRIGGER record_text_changed AFTER UPDATE OF words ON record_text WHEN old.words <> new.words BEGIN "
        "INSERT INTO record_words (record_words, rowid, words) VALUES ('delete', old.number, old.words); "
        "INSERT INTO record_words (rowid, words) VALUES (new.number, new.words); END",
    ),
    "postgresql": (f"CREATE INDEX record_text_words ON record_text USING gin ({_VECTOR})",),
}
"""What a migration runs once `record_text` is there."""


def has_words(dialect: Dialect) -> ColumnElement[bool]:
    """Return the condition that a text has what the parameter `sought` asks for, as `asked` says it."""
    if dialect.name == "postgresql":
        vector: ColumnElement[Any] = literal_column(_VECTOR)
        return vector.bool_op("@@")(text("CAST(:sought AS tsquery)").bindparams(bindparam("sought")))
    found: Select[Any] = select(literal_column("rowid")).select_from(table("record_words"))
    return record_text.c.number.in_(found.where(text("record_words MATCH :sought").bindparams(bindparam("sought"))))


def asked(dialect: Dialect, words: Iterable[str], places: Iterable[str]) -> str:
    """Return what a search asks for: something that begins like each of the words, in one of the places.

    `words`, `places`: as they are stored, letters and digits alone.
    """
    begun, exact, both, either = ("'{}':*", "'{}'", " & ", " | ")
    if dialect.name == "sqlite":
        begun, exact, both, either = ('"{}" *', '"{}"', " AND ", " OR ")
    somewhere = either.join(map(exact.format, places))
    return both.join([*map(begun.format, words), f"({somewhere})"])
