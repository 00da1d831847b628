"""A folder's copy in a bucket: what is put into the folder is uploaded by a thread of its own, so that no step waits for the network."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from images.trainer.buckets import Buckets


class Mirror:
    """What is gone from the folder again before its turn comes is not uploaded at all. What is on its way is linked under another name, so
    that whoever tidies the folder does not cut it off."""

    def __init__(self, folder: Path, uri: str, allowed: Callable[[], bool], complain: Callable[[Exception], None]) -> None:
        """`allowed` is asked before anything is changed in the bucket."""
        self.folder, self.uri, self.allowed, self.complain = folder, uri, allowed, complain
        self._links = folder.parent / f".{folder.name}-on-their-way"
        self._waiting: list[str] = []
        self._changed, self._closed = threading.Condition(), False
        self._thread = threading.Thread(target=self._run, name="mirror", daemon=True)

    def put(self, names: Sequence[str]) -> None:
        """In this order, after what still waits; then whatever else is in the bucket goes, unless the folder has it."""
        with self._changed:
            self._waiting.extend(names)
            self._changed.notify()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        """Once all is there, or cannot be."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        buckets = Buckets()  # of this thread alone: a client is not for two
        while names := self._next():
            try:
                self._upload(buckets, names)
            except OSError as error:
                self.complain(error)

    def _next(self) -> list[str]:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            names, self._waiting = self._waiting, []
            return names

    def _upload(self, buckets: Buckets, names: Sequence[str]) -> None:
        if not self.allowed():
            return
        for name in names:
            if self._linked(name):
                buckets.put_all(self._links, (name,), self.uri)
                (self._links / name).unlink()
        if not self._waiting and self.allowed():  # what is gone here may stand for what still waits
            buckets.keep_only([path.name for path in self.folder.iterdir()], self.uri)

    def _linked(self, name: str) -> bool:
        self._links.mkdir(exist_ok=True)
        (self._links / name).unlink(missing_ok=True)
        try:
            os.link(self.folder / name, self._links / name)
        except FileNotFoundError:
            return False
        return True
