"""Assets and archives: their hashes, which the engine computes, since by them a provider sees whether contents changed.

The hash of an archive is that of a tar file of its members, byte for byte as Pulumi's CLI writes it, so that a stack can go
from one engine to the other without a difference.
"""

import hashlib
import os
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from local.engine import values
from local.engine.errors import Refused, ResourceFailed
from local.engine.values import Properties

_TARS = (".tar", ".tar.gz", ".tgz")
_ZIPS = (".zip", ".jar")
_BLOCK = 512
_BOOKKEEPING = ".pulumi"


def present(properties: Properties) -> bool:
    return any(values.is_asset(part) for value in properties.values() for part in values.walk(value))


def with_hashes(properties: Properties, folder: Path) -> Properties:
    """Paths count from the program's folder. Reads every file: not for the event loop."""

    def hashed(part: Any) -> Any:
        return _hashed(part, folder) if values.is_asset(part) else part

    return {key: values.rewrite(value, hashed) for key, value in properties.items()}


def restore(properties: Properties, originals: Properties) -> Properties:
    """A provider that was told only the hash of an asset says it back so: the contents come from the inputs."""
    known = {part["hash"]: part for value in originals.values() for part in values.walk(value) if values.is_asset(part) and "hash" in part}

    def restored(part: Any) -> Any:
        bare = values.is_asset(part) and not {"text", "path", "uri", "assets"} & part.keys()
        return known.get(part.get("hash"), part) if bare else part

    return {key: values.rewrite(value, restored) for key, value in properties.items()}


def _hashed(asset: dict[str, Any], folder: Path) -> dict[str, Any]:
    parts = asset.get("assets")
    if parts is not None:
        asset = {**asset, "assets": {name: _hashed(part, folder) for name, part in parts.items()}}
    if asset.get("hash"):
        return asset
    try:
        return {**asset, "hash": _archive_hash(asset, folder) if asset[values.SIGNATURE] == values.ARCHIVE else _asset_hash(asset, folder)}
    except OSError as error:
        raise ResourceFailed(f"the asset cannot be read: {error}") from error


def _asset_hash(asset: dict[str, Any], folder: Path) -> str:
    return hashlib.sha256(_contents(asset, folder)).hexdigest()


def _contents(asset: dict[str, Any], folder: Path) -> bytes:
    if asset.get("path") or asset.get("uri"):
        return _path(asset, folder).read_bytes()
    return str(asset.get("text", "")).encode()


def _path(asset: dict[str, Any], folder: Path) -> Path:
    if asset.get("path"):
        return folder / str(asset["path"])
    address = urlsplit(asset["uri"])
    if address.scheme != "file":
        raise Refused(f"the asset {asset['uri']} is on the network: only files, folders and texts can be assets here")
    return Path(unquote(address.path))


def _archive_hash(archive: dict[str, Any], folder: Path) -> str:
    digest = hashlib.sha256()
    seen: set[str] = set()
    for name, contents in _members(archive, folder):
        if name not in seen:
            seen.add(name)
            digest.update(_header(name, len(contents)) + contents + bytes(-len(contents) % _BLOCK))
    digest.update(bytes(2 * _BLOCK))
    return digest.hexdigest()


def _members(archive: dict[str, Any], folder: Path) -> Iterator[tuple[str, bytes]]:
    if archive.get("path") or archive.get("uri"):
        yield from _files(_path(archive, folder))
        return
    for name, part in sorted(archive.get("assets", {}).items()):
        if part[values.SIGNATURE] == values.ASSET:
            yield name, _contents(part, folder)
        else:
            for inner, contents in _members(part, folder):
                yield os.path.normpath(f"{name}/{inner}"), contents


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.name.endswith(_ZIPS):
        with zipfile.ZipFile(path) as bundle:
            yield from ((entry.filename, bundle.read(entry)) for entry in bundle.infolist() if not entry.is_dir())
    elif path.name.endswith(_TARS):
        with tarfile.open(path) as bundle:
            yield from ((entry.name, _read(bundle, entry)) for entry in bundle if entry.isfile())
    elif path.is_dir():
        yield from ((str(file.relative_to(path)), file.read_bytes()) for file in _tree(path))
    else:
        raise FileNotFoundError(f"'{path}' is neither a folder nor an archive that can be read")


def _read(bundle: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    file = bundle.extractfile(entry)
    return file.read() if file else b""


def _tree(folder: Path) -> Iterator[Path]:
    """Files and folders of one level together in order of name, as Go walks."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name.encode()):
        if entry.name == _BOOKKEEPING:
            continue
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _tree(entry)
        else:
            yield entry


def _header(name: str, size: int) -> bytes:
    """A USTAR header as Go's archive/tar writes it: Python's tarfile leaves the device numbers empty, Go writes zeros."""
    prefix, name_field = _split(name)
    fields = [name_field.ljust(100, b"\0"), b"0000600\0", b"0000000\0", b"0000000\0", b"%011o\0" % size, b"00000000000\0"]
    tail = [b"0", bytes(100), b"ustar\00000", bytes(64), b"0000000\0", b"0000000\0", prefix.ljust(155, b"\0"), bytes(12)]
    checksum = sum(b"".join([*fields, b" " * 8, *tail]))
    return b"".join([*fields, b"%06o\0 " % checksum, *tail])


def _split(name: str) -> tuple[bytes, bytes]:
    """Names that the header cannot hold are cut, so two such archives may look different to the CLI once; never to us."""
    encoded = name.encode()
    if len(encoded) <= 100:
        return b"", encoded
    cut = encoded[:156].rfind(b"/")
    if cut > 0 and 0 < len(encoded) - cut - 1 <= 100:
        return encoded[:cut], encoded[cut + 1 :]
    return hashlib.sha256(encoded).hexdigest().encode(), encoded[-100:]
