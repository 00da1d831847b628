"""Outlives the daemon by a moment: when the daemon is gone, also by kill -9, it kills every process that the daemon left.

`python reaper.py MARK` reads its standard input, a pipe that only the daemon holds, to the end. It knows the daemon's processes by
the mark in their environment, which children and grandchildren inherit, whatever sessions they open. It needs no import of ours.
"""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

# A process that forks while it is being looked at shows up in one of the next rounds.
_QUIET_ROUNDS = 3
_PAUSE_S = 0.05
_PROC = Path("/proc")


def marked(mark: str) -> list[int]:
    entry = mark.encode()
    return [int(folder.name) for folder in _PROC.iterdir() if folder.name.isdigit() and _carries(folder, entry)]


def _carries(process: Path, entry: bytes) -> bool:
    try:
        return entry in (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def kill(mark: str) -> int:
    """One round; answers how many there were."""
    left = [pid for pid in marked(mark) if pid != os.getpid()] if _PROC.exists() else []
    for pid in left:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    return len(left)


def reap(mark: str) -> None:
    quiet = 0
    while quiet < _QUIET_ROUNDS:
        quiet = 0 if kill(mark) else quiet + 1
        time.sleep(_PAUSE_S)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.buffer.read()
    reap(sys.argv[1])
