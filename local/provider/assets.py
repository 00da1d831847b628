"""The bytes and the hashes of Pulumi's assets and archives, as Pulumi's own engine computes them.

An archive's hash is that of a plain tar of its members, so that a state written with these hashes is taken over by the command line
without a change.
"""

import hashlib
import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from local.provider.errors import Refused
from local.provider.tar import packed
from local.provider.wire import Archive, Asset, Secret

_ARCHIVE_ENDINGS = (".tar", ".tgz", ".tar.gz", ".zip", ".jar")
_CONSTANT_TIME = (1990, 1, 1, 0, 0, 0)


def with_hashes(value: Any, directory: Path) -> Any:
    """Every asset and archive in `value` with its hash. One that only names its hash is left as it is."""
    if isinstance(value, Secret):
        return Secret(with_hashes(value.value, directory))
    if isinstance(value, dict):
        return {name: with_hashes(item, directory) for name, item in value.items()}
    if isinstance(value, list):
        return [with_hashes(item, directory) for item in value]
    if isinstance(value, Asset | Archive) and not value.digest:
        return _hashed(value, directory)
    return value


def _hashed(value: Asset | Archive, directory: Path) -> Asset | Archive:
    if isinstance(value, Asset):
        return Asset({**value.about, "hash": hashlib.sha256(content(value, directory)).hexdigest()})
    members = value.members and {name: _hashed(member, directory) for name, member in value.members.items()}
    path = value.about.get("path", "")
    raw = _file(directory, path) if path.endswith(_ARCHIVE_ENDINGS) else packed(_once(value, directory))
    return replace(value, about={**value.about, "hash": hashlib.sha256(raw).hexdigest()}, members=members)


def content(value: Asset | Archive, directory: Path) -> bytes:
    """What Google's provider would upload: an archive is a zip."""
    if isinstance(value, Archive):
        path = value.about.get("path", "")
        return _file(directory, path) if path.endswith((".zip", ".jar")) else _zip(value, directory)
    if "text" in value.about:
        return value.about["text"].encode()
    if "path" in value.about:
        return _file(directory, value.about["path"])
    raise Refused("this asset has no path and no text: the local cloud does not fetch assets from a URI; use a FileAsset or a StringAsset")


def _file(directory: Path, path: str) -> bytes:
    try:
        return (directory / path).read_bytes()
    except OSError as error:
        raise Refused(f"the asset {path!r} cannot be read: {error.strerror} (relative paths start at {str(directory)!r})") from error


def _members(archive: Archive, directory: Path) -> Iterator[tuple[str, bytes]]:
    """Each name once, in the engine's order: members by name, folders as they are walked."""
    if archive.members is not None:
        for name, member in sorted(archive.members.items()):
            if isinstance(member, Asset):
                yield name, content(member, directory)
            else:
                yield from ((os.path.normpath(f"{name}/{inner}"), data) for inner, data in _members(member, directory))
    elif "path" in archive.about:
        yield from _stored(directory / archive.about["path"])
    elif "uri" in archive.about:
        raise Refused(f"the archive {archive.about['uri']} lies elsewhere: the local cloud does not fetch archives; use a FileArchive")


def _stored(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        yield from ((str(file.relative_to(path)), file.read_bytes()) for file in _walk(path))
    elif path.name.endswith((".zip", ".jar")):
        with zipfile.ZipFile(path) as stored:
            yield from ((os.path.normpath(name), stored.read(name)) for name in stored.namelist() if not name.endswith("/"))
    elif path.name.endswith(_ARCHIVE_ENDINGS):
        with tarfile.open(path) as stored_tar:
            for member in stored_tar:
                if file := stored_tar.extractfile(member):
                    yield os.path.normpath(member.name), file.read()
    else:
        raise Refused(f"{path} is neither a folder nor an archive (.zip, .jar, .tar, .tgz, .tar.gz)")


def _walk(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name == ".pulumi":
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry)
        elif not entry.is_dir():
            yield entry


def _once(archive: Archive, directory: Path) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    for name, data in _members(archive, directory):
        if name not in seen:
            seen.add(name)
            yield name, data


def _zip(archive: Archive, directory: Path) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in _once(archive, directory):
            file.writestr(zipfile.ZipInfo(name, _CONSTANT_TIME), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()
