"""Cloud Storage: objects that a program uploads."""

import asyncio
import base64
import binascii
import mimetypes
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from local.interfaces import Cloud, Json
from local.provider import refusals
from local.provider.assets import content
from local.provider.catalog.members import one
from local.provider.catalog.storage import BUCKET, CLASSES
from local.provider.names import Autoname, filled
from local.provider.records import State
from local.provider.schema import (
    FILLED,
    FIXED,
    REQUIRED,
    SECRET,
    apart,
    asset,
    block,
    blocks,
    deletion_policy,
    exactly_one,
    flag,
    mapping,
    text,
)
from local.provider.types import Act, Inputs, Room, Type
from local.provider.validation import Failure
from local.provider.wire import Archive, Asset


class _Objects(Room):
    sees = "the object: its content by md5hash, contentType, storageClass, generation; gone"

    async def put(self, act: Act) -> State:
        data = await asyncio.to_thread(_data, act)
        metadata = {str(name): str(value) for name, value in (act.state.get("metadata") or {}).items()}
        bucket, name = str(act.state["bucket"]), str(act.state["name"])
        written = act.cloud.storage.write(bucket, name, data, _content_type(act.state), metadata)
        return _outputs(written) | {"detectMd5hash": written["md5Hash"]}

    async def delete(self, act: Act) -> None:
        act.cloud.storage.delete(str(act.state["bucket"]), str(act.state["name"]))

    async def look(self, cloud: Cloud, identity: str, recorded: State | None) -> State | None:
        found = recorded and cloud.storage.object(recorded["bucket"], recorded["name"])
        if not recorded or not found:
            return None
        same = found.get("md5Hash") == recorded.get("md5hash")
        return recorded | _outputs(found) | ({} if same else {"detectMd5hash": found.get("md5Hash")})


def _data(act: Act) -> bytes:
    source = act.inputs.get("source")
    if isinstance(source, Asset | Archive):
        return content(source, act.settings.directory)
    return str(act.inputs.get("content") or "").encode()


def _content_type(state: State) -> str:
    """As the API guesses: by the name; an archive is a zip."""
    if state.get("contentType"):
        return str(state["contentType"])
    if isinstance(state.get("source"), Archive):
        return "application/zip"
    guessed, _ = mimetypes.guess_type(str(state["name"]))
    return guessed or ("text/plain; charset=utf-8" if state.get("content") is not None else "application/octet-stream")


def _outputs(found: Json) -> State:
    digest = base64.b64decode(found["md5Hash"])
    return {
        "crc32c": found["crc32c"],
        "md5hash": found["md5Hash"],
        "md5hexhash": binascii.hexlify(digest).decode(),
        "generation": int(found["generation"]),
        "contentType": found.get("contentType"),
        "storageClass": found.get("storageClass", "STANDARD"),
        "mediaLink": _media_link(found),
    }


def _media_link(found: Json) -> str:
    """`bucket` and `name` as the API encodes them."""
    path = f"{found['bucket']}/o/{_quoted(found['name'])}"
    return f"https://storage.googleapis.com/download/storage/v1/b/{path}?generation={found['generation']}&alt=media"


def _quoted(name: str) -> str:
    return quote(name, safe="")


def _link(state: State) -> Any:
    return filled("https://www.googleapis.com/storage/v1/b/{bucket}/o/{name}", state)


def _metadata(value: dict[str, Any]) -> str:
    """8 KiB in all"""
    size = sum(len(f"{name}{text}".encode()) for name, text in value.items() if isinstance(text, str))
    return "" if size <= 8192 else f"must have at most 8192 bytes in all, not {size}"


def _checks(inputs: Inputs) -> Iterable[Failure]:
    """A name does not start with a slash, which would make a folder without a name."""
    if str(inputs.get("name", "")).startswith("/"):
        yield Failure("name", f"'name' starts with a slash, which makes a folder without a name: {inputs['name']!r}")


TYPES = (
    Type(
        "gcp:storage/bucketObject:BucketObject",
        id="{bucket}-{name}",
        properties={
            "bucket": text(REQUIRED | FIXED),
            "cacheControl": text(FIXED),
            "content": text(FILLED | SECRET),
            "contentDisposition": text(FIXED),
            "contentEncoding": text(FIXED),
            "contentLanguage": text(FIXED),
            "contentType": text(FIXED | FILLED),
            "contexts": block({"customs": blocks({"key": text(REQUIRED), "value": text(REQUIRED)}, REQUIRED)}),
            "customerEncryption": block(
                {
                    "encryptionAlgorithm": text(FIXED, default="AES256"),
                    "encryptionKey": text(REQUIRED | FIXED | SECRET, refuses=refusals.base64_text),
                },
                SECRET,
            ),
            "deletionPolicy": deletion_policy(),
            "detectMd5hash": text(default="different hash"),
            "eventBasedHold": flag(),
            "forceEmptyContentType": flag(FIXED),
            "kmsKeyName": text(FIXED | FILLED, refuses=refusals.key_path),
            "metadata": mapping(FIXED, refuses=_metadata),
            "name": text(FIXED, refuses=refusals.object_name),
            "retention": block({"mode": text(REQUIRED, "Locked", "Unlocked"), "retainUntilTime": text(REQUIRED, refuses=refusals.moment)}),
            "source": asset(FIXED),
            "sourceMd5hash": text(),
            "storageClass": text(FIXED | FILLED, *CLASSES),
            "temporaryHold": flag(),
        },
        groups=(
            exactly_one("content", "source"),
            apart("contentType", "forceEmptyContentType"),
            apart("customerEncryption", "kmsKeyName"),
            apart("eventBasedHold", "retention"),
        ),
        autoname=Autoname(),
        outputs={"outputName": "{name}", "selfLink": _link},
        volatile=frozenset({"crc32c", "md5hash", "md5hexhash", "generation", "mediaLink"}),
        room=_Objects(),
        checks=_checks,
        references=one(BUCKET, "{bucket}", "bucket"),
    ),
)
