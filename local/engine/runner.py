"""The engine's side of the program's process: start it early, tell it where to find the engine, pass on what it prints."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.engine.config import Project
from local.engine.errors import EngineError

_PROGRAM = Path(__file__).with_name("program.py")
_LINE_LIMIT = 16 * 1024 * 1024


class Runner:
    def __init__(self, project: Project, process: Process) -> None:
        self._project = project
        self._process = process

    @classmethod
    async def start(cls, project: Project) -> "Runner":
        python = str(project.python or sys.executable)
        process = await asyncio.create_subprocess_exec(
            # -P: the folder of program.py must not come before the standard library
            *(python, "-P", str(_PROGRAM)),
            cwd=project.main if project.main.is_dir() else project.main.parent,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            limit=_LINE_LIMIT,
            start_new_session=True,
        )
        return cls(project, process)

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


async def _pass_on(stream: asyncio.StreamReader, show: Callable[[str], None]) -> None:
    while line := await stream.readline():
        show(line.decode(errors="replace").rstrip("\n"))
