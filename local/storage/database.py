"""Metadata in sqlite: one connection, one writer at a time, safe to call from any thread."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY, metageneration INTEGER NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL,
    settings TEXT NOT NULL, policy TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL REFERENCES buckets, name TEXT NOT NULL, generation INTEGER NOT NULL, metageneration INTEGER NOT NULL,
    size INTEGER NOT NULL, crc32c TEXT NOT NULL, md5 TEXT, components INTEGER,
    created TEXT NOT NULL, updated TEXT NOT NULL, deleted TEXT, attributes TEXT NOT NULL,
    PRIMARY KEY (bucket, name, generation)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS live ON objects (bucket, name) WHERE deleted IS NULL;
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, bucket TEXT NOT NULL REFERENCES buckets ON DELETE CASCADE, started REAL NOT NULL,
    received INTEGER NOT NULL, total INTEGER, origin TEXT, upload TEXT NOT NULL, result TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS clock (last INTEGER NOT NULL) STRICT;
INSERT INTO clock SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM clock);
"""


class Database:
    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        # FULL: content that a commit replaces is deleted right after it, so the commit must not be lost in a power cut
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Nothing changes within."""
        with self._lock:
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is executed within, or nothing. Does not nest."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    def execute(self, sql: str, *values: Any) -> None:
        with self._lock:
            self._connection.execute(sql, values)

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        with self._lock:
            row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
            return row

    def rows(self, sql: str, *values: Any) -> Sequence[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def next_generation(self) -> int:
        """Microseconds since 1970, as Google's; never the same twice, also when the clock was set back."""
        row = self.row("UPDATE clock SET last = max(last + 1, ?) RETURNING last", time.time_ns() // 1000)
        assert row is not None  # noqa: S101  the schema puts the one row there
        return int(row["last"])


def now() -> str:
    """RFC 3339 with milliseconds, as Google writes times."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
