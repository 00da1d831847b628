"""A tar exactly as Go's archive/tar writes it for Pulumi's engine, whose hash of an archive is the hash of these bytes.

Python's own writer names the header of a long name differently and leaves the device numbers empty.
"""

import posixpath
from collections.abc import Iterable

_BLOCK = 512
_NAME, _PREFIX = 100, 155


def packed(members: Iterable[tuple[str, bytes]]) -> bytes:
    return b"".join(_entry(name, data) for name, data in members) + bytes(2 * _BLOCK)


def _entry(name: str, data: bytes) -> bytes:
    split = ("", name) if len(name) <= _NAME else _split(name)
    if name.isascii() and split:
        return _header(split[1], len(data), "0", prefix=split[0], mode=0o600) + _padded(data)
    record = _record("path", name)
    folder, file = posixpath.split(name)
    return (
        _header(posixpath.join(folder, "PaxHeaders.0", file), len(record), "x", bare=True)
        + _padded(record)
        + _header(name, len(data), "0", mode=0o600)
        + _padded(data)
    )


def _split(name: str) -> tuple[str, str] | None:
    """Prefix and rest at the last slash that lets both fit their fields."""
    at = name[: _PREFIX + 1].rfind("/")
    if at <= 0 or not 0 < len(name) - at - 1 <= _NAME:
        return None
    return name[:at], name[at + 1 :]


def _record(key: str, value: str) -> bytes:
    """A line that starts with its own length."""
    rest = f" {key}={value}\n".encode()
    length = len(rest)
    while length != len(rest) + len(str(length)):
        length = len(rest) + len(str(length))
    return str(length).encode() + rest


def _header(name: str, size: int, flag: str, prefix: str = "", mode: int = 0, bare: bool = False) -> bytes:
    devices = b"" if bare else b"0000000\0" * 2
    fields = (
        (0, _text(name)[:_NAME]),
        (100, f"{mode:07o}\0{0:07o}\0{0:07o}\0{size:011o}\0{0:011o}\0".encode()),
        (148, b" " * 8 + flag.encode()),
        (257, b"ustar\x0000"),
        (329, devices),
        (345, _text(prefix)),
    )
    block = bytearray(_BLOCK)
    for at, value in fields:
        block[at : at + len(value)] = value
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    return bytes(block)


def _text(name: str) -> bytes:
    return name.encode("ascii", "ignore")


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _BLOCK)
