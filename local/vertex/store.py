"""The state of the local Vertex AI: one SQLite file of JSON resources, each written in one transaction."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from local.interfaces import Json
from local.vertex.errors import missing, taken

_SCHEMA = "CREATE TABLE IF NOT EXISTS resource (name TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL)"


class Store:
    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        # The write-ahead log survives kill -9 with no fsync per call; only a power cut may lose the last calls.
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def find(self, name: str) -> Json | None:
        row = self._db.execute("SELECT body FROM resource WHERE name = ?", (name,)).fetchone()
        return None if row is None else _loads(row[0])

    def get(self, name: str) -> Json:
        """Raises NOT_FOUND."""
        found = self.find(name)
        if found is None:
            raise missing(name)
        return found

    def insert(self, kind: str, name: str, body: Json) -> None:
        """Raises ALREADY_EXISTS."""
        try:
            self._db.execute("INSERT INTO resource VALUES (?, ?, ?)", (name, kind, json.dumps(body)))
        except sqlite3.IntegrityError:
            raise taken(name) from None

    def put(self, kind: str, name: str, body: Json) -> None:
        self._db.execute("INSERT OR REPLACE INTO resource VALUES (?, ?, ?)", (name, kind, json.dumps(body)))

    def delete(self, name: str) -> None:
        self._db.execute("DELETE FROM resource WHERE name = ?", (name,))

    def all(self, kind: str) -> Iterator[Json]:
        for row in self._db.execute("SELECT body FROM resource WHERE kind = ? ORDER BY name", (kind,)).fetchall():
            yield _loads(row[0])


def _loads(text: str) -> Json:
    body: Json = json.loads(text)
    return body
