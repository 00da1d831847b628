"""Containers for these tests: an image is a Python script in a folder, a container is a real process of it."""

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from local.interfaces import ContainerSpec


@dataclass
class ScriptProcess:
    pid: int
    log: Path
    process: asyncio.subprocess.Process

    async def wait(self) -> int:
        return await self.process.wait()

    async def stop(self, grace_s: float = 10.0) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), grace_s)
                return


class ScriptContainers:
    """The image `anything/NAME:tag` is the script `folder/NAME.py`; `command` and `args` are its arguments."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[ContainerSpec] = []
        self.processes: list[ScriptProcess] = []

    def image(self, name: str, script: str) -> str:
        (self.folder / f"{name}.py").write_text(script)
        return f"europe-docker.pkg.dev/p/r/{name}:latest"

    async def start(self, spec: ContainerSpec) -> ScriptProcess:
        script = self.folder / f"{spec.image.rpartition('/')[2].partition(':')[0]}.py"
        if not script.exists():
            raise FileNotFoundError(f"no image {spec.image}")
        self.started.append(spec)
        log = self.folder / f"{spec.name}.log"
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(script),
                *spec.command,
                *spec.args,
                env={"PATH": os.environ["PATH"], "FOLDER": str(self.folder), **spec.env},
                cwd=self.folder,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        running = ScriptProcess(process.pid, log, process)
        self.processes.append(running)
        return running

    def alive(self) -> list[int]:
        return [running.pid for running in self.processes if running.process.returncode is None]
