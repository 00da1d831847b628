"""Bytes on their way through: each picture once in memory, outside the heap, and a budget for all of them together."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Protocol, Self

import google_crc32c

from services.upload.identifiers import checksum, crc32c

_PIECE = 256 * 1024
_SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK


class Bytes(Protocol):
    """`crc32c` as Cloud Storage writes it; `pieces` may be asked for more than once."""

    @property
    def size(self) -> int: ...

    @property
    def crc32c(self) -> str: ...

    def pieces(self) -> Iterator[bytes]: ...


class Text:
    """Bytes that are in memory anyway."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)
        self.crc32c = crc32c(data)

    def pieces(self) -> Iterator[bytes]:
        yield self._data


class Held:
    """Bytes in a file that has no name and no disk. Another process can be handed `fd`."""

    def __init__(self, fd: int = -1) -> None:
        """`fd` is another such file, which this one closes."""
        self.fd = fd if fd >= 0 else os.memfd_create("picture", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        self.size = 0
        self._crc = 0

    @property
    def crc32c(self) -> str:
        return checksum(self._crc)

    def write(self, piece: bytes) -> int:
        self._crc = google_crc32c.extend(self._crc, piece)
        view = memoryview(piece)
        while view:
            view = view[os.write(self.fd, view) :]
        self.size += len(piece)
        return len(piece)

    def seal(self) -> None:
        """From now on nobody changes it, no process that was handed it either."""
        fcntl.fcntl(self.fd, fcntl.F_ADD_SEALS, _SEALS)

    def made(self, size: int) -> None:
        """It was written elsewhere; these are its first `size` bytes."""
        os.ftruncate(self.fd, size)
        self.seal()
        self.size = size
        for piece in self.pieces():
            self._crc = google_crc32c.extend(self._crc, piece)

    def pieces(self) -> Iterator[bytes]:
        for offset in range(0, self.size, _PIECE):
            yield os.pread(self.fd, min(_PIECE, self.size - offset), offset)

    def read(self) -> bytes:
        return b"".join(self.pieces())

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class Full(Exception):
    """More bytes are on their way than there is room for."""


class Budget:
    """What bounds the memory of pictures, however many threads there are. Whoever finds it full waits a little before giving up."""

    def __init__(self, most: int, patience_s: float) -> None:
        self._left, self._patience_s = most, patience_s
        self._changed = threading.Condition()

    @contextmanager
    def hold(self, size: int) -> Iterator[None]:
        """Raises Full."""
        end = time.monotonic() + self._patience_s
        with self._changed:
            while self._left < size:
                if not self._changed.wait(end - time.monotonic()):
                    raise Full(f"no room for {size} bytes; {self._left} are left")
            self._left -= size
        try:
            yield
        finally:
            with self._changed:
                self._left += size
                self._changed.notify_all()
