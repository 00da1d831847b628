"""One emulator as a supervised process: started, waited for, started again if it falls, and gone when this process is."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import aiohttp

from local.layout import LOOPBACK

_LOG = logging.getLogger(__name__)

_READY_S = 60.0
_GRACE_S = 5.0
_BACKOFF_S = (0.5, 1, 2, 4, 8)
# an emulator that has run this long is not in a crash loop
_STEADY_S = 60.0
# Becomes the command, which the kernel kills when the thread that started it ends, be it by kill -9. A `preexec_fn` could ask for
# the same, but it forks a process in which gRPC's threads run.
_DIE_WITH_PARENT = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
os.getppid() == int(sys.argv[1]) or os._exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


class EmulatorError(Exception):
    """An emulator that does not do what it is asked to."""


class StartFailed(EmulatorError):
    """An emulator that did not come up; the text ends with the last lines of its log."""


class Emulator:
    """`prepare` runs after every start, before anybody is told that the emulator is ready."""

    def __init__(
        self, name: str, port: int, command: Callable[[], Sequence[str]], log: Path, prepare: Callable[[], Awaitable[None]]
    ) -> None:
        self._name, self._port, self._command, self._log, self._prepare = name, port, command, log, prepare
        self._process: asyncio.subprocess.Process | None = None
        self._prepared: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def ready(self) -> int | None:
        """The process id once `prepare` has run in it; None before that, and from its end on."""
        process = self._prepared
        return process.pid if process and process is self._process and process.returncode is None else None

    async def start(self) -> None:
        """Raises NotInstalled or StartFailed."""
        await self._launch()
        self._watch = asyncio.create_task(self._keep_running(), name=f"watch {self._name}")

    async def stop(self) -> None:
        if self._watch:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await self._end()

    async def _launch(self) -> None:
        command = await asyncio.to_thread(self._command)
        await self._port_is_free()
        leash = (sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT, str(os.getpid()))
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *leash, *command, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        try:
            await self._ready(self._process)
            await self._prepare()
            self._prepared = self._process
        except BaseException:
            await self._end()
            raise

    async def _port_is_free(self) -> None:
        """Somebody else's server on the port must not pass for the emulator; one that was just killed needs a moment to go."""
        for _ in range(60):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                with contextlib.suppress(OSError):
                    probe.bind((LOOPBACK, self._port))
                    return
            await asyncio.sleep(0.05)
        raise StartFailed(f"Another program holds {self.address}, which is the {self._name} emulator's address. End it, or `make clean`.")

    async def _ready(self, process: asyncio.subprocess.Process) -> None:
        """`GET /` answers once it takes calls."""
        deadline = time.monotonic() + _READY_S
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as client:
            while time.monotonic() < deadline:
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with client.get(f"http://{self.address}/") as answer:
                        if answer.ok:
                            return
                if process.returncode is not None:
                    raise StartFailed(f"The {self._name} emulator ended with {process.returncode} at its start. {self._last_lines()}")
                await asyncio.sleep(0.05)
        raise StartFailed(f"The {self._name} emulator did not answer on {self.address} within {_READY_S:.0f} s. {self._last_lines()}")

    async def _keep_running(self) -> None:
        quick_ends = 0
        while self._process:
            since = time.monotonic()
            code = await self._process.wait()
            quick_ends = 0 if time.monotonic() - since > _STEADY_S else quick_ends + 1
            if quick_ends > len(_BACKOFF_S):
                _LOG.error("the %s emulator fell %d times in a row: given up. %s", self._name, quick_ends, self._last_lines())
                return
            _LOG.error("the %s emulator ended with %s: starting it again. %s", self._name, code, self._last_lines())
            await asyncio.sleep(_BACKOFF_S[quick_ends - 1] if quick_ends else 0)
            try:
                await self._launch()
            except (EmulatorError, OSError, aiohttp.ClientError) as error:
                _LOG.error("the %s emulator did not come back: %s", self._name, error)

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        _signal(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), _GRACE_S)
        except TimeoutError:
            _signal(process.pid, signal.SIGKILL)
            await process.wait()

    def _last_lines(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()
        if any("UnsupportedClassVersionError" in line for line in lines):
            return "This emulator needs a later Java: install Java 21 and set JAVA_HOME to it."
        return f"Its log {self._log} ends: {' / '.join(line.strip() for line in lines[-5:])}"


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)
