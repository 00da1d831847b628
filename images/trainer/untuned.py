"""The model as it was before it was tuned, drawn with to compare: loaded when it is first asked for, and kept."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it imports torch, which is to be loaded behind the open port
    from images.trainer.family import Family


class NoBase(ValueError):
    """This endpoint was not told which model was tuned."""


class StillLoading(Exception):
    """Ask again in a moment."""


class Untuned:
    def __init__(self, uri: str, load: Callable[[str], Family]) -> None:
        self.uri, self.load = uri, load
        self._family: Future[Family] | None = None
        self._lock = threading.Lock()

    def family(self, patience: float) -> Family:
        """Raises NoBase; StillLoading after `patience` seconds, in which others draw; and what `load` raises, once: the next to ask tries
        again."""
        if not self.uri:
            raise NoBase("this model does not know what it was tuned from: train it again to compare")
        loading = self._loading()
        try:
            return loading.result(patience)
        except TimeoutError:
            if not loading.done():
                raise StillLoading("the untuned model is still loading; ask again in a moment") from None
            raise

    def _loading(self) -> Future[Family]:
        with self._lock:
            if self._family is None or (self._family.done() and self._family.exception()):
                self._family = Future()
                threading.Thread(target=self._load, args=[self._family], name="untuned", daemon=True).start()
            return self._family

    def _load(self, family: Future[Family]) -> None:
        try:
            family.set_result(self.load(self.uri))
        except Exception as error:  # the thread's edge: whoever asks is told
            print(f"the untuned model could not be loaded: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            family.set_exception(error)
        else:
            print(f"ready to compare: {self.uri}", flush=True)
