"""Resumable upload sessions: what a client may still send, kept so that it survives the server."""

import json
import secrets
import sqlite3
import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from local.interfaces import Json
from local.storage import checksums
from local.storage.checksums import Expected
from local.storage.conditions import Conditions
from local.storage.content import Content, sync
from local.storage.database import Database
from local.storage.errors import NotFound, SessionGone, StorageError
from local.storage.objects import Objects, Upload
from local.storage.records import ObjectRecord

# Google's: a session lives for a week, and only whole multiples of this stay until the last chunk came
LIFETIME_S = 7 * 86_400
GRANULE = 256 << 10
# after so many bytes within one request the session's offset is put on disk
_CHECKPOINT = 8 << 20


@dataclass
class Session:
    """`received` bytes are there; the first `safe` of them outlive a crash. `result` is the made object."""

    id: str
    upload: Upload
    received: int
    safe: int
    total: int | None
    origin: str | None
    result: Json | None

    @property
    def complete(self) -> bool:
        return self.total == self.received


class Sessions:
    """Synchronous; the caller sees to it that one thread at a time acts on a session."""

    def __init__(self, database: Database, content: Content, objects: Objects) -> None:
        self._db = database
        self._content = content
        self._objects = objects

    def start(self, upload: Upload, total: int | None, origin: str | None) -> str:
        """The identifier, which is all that a client needs to show to send the bytes."""
        self._objects.check(upload)
        identifier = secrets.token_urlsafe(48)
        self._content.incoming(identifier).touch(exist_ok=False)
        self._db.execute(
            "INSERT INTO sessions VALUES (?, ?, ?, 0, ?, ?, ?, NULL)",
            identifier,
            upload.bucket,
            time.time(),
            total,
            origin,
            json.dumps(asdict(upload)),
        )
        return identifier

    def load(self, identifier: str) -> Session:
        """Raises NotFound, or SessionGone after its week."""
        row = self._db.row("SELECT * FROM sessions WHERE id = ?", identifier)
        if row is None:
            raise NotFound("No such upload session. It was cancelled, refused, or never started.")
        if row["started"] < time.time() - LIFETIME_S:
            raise SessionGone("The upload session is older than a week. Start a new one.")
        return _session(row)

    def origin(self, identifier: str) -> str | None:
        """Of the request that started the session: the one that browsers are let in by, as at Google's."""
        row = self._db.row("SELECT origin FROM sessions WHERE id = ?", identifier)
        return row["origin"] if row else None

    def append(self, session: Session, block: bytes) -> None:
        with self._content.incoming(session.id).open("r+b") as file:
            file.seek(session.received)
            file.truncate()
            file.write(block)
        session.received += len(block)
        if session.received - session.safe >= _CHECKPOINT:
            self._checkpoint(session)

    def settle(self, session: Session) -> None:
        """At the end of a request: an unfinished session keeps whole granules."""
        session.received = _whole(session.received, session.total)
        self._checkpoint(session)

    def finish(self, session: Session, expected: Expected) -> ObjectRecord:
        """Make the object. If it is refused the session is over, as at Google's."""
        path = self._content.incoming(session.id)
        try:
            upload = replace(session.upload, expected=session.upload.expected.joined(expected))
            made = self._objects.commit(upload, path, checksums.of_file(path), within=lambda made: self._conclude(session, made))
        except StorageError:
            self.cancel(session.id)
            raise
        path.unlink()
        return made

    def cancel(self, identifier: str) -> None:
        self._db.execute("DELETE FROM sessions WHERE id = ?", identifier)
        self._content.incoming(identifier).unlink(missing_ok=True)

    def forget_expired(self) -> None:
        self._db.execute("DELETE FROM sessions WHERE started < ?", time.time() - LIFETIME_S)

    def unfinished(self) -> set[str]:
        return {row["id"] for row in self._db.rows("SELECT id FROM sessions WHERE result IS NULL")}

    def _checkpoint(self, session: Session) -> None:
        with self._content.incoming(session.id).open("r+b") as file:
            file.truncate(session.received)
            sync(file)
        self._db.execute("UPDATE sessions SET received = ?, total = ? WHERE id = ?", session.received, session.total, session.id)
        session.safe = session.received

    def _conclude(self, session: Session, made: ObjectRecord) -> None:
        session.result = made.resource()
        self._db.execute("UPDATE sessions SET result = ? WHERE id = ?", json.dumps(session.result), session.id)


def _whole(received: int, total: int | None) -> int:
    return received if received == total else received - received % GRANULE


def _session(row: sqlite3.Row) -> Session:
    received = _whole(row["received"], row["total"])
    return Session(
        id=row["id"],
        upload=_upload(json.loads(row["upload"])),
        received=received,
        safe=received,
        total=row["total"],
        origin=row["origin"],
        result=json.loads(row["result"]) if row["result"] else None,
    )


def _upload(stored: dict[str, Any]) -> Upload:
    sizes = stored["sizes"]
    return Upload(
        bucket=stored["bucket"],
        name=stored["name"],
        attributes=stored["attributes"],
        conditions=Conditions(**stored["conditions"]),
        expected=Expected(**stored["expected"]),
        sizes=(sizes[0], sizes[1]) if sizes else None,
        replaces=stored.get("replaces", False),
    )
