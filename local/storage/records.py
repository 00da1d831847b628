"""A stored object, and the resource `storage#object` that clients see."""

import base64
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from local.interfaces import Json
from local.storage.checksums import Checksums
from local.storage.errors import Invalid

GOOGLE = "https://storage.googleapis.com"

# what a client may set; all else in a resource is ours
_WRITABLE = frozenset(
    {
        "cacheControl",
        "contentDisposition",
        "contentEncoding",
        "contentLanguage",
        "contentType",
        "customTime",
        "eventBasedHold",
        "metadata",
        "storageClass",
        "temporaryHold",
    }
)
_FLAGS = frozenset({"eventBasedHold", "temporaryHold"})


@dataclass(frozen=True)
class ObjectRecord:
    bucket: str
    name: str
    generation: int
    metageneration: int
    checksums: Checksums
    components: int | None
    created: str
    updated: str
    deleted: str | None
    attributes: Json

    @property
    def content_type(self) -> str:
        return str(self.attributes.get("contentType") or "application/octet-stream")

    @property
    def etag(self) -> str:
        return base64.b64encode(f"{self.generation}/{self.metageneration}".encode()).decode()

    def resource(self, base: str = GOOGLE) -> Json:
        """`base` is where the client reaches us: downloads go to `mediaLink`."""
        optional = {
            "md5Hash": self.checksums.md5,
            "componentCount": self.components,
            "timeDeleted": self.deleted,
        }
        return {
            "kind": "storage#object",
            "id": f"{self.bucket}/{self.name}/{self.generation}",
            **_links(base, self.bucket, self.name, self.generation),
            "name": self.name,
            "bucket": self.bucket,
            "generation": str(self.generation),
            "metageneration": str(self.metageneration),
            "size": str(self.checksums.size),
            "crc32c": self.checksums.crc32c,
            "etag": self.etag,
            "timeCreated": self.created,
            "updated": self.updated,
            "timeStorageClassUpdated": self.created,
            "timeFinalized": self.created,
            **{key: value for key, value in optional.items() if value is not None},
            **self.attributes,
        }


def rebased(resource: Json, base: str) -> Json:
    """The same resource, for a client that reaches us at `base`."""
    return {**resource, **_links(base, resource["bucket"], resource["name"], int(resource["generation"]))}


def _links(base: str, bucket: str, name: str, generation: int) -> dict[str, str]:
    path = f"storage/v1/b/{bucket}/o/{quote(name, safe='')}"
    return {"selfLink": f"{base}/{path}", "mediaLink": f"{base}/download/{path}?generation={generation}&alt=media"}


def record(row: sqlite3.Row) -> ObjectRecord:
    return ObjectRecord(
        bucket=row["bucket"],
        name=row["name"],
        generation=row["generation"],
        metageneration=row["metageneration"],
        checksums=Checksums(row["size"], row["crc32c"], row["md5"]),
        components=row["components"],
        created=row["created"],
        updated=row["updated"],
        deleted=row["deleted"],
        attributes=json.loads(row["attributes"]),
    )


def attributes_in(resource: Mapping[str, Any]) -> Json:
    """What of a resource the client may set. Raises Invalid for values of a wrong kind."""
    chosen = {key: resource[key] for key in sorted(_WRITABLE & resource.keys()) if resource[key] is not None}
    for key, value in chosen.items():
        wanted = dict if key == "metadata" else bool if key in _FLAGS else str
        if not isinstance(value, wanted):
            raise Invalid(f"Invalid value for {key}: {value!r} is not of type {wanted.__name__}.")
        if isinstance(value, str) and not value.isprintable():
            raise Invalid(f"Invalid value for {key}: {value!r} holds control characters.")
    if "metadata" in chosen:
        chosen["metadata"] = {key: str(value) for key, value in chosen["metadata"].items() if value is not None}
    return chosen


def patched(attributes: Json, changes: Mapping[str, Any]) -> Json:
    """JSON merge: null removes, `metadata` is merged key by key."""
    merged = {**attributes, **{key: value for key, value in changes.items() if key != "metadata"}}
    metadata = changes.get("metadata", {})
    if not isinstance(metadata, dict | None):
        raise Invalid(f"Invalid value for metadata: {metadata!r} is not an object.")
    merged["metadata"] = {**attributes.get("metadata", {}), **metadata} if metadata is not None else None
    kept = attributes_in(merged)
    return {key: value for key, value in kept.items() if value != {}}
