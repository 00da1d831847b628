"""The engine's side of the program's process: start it early, tell it where to find the engine, pass on what it prints."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.engine.config import Project
from local.engine.errors import EngineError

_PROGRAM = Path(__file__).with_name("program.py")
_LINE_LIMIT = 16 * 1024 * 1024
_PATIENCE_S = 2.0


class Forked:
    """A program's process that asyncio has not started; `open` before use. The pipes are those to its standard streams."""

    def __init__(self, pid: int, stdin: int, stdout: int, stderr: int) -> None:
        self._pid = pid
        self._ends = (stdout, stderr)
        self.stdin = os.fdopen(stdin, "wb", buffering=0)
        self.stdout: asyncio.StreamReader | None = None
        self.stderr: asyncio.StreamReader | None = None
        self.returncode: int | None = None

    async def open(self) -> None:
        self.stdout, self.stderr = [await _reader(end) for end in self._ends]

    async def wait(self) -> int:
        _, status = await asyncio.to_thread(os.waitpid, self._pid, 0)
        self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)


class Runner:
    def __init__(self, project: Project, process: Process | Forked) -> None:
        self._project = project
        self._process = process

    @classmethod
    async def start(cls, project: Project, python: Path | None = None) -> "Runner":
        process = await asyncio.create_subprocess_exec(
            # -P: the folder of program.py must not come before the standard library
            *(str(python or project.python or sys.executable), "-P", str(_PROGRAM)),
            cwd=project.folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            limit=_LINE_LIMIT,
            start_new_session=True,
        )
        return cls(project, process)

    @classmethod
    async def adopt(cls, project: Project, forked: Forked) -> "Runner":
        await forked.open()
        return cls(project, forked)

    async def run(self, settings: dict[str, Any], show: Callable[[str], None]) -> int:
        """The exit code. `show` gets each line that the program prints."""
        stdin, stdout, stderr = self._process.stdin, self._process.stdout, self._process.stderr
        if not (stdin and stdout and stderr):
            raise EngineError("the program was started without pipes")
        settings = {
            **settings,
            "project": self._project.name,
            "root_directory": str(self._project.root),
            "program": str(self._project.main),
        }
        stdin.write(json.dumps(settings).encode() + b"\n")
        await asyncio.gather(_pass_on(stdout, show), _pass_on(stderr, show))
        return await self._process.wait()

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()

    async def stop(self) -> None:
        """Its pipes are read to their ends, unless a process of its own holds them: asyncio complains of those that are still open when
        the loop is closed."""
        if self._process.returncode is not None:
            return
        self._process.kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                await asyncio.gather(*(stream.read() for stream in (self._process.stdout, self._process.stderr) if stream))
        await self._process.wait()


async def _reader(end: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=_LINE_LIMIT)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(end, "rb"))
    return reader


async def _pass_on(stream: asyncio.StreamReader, show: Callable[[str], None]) -> None:
    while line := await stream.readline():
        show(line.decode(errors="replace").rstrip("\n"))
