"""The first message of a TLS client, read just far enough to know which protocols it offers (RFC 8446 4.1.2, RFC 7301)."""

import asyncio
from dataclasses import dataclass
from typing import Self

_HANDSHAKE = 22
_CLIENT_HELLO = 1
_ALPN = 16
_RECORD_HEADER = 5
_LONGEST_RECORD = 1 << 14


class NotTls(Exception):
    """The client did not begin with a TLS handshake."""


@dataclass(frozen=True)
class ClientHello:
    """`raw` must be handed on: it has been taken off the wire."""

    raw: bytes
    protocols: tuple[str, ...]

    @property
    def grpc_only(self) -> bool:
        """gRPC offers `h2` and nothing to fall back on; HTTP clients always offer `http/1.1` too, or nothing at all."""
        return "h2" in self.protocols and "http/1.1" not in self.protocols

    @classmethod
    async def read(cls, reader: asyncio.StreamReader) -> Self:
        header = await reader.readexactly(_RECORD_HEADER)
        length = int.from_bytes(header[3:])
        if header[0] != _HANDSHAKE or length > _LONGEST_RECORD:
            raise NotTls
        body = await reader.readexactly(length)
        return cls(header + body, tuple(_protocols(_Bytes(body))))


class _Bytes:
    """Takes length-prefixed pieces off the front; what is short is empty."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __bool__(self) -> bool:
        return bool(self._data)

    def take(self, count: int) -> bytes:
        piece, self._data = self._data[:count], self._data[count:]
        return piece

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size))

    def piece(self, size: int) -> "_Bytes":
        return _Bytes(self.take(self.number(size)))


def _protocols(hello: _Bytes) -> list[str]:
    if hello.number(1) != _CLIENT_HELLO:
        raise NotTls
    hello.take(3 + 2 + 32)  # length, version, random
    hello.piece(1)  # session id
    hello.piece(2)  # cipher suites
    hello.piece(1)  # compression methods
    extensions = hello.piece(2)
    while extensions:
        kind, body = extensions.number(2), extensions.piece(2)
        if kind == _ALPN:
            return list(_names(body.piece(2)))
    return []


def _names(listed: _Bytes) -> list[str]:
    names = []
    while listed:
        names.append(listed.piece(1).take(255).decode("latin-1"))
    return names
