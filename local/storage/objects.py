"""Objects and their generations: every change is one transaction over the metadata and one file."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from local.interfaces import Json
from local.storage import checksums
from local.storage.buckets import Buckets
from local.storage.checksums import Checksums, Expected
from local.storage.conditions import NO_CONDITIONS, Conditions
from local.storage.content import Content, concatenate
from local.storage.database import Database, now
from local.storage.errors import Forbidden, Invalid, NoSuchObject, Occupied
from local.storage.names import check_object_name
from local.storage.records import ObjectRecord, patched, record


@dataclass(frozen=True)
class Upload:
    """An object as a client wants it to be, apart from its bytes. `replaces`: one of that name may be there already."""

    bucket: str
    name: str
    attributes: Json = field(default_factory=dict)
    conditions: Conditions = NO_CONDITIONS
    expected: Expected = checksums.ANY
    sizes: tuple[int, int] | None = None
    replaces: bool = True

    def check(self, found: Checksums) -> None:
        """Raises Invalid if other bytes came than were announced or allowed."""
        self.expected.check(found)
        if self.sizes and not self.sizes[0] <= found.size <= self.sizes[1]:
            raise Invalid(f"The object has {found.size} bytes; x-goog-content-length-range allows {self.sizes[0]} to {self.sizes[1]}.")

    def check_place(self, current: ObjectRecord | None) -> None:
        """Raises ConditionNotMet, Occupied."""
        self.conditions.check_write(current)
        if current is not None and not self.replaces:
            raise Occupied(self.bucket, self.name)


@dataclass(frozen=True)
class Source:
    """A part of a composed object."""

    name: str
    generation: int | None = None
    conditions: Conditions = NO_CONDITIONS


class Objects:
    def __init__(self, database: Database, content: Content, buckets: Buckets) -> None:
        self._db = database
        self._content = content
        self._buckets = buckets

    def find(self, bucket: str, name: str, generation: int | None = None) -> ObjectRecord | None:
        if generation is None:
            row = self._db.row("SELECT * FROM objects WHERE bucket = ? AND name = ? AND deleted IS NULL", bucket, name)
        else:
            row = self._db.row("SELECT * FROM objects WHERE bucket = ? AND name = ? AND generation = ?", bucket, name, generation)
        return record(row) if row else None

    def get(self, bucket: str, name: str, generation: int | None = None, conditions: Conditions = NO_CONDITIONS) -> ObjectRecord:
        """Raises NotFound, ConditionNotMet, NotModified."""
        self._buckets.get(bucket)
        found = self.find(bucket, name, generation)
        if found is None:
            raise NoSuchObject(bucket, name, generation)
        conditions.check_read(found)
        return found

    def open(
        self, bucket: str, name: str, generation: int | None = None, conditions: Conditions = NO_CONDITIONS
    ) -> tuple[ObjectRecord, BinaryIO]:
        """The bytes stay readable until closed, also when the object is deleted meanwhile."""
        with self._db.snapshot():
            found = self.get(bucket, name, generation, conditions)
            return found, self._content.open(found.generation)

    def check(self, upload: Upload) -> None:
        """Raises what `commit` would, as far as it can be known before the bytes came."""
        check_object_name(upload.name)
        with self._db.snapshot():
            self._buckets.get(upload.bucket)
            upload.check_place(self.find(upload.bucket, upload.name))

    def commit(
        self,
        upload: Upload,
        file: Path,
        found: Checksums,
        components: int | None = None,
        within: Callable[[ObjectRecord], None] | None = None,
    ) -> ObjectRecord:
        """Make the synced `file` the live generation. `within` runs in the same transaction."""
        upload.check(found)
        check_object_name(upload.name)
        with self._db.transaction():
            bucket = self._buckets.get(upload.bucket)
            current = self.find(upload.bucket, upload.name)
            upload.check_place(current)
            made = self._new(upload, found, components, str(bucket.settings["storageClass"]))
            self._content.publish(file, made.generation)
            gone = self._retire(current, bucket.versioned)
            self._insert(made)
            if within:
                within(made)
        self._content.remove(gone)
        return made

    def patch(
        self,
        bucket: str,
        name: str,
        changes: Mapping[str, Any],
        *,
        generation: int | None = None,
        conditions: Conditions = NO_CONDITIONS,
        whole: bool = False,
    ) -> ObjectRecord:
        """With `whole`, attributes that are not named are removed."""
        with self._db.transaction():
            found = self.get(bucket, name, generation)
            conditions.check_write(found)
            attributes = patched({} if whole else found.attributes, changes)
            self._db.execute(
                "UPDATE objects SET attributes = ?, updated = ?, metageneration = metageneration + 1 "
                "WHERE bucket = ? AND name = ? AND generation = ?",
                json.dumps(attributes),
                now(),
                bucket,
                name,
                found.generation,
            )
            return self.get(bucket, name, found.generation)

    def delete(self, bucket: str, name: str, generation: int | None = None, conditions: Conditions = NO_CONDITIONS) -> None:
        """In a versioned bucket the live object becomes an old generation, unless that generation was named."""
        with self._db.transaction():
            found = self.get(bucket, name, generation)
            conditions.check_write(found)
            keep = generation is None and self._buckets.get(bucket).versioned
            gone = self._retire(found, keep)
        self._content.remove(gone)

    def compose(self, upload: Upload, sources: Sequence[Source]) -> ObjectRecord:
        if not 1 <= len(sources) <= 32:
            raise Invalid(f"The number of source components provided ({len(sources)}) must be 1 to 32.")
        with self._content.temporary() as file:
            with ExitStack() as opened:
                with self._db.snapshot():
                    parts = [self._part(upload.bucket, each, opened) for each in sources]
                concatenate([bytes_of for _, bytes_of in parts], file)
            attributes = {"contentType": parts[0][0].content_type, **upload.attributes}
            components = sum(part.components or 1 for part, _ in parts)
            return self.commit(replace(upload, attributes=attributes), file, checksums.of_file(file, md5=False), components)

    def _part(self, bucket: str, source: Source, opened: ExitStack) -> tuple[ObjectRecord, BinaryIO]:
        found, file = self.open(bucket, source.name, source.generation, source.conditions)
        return found, opened.enter_context(file)

    def copy(self, source: tuple[str, str], upload: Upload, *, generation: int | None, conditions: Conditions, anew: bool) -> ObjectRecord:
        """The source's attributes come along, unless `anew`."""
        with self._content.temporary() as file:
            with self._db.snapshot():
                found = self.get(*source, generation, conditions)
                self._content.lend(found.generation, file)
            attributes = upload.attributes if anew else {**found.attributes, **upload.attributes}
            return self.commit(replace(upload, attributes=attributes), file, found.checksums, found.components)

    def rows(self, bucket: str, start: tuple[str, int], versions: bool, limit: int) -> Sequence[ObjectRecord]:
        """In order of (name, generation), from `start` on."""
        live = "" if versions else "AND deleted IS NULL"
        rows = self._db.rows(
            f"SELECT * FROM objects WHERE bucket = ? AND (name, generation) >= (?, ?) {live} ORDER BY name, generation LIMIT ?",  # noqa: S608
            bucket,
            *start,
            limit,
        )
        return [record(row) for row in rows]

    def empty(self, bucket: str) -> None:
        """All generations of all objects, for good."""
        with self._db.transaction():
            rows = self._db.rows("DELETE FROM objects WHERE bucket = ? RETURNING generation", bucket)
        self._content.remove(row["generation"] for row in rows)

    def generations(self) -> set[int]:
        return {row["generation"] for row in self._db.rows("SELECT generation FROM objects")}

    def _new(self, upload: Upload, found: Checksums, components: int | None, storage_class: str) -> ObjectRecord:
        made = now()
        return ObjectRecord(
            bucket=upload.bucket,
            name=upload.name,
            generation=self._db.next_generation(),
            metageneration=1,
            checksums=found,
            components=components,
            created=made,
            updated=made,
            deleted=None,
            attributes={"storageClass": storage_class, **upload.attributes},
        )

    def _insert(self, made: ObjectRecord) -> None:
        self._db.execute(
            "INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)",
            made.bucket,
            made.name,
            made.generation,
            made.metageneration,
            made.checksums.size,
            made.checksums.crc32c,
            made.checksums.md5,
            made.components,
            made.created,
            made.updated,
            json.dumps(made.attributes),
        )

    def _retire(self, current: ObjectRecord | None, keep: bool) -> Sequence[int]:
        """Out of the way of a successor; answers the generations whose bytes may go after the commit."""
        if current is None:
            return []
        _refuse_if_held(current)
        key = (current.bucket, current.name, current.generation)
        if keep:
            self._db.execute("UPDATE objects SET deleted = ? WHERE bucket = ? AND name = ? AND generation = ?", now(), *key)
            return []
        self._db.execute("DELETE FROM objects WHERE bucket = ? AND name = ? AND generation = ?", *key)
        return [current.generation]


def _refuse_if_held(current: ObjectRecord) -> None:
    holds = [key for key in ("temporaryHold", "eventBasedHold") if current.attributes.get(key)]
    if holds:
        raise Forbidden(f"Object '{current.bucket}/{current.name}' is under active {holds[0]} and cannot be deleted or overwritten.")
