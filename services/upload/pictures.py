"""A designer's picture: whether it is one, and its clean copy, found out in a child process that may die of it."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

_CHILD = Path(__file__).with_name("decode.py")
_AT_ONCE = threading.BoundedSemaphore(2)  # each may take up to a gibibyte
_SECONDS = 20


@dataclass(frozen=True)
class Picture:
    """`width` and `height` are those of the picture as it came; `png` may be smaller."""

    width: int
    height: int
    png: bytes


class NotUsable(Exception):
    """`code` is stable; the text is a sentence for the designer."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def check(data: bytes, name: str) -> Picture:
    """Raises NotUsable."""
    try:
        with _AT_ONCE:
            # -I and an empty environment: the child knows nothing that a picture's parser could give away
            child = subprocess.run([sys.executable, "-I", _CHILD], input=data, capture_output=True, timeout=_SECONDS, env={}, check=False)
    except subprocess.TimeoutExpired:
        child = None
    if child is None or child.returncode != 0:
        raise NotUsable("TOO_COMPLEX", f"{name} takes longer or more memory to open than a picture should. Export it again as JPEG or PNG.")
    line, _, png = child.stdout.partition(b"\n")
    facts = json.loads(line)
    if "code" in facts:
        raise NotUsable(facts["code"], f"{name} {facts['text']}")
    return Picture(facts["width"], facts["height"], png)
