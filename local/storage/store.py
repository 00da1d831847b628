"""The whole state of Cloud Storage in one folder; safe to use from any thread."""

import fcntl
from collections.abc import Mapping
from pathlib import Path

from local.interfaces import Json
from local.layout import Project
from local.storage import checksums
from local.storage.buckets import Buckets
from local.storage.content import Content, sync
from local.storage.database import Database
from local.storage.errors import Conflict, InUse, NotFound
from local.storage.objects import Objects, Upload
from local.storage.records import attributes_in
from local.storage.sessions import Sessions


class Store:
    """Satisfies `interfaces.Storage`; the server's own routes use the three parts directly."""

    def __init__(self, folder: Path, project: Project) -> None:
        self.project = project
        # a second server's sweep would remove what the first one is receiving
        self._lock = (folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise InUse(f"Another local cloud serves {folder}. Stop it first.") from None
        self._database = Database(folder / "metadata.sqlite")
        self.content = Content(folder)
        self.buckets = Buckets(self._database)
        self.objects = Objects(self._database, self.content, self.buckets)
        self.sessions = Sessions(self._database, self.content, self.objects)
        self.sessions.forget_expired()
        self.content.sweep(self.sessions.unfinished(), self.objects.generations())

    def close(self) -> None:
        self._database.close()
        self._lock.close()

    def bucket(self, name: str) -> Json | None:
        found = self.buckets.find(name)
        return found.resource(self.project) if found else None

    def put_bucket(self, name: str, settings: Json) -> Json:
        try:
            made = self.buckets.create(name, settings)
        except Conflict:
            made = self.buckets.replace(name, settings)
        return made.resource(self.project)

    def delete_bucket(self, name: str, force: bool) -> None:
        if force:
            self.objects.empty(name)
        try:
            self.buckets.delete(name)
        except NotFound:
            return

    def object(self, bucket: str, name: str) -> Json | None:
        found = self.objects.find(bucket, name)
        return found.resource() if found else None

    def write(self, bucket: str, name: str, data: bytes, content_type: str, metadata: Mapping[str, str]) -> Json:
        attributes = attributes_in({"contentType": content_type, "metadata": dict(metadata)})
        with self.content.temporary() as path:
            with path.open("xb") as file:
                file.write(data)
                sync(file)
            return self.objects.commit(Upload(bucket, name, attributes), path, checksums.of_file(path)).resource()

    def read(self, bucket: str, name: str) -> bytes:
        _, file = self.objects.open(bucket, name)
        with file:
            return file.read()

    def delete(self, bucket: str, name: str) -> None:
        try:
            self.objects.delete(bucket, name)
        except NotFound:
            return
