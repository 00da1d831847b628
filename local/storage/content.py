"""The bytes of objects: one file per generation, never changed once it is there.

Bytes come in under `incoming/` and are synced; `publish` then gives them their name under `content/`. A crash leaves at most a
file that no row of the database names, and `sweep` removes those at the next start.
"""

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class Content:
    def __init__(self, folder: Path) -> None:
        self._incoming = folder / "incoming"
        self._published = folder / "content"
        for path in (self._incoming, self._published):
            path.mkdir(mode=0o700, exist_ok=True)

    def incoming(self, token: str) -> Path:
        """`token` must be one that we made."""
        return self._incoming / token

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """A path for bytes that come in; whatever is there at the end is removed."""
        path = self.incoming(secrets.token_hex(16))
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def publish(self, source: Path, generation: int) -> None:
        """`source` stays where it is: a crash before the commit must not lose it."""
        # one that a failed commit left behind
        self._file(generation).unlink(missing_ok=True)
        os.link(source, self._file(generation))
        sync_folder(self._published)

    def lend(self, generation: int, to: Path) -> None:
        """The published bytes under another name, without a copy."""
        os.link(self._file(generation), to)

    def open(self, generation: int) -> BinaryIO:
        return self._file(generation).open("rb")

    def remove(self, generations: Iterable[int]) -> None:
        for generation in generations:
            self._file(generation).unlink(missing_ok=True)

    def sweep(self, tokens: set[str], generations: set[int]) -> None:
        """Remove all but these."""
        for folder, keep in ((self._incoming, tokens), (self._published, {str(each) for each in generations})):
            for path in folder.iterdir():
                if path.name not in keep:
                    path.unlink()

    def _file(self, generation: int) -> Path:
        return self._published / str(generation)


def concatenate(sources: Iterable[BinaryIO], to: Path) -> None:
    with to.open("xb") as target:
        for source in sources:
            shutil.copyfileobj(source, target, 1 << 20)
        sync(target)


def sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
