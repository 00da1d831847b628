"""A designer's picture: whether it is one, and its clean copy, found out in a child process that may die of it (zygote.py)."""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs.log import log
from services.upload.bodies import Full, Held
from services.upload.safety import SMALL_BYTES
from services.upload.zygote import DONE, ENDS, KILLED, SECONDS

AT_ONCE = 2
# a picture waits for those before it this long at most, and for its own child a little longer than that may take
WAIT_S, ANSWER_S = 20.0, SECONDS + 5.0
_ROOT = Path(__file__).parents[2]
_ANSWER_BYTES = 4096
# A child takes and frees some megabytes a few times. Kept rather than handed back, and in large pages, that costs a tenth less of its time.
_HEAP = ("hugetlb=1", "mmap_threshold=1073741824", "trim_threshold=1073741824", "top_pad=33554432")
_MEMORY = {"GLIBC_TUNABLES": ":".join(f"glibc.malloc.{setting}" for setting in _HEAP)}


@dataclass(frozen=True)
class Picture:
    """`width` and `height` are those of the picture as it came; the clean copy `png` may be smaller, and is the caller's to close.
    `small` is what the safety check looks at."""

    width: int
    height: int
    look: str
    png: Held
    small: bytes


class NotUsable(Exception):
    """`code` is stable; the text is a sentence for the designer."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class Undecided(Exception):
    """No child could look at the picture, through no fault of its own: the caller may try again."""


def check(raw: Held, name: str, resolution: int) -> Picture:
    """Raises NotUsable, Undecided and Full."""
    clean = Held()
    try:
        facts, end = _DECODER.decode(raw, clean, resolution)
        if "code" in facts:
            log("picture not decoded", reason=facts["code"], error=facts.get("error", ""))
            raise NotUsable(facts["code"], f"{name} {facts['text']}")
        if end != DONE or not facts:
            text = f"{name} takes longer or more memory to open than a picture should. Export it again as JPEG or PNG."
            raise NotUsable("TOO_COMPLEX", text)
        small = os.pread(clean.fd, SMALL_BYTES, facts["png"])
        clean.made(facts["png"])
    except BaseException:
        clean.close()
        raise
    return Picture(facts["width"], facts["height"], facts["look"], clean, small)


class Decoder:
    """Starts the zygote with the first picture, and another if that one is gone."""

    def __init__(self, module: str = "services.upload.zygote") -> None:
        self._module = module
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        atexit.register(self.stop)

    def decode(self, raw: Held, clean: Held, resolution: int) -> tuple[dict[str, Any], bytes]:
        """What the child answered, and how it ended. Raises Undecided and Full."""
        if not self._slots.acquire(timeout=WAIT_S):
            raise Full("too many pictures wait to be looked at")
        try:
            return self._ask(raw, clean, resolution)
        finally:
            self._slots.release()

    def stop(self) -> None:
        with self._lock:
            self._stop()

    def _ask(self, raw: Held, clean: Held, resolution: int) -> tuple[dict[str, Any], bytes]:
        mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with mine:
            with its:
                self._send(str(resolution).encode(), [raw.fd, clean.fd, its.fileno()])
            mine.settimeout(ANSWER_S)
            return _answer(mine)

    def _send(self, request: bytes, fds: list[int]) -> None:
        with self._lock:
            try:
                socket.send_fds(self._control or self._start(), [request], fds)
            except OSError:  # it was killed since the picture before
                self._stop()
                socket.send_fds(self._start(), [request], fds)

    def _start(self) -> socket.socket:
        mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-s", "-P", "-m", self._module, str(its.fileno())]
        with its:
            # a child knows nothing that a picture's parser could give away
            self._zygote = subprocess.Popen(
                command,
                env={"PYTHONPATH": str(_ROOT), **_MEMORY},
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._control = mine
        return mine

    def _stop(self) -> None:
        if self._zygote is None or self._control is None:
            return
        self._control.close()
        self._zygote.kill()
        self._zygote.wait()
        self._zygote = self._control = None


def _answer(mine: socket.socket) -> tuple[dict[str, Any], bytes]:
    facts: dict[str, Any] = {}
    try:
        while message := mine.recv(_ANSWER_BYTES):
            if message == KILLED:
                break
            if message in ENDS:
                return facts, message
            facts = json.loads(message)
    except OSError as error:
        raise Undecided(f"no answer: {error!r}") from error
    raise Undecided("the process that looked at it was killed")


_DECODER = Decoder()
