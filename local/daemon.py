"""The daemon's life: one at a time over a state folder, started in the background, stopped, and cleaned up after."""

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from local.layout import Layout
from local.run import reaper
from local.run.environment import MARKER

_LOG = logging.getLogger("local.cloud")
_GONE_S = 10.0
_STOP_S = 60.0


class DaemonError(Exception):
    """The text says what to do."""


class Lock:
    """Held by the daemon and by its reaper, so that it is free only when nothing of the last daemon is left."""

    def __init__(self, root: Path) -> None:
        self._path = Layout(root).folder("cloud") / "lock"

    def take(self) -> IO[str]:
        """Waits for a killed daemon's remains to go. Raises DaemonError where a daemon lives."""
        file = self._path.open("a+")
        try:
            self._wait_for(file)
        except DaemonError:
            file.close()
            raise
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        return file

    def _wait_for(self, file: IO[str]) -> None:
        end = time.monotonic() + _GONE_S
        while not _locked(file):
            if pid := self.owner():
                raise DaemonError(f"the local cloud is running already (pid {pid})")
            if time.monotonic() > end:
                raise DaemonError(f"{self._path} is held, though its daemon is gone; end the process that holds it (`fuser {self._path}`)")
            time.sleep(0.05)

    def owner(self) -> int | None:
        """The daemon that runs, if one does."""
        text = self._path.read_text() if self._path.exists() else ""
        return int(text) if text.isdigit() and _alive(int(text)) and self.is_held() else None

    def is_held(self) -> bool:
        with self._path.open("a") as file:
            return not _locked(file)


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Dead, but not asked for by its parent: in a container without an init nobody asks."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


@contextlib.contextmanager
def guarded(root: Path) -> Iterator[None]:
    """While inside, this process is the daemon; after it, however it ends, none of its processes is left."""
    with Lock(root).take() as lock:
        mark = f"{root}:{os.getpid()}-{time.time_ns()}"
        os.environ[MARKER] = mark
        keeper = _reaper(mark, lock)
        try:
            yield
        finally:
            lock.truncate(0)
            del os.environ[MARKER]
            if keeper and keeper.stdin:
                keeper.stdin.close()
                keeper.wait()


def _reaper(mark: str, lock: IO[str]) -> "subprocess.Popen[bytes] | None":
    if not Path("/proc/self/environ").exists():
        _LOG.warning("no /proc here: after a kill -9 of the daemon some of its processes may go on")
        return None
    command = [sys.executable, "-S", "-E", reaper.__file__, f"{MARKER}={mark}"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, env={}, start_new_session=True, pass_fds=[lock.fileno()])


async def until_told() -> None:
    """Until SIGTERM or SIGINT. A second one ends the process at once; the reaper ends the rest."""
    told = asyncio.Event()

    def tell() -> None:
        if told.is_set():
            os._exit(128 + signal.SIGINT)
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, tell)
    await told.wait()


def start(root: Path, show: Callable[[str], None]) -> int:
    """Starts the daemon in the background and shows its progress. Answers an exit code."""
    lock = Lock(root)
    if pid := lock.owner():
        return _wait_for_other(root, lock, pid, show)
    log = Layout(root).folder("logs") / "cloud.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "local", "run", "--root", str(root), "--progress-fd", str(writing)]
    with log.open("ab") as output:
        daemon = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, pass_fds=[writing]
        )
    os.close(writing)
    try:
        with os.fdopen(reading) as lines:
            return _follow(daemon, lines, log, show)
    except KeyboardInterrupt:
        daemon.terminate()
        daemon.wait()
        show("stopped")
        return 128 + signal.SIGINT


def _follow(daemon: "subprocess.Popen[bytes]", lines: IO[str], log: Path, show: Callable[[str], None]) -> int:
    ready = False
    for line in lines:
        show(line.rstrip("\n"))
        ready = line.rstrip().endswith("ready")
    if ready:
        return 0
    code = daemon.wait()
    tail = "\n".join(f"  {line}" for line in log.read_text(errors="replace").splitlines()[-15:])
    show(f"the local cloud did not start (exit code {code}). Its last lines (whole log: {log}):\n{tail}")
    return 1


def _wait_for_other(root: Path, lock: Lock, pid: int, show: Callable[[str], None]) -> int:
    while not (root / "cloud.json").exists():
        if lock.owner() is None:
            show("the daemon that was starting is gone; start again")
            return 1
        time.sleep(0.1)
    show(f"the local cloud is running already (pid {pid})")
    return 0


def stop(root: Path) -> bool:
    """Waits until nothing of it is left. False if there was nothing to stop."""
    lock = Lock(root)
    pid = lock.owner()
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + _STOP_S
    while lock.is_held() or _alive(pid):
        if time.monotonic() > end:
            _LOG.warning("the daemon did not stop in %d s: killed", _STOP_S)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            end = time.monotonic() + _GONE_S
        time.sleep(0.05)
    return True
