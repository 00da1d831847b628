"""Starts processes of built images, each with its own identity, home and log."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import time
import uuid
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from local.interfaces import ContainerSpec, Identity
from local.layout import LOOPBACK, Layout
from local.run import reaper
from local.run.environment import base_environment, dies_with_parent, folder_name, image_environment, localised
from local.run.errors import StartFailed
from local.run.images import Image, ImageStore

_LOG = logging.getLogger("local.run")
_CONTAINER = "LOCAL_CLOUD_CONTAINER"
_KEPT_LINES = 40
_LOG_LIMIT = 20 * 1024 * 1024
_LINE_LIMIT = 256 * 1024


@dataclass(frozen=True)
class Spawned:
    """A process, the pipe of its output, and the mark in the environment of all its descendants."""

    process: asyncio.subprocess.Process
    output: asyncio.StreamReader
    pipe: asyncio.ReadTransport
    mark: str


class Container:
    """Satisfies `interfaces.Running`."""

    def __init__(self, name: str, spawned: Spawned, log: Path, unlogged: str = "") -> None:
        self.name, self.pid, self.log, self._unlogged = name, spawned.process.pid, log, unlogged
        self.started = time.time()
        self.lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._process, self._spawned = spawned.process, spawned
        self._ended = asyncio.create_task(self._watch(), name=f"container {name}")

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode

    async def wait(self) -> int:
        return await asyncio.shield(self._ended)

    async def stop(self, grace_s: float = 10.0) -> None:
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.wait(), grace_s)
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self.wait()

    def tail(self, count: int = 20) -> list[str]:
        return list(self.lines)[-count:]

    async def _watch(self) -> int:
        output = asyncio.create_task(self._copy_output(), name=f"output of {self.name}")
        code = await self._process.wait()
        # as in a container, nothing outlives the first process, in whatever session it is
        self._signal(signal.SIGKILL)
        await asyncio.to_thread(reaper.kill, self._spawned.mark)
        await asyncio.wait([output], timeout=1)
        output.cancel()
        self._spawned.pipe.close()
        _LOG.info("%s (pid %d) ended with %s", self.name, self.pid, exit_text(code))
        return code

    async def _copy_output(self) -> None:
        with LogFile(self.log) as log:
            if self._unlogged:
                log.write(self.name, self._unlogged)
            async for line in _lines(self._spawned.output):
                self.lines.append(line)
                if not self._unlogged:
                    log.write(self.name, line)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)


class LogFile:
    """Lines with time and name, to the container's file and to the daemon's output. JSON lines, being logs already, go as they are."""

    def __init__(self, path: Path) -> None:
        if path.exists() and path.stat().st_size > _LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        self._file = path.open("a", buffering=1, errors="replace")

    def __enter__(self) -> "LogFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, name: str, line: str) -> None:
        text = line if _is_json(line) else f"{datetime.now(UTC).isoformat(timespec='milliseconds')} {name} | {line}"
        self._file.write(text + "\n")
        sys.stdout.write(text + "\n")


def _is_json(line: str) -> bool:
    if not line.startswith("{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


class _Lines:
    """Cuts a byte stream into lines; one that is too long is cut, since a log must not stop a process."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[str]:
        *whole, self._rest = (self._rest + data).split(b"\n")
        yield from (line.decode(errors="replace").rstrip("\r") for line in whole)
        if len(self._rest) > _LINE_LIMIT or (not data and self._rest):
            yield self._rest.decode(errors="replace")
            self._rest = b""


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    cutter = _Lines()
    while data := await stream.read(65536):
        for line in cutter.feed(data):
            yield line
    for line in cutter.feed(b""):
        yield line


class ProcessContainers:
    """Satisfies `interfaces.Containers`."""

    def __init__(self, layout: Layout, images: ImageStore, identity: Identity) -> None:
        self._layout, self._images, self._identity = layout, images, identity

    async def start(self, spec: ContainerSpec) -> Container:
        """Raises NoSuchImage, StartFailed. Where setpriv stands before it, a missing program ends with exit code 127 instead."""
        image = self._images.image(spec.image)
        workload = await self._identity.environment(spec.account)
        base = base_environment(self._layout, folder_name(spec.name))
        # an image says where to listen in a container of its own, where every address is its own
        env = {**image_environment(image.env, image.root, base), "HOST": LOOPBACK, **workload, **spec.env}
        log = self._layout.folder("logs") / f"{folder_name(spec.name)}.log"
        try:
            spawned = await _spawned(self._words(image, spec), image.root / image.workdir.lstrip("/"), env)
        except OSError as error:
            raise StartFailed(spec.name, f"{error.strerror}: {error.filename}", None, []) from error
        _LOG.info("%s started (pid %d)", spec.name, spawned.process.pid)
        return Container(spec.name, spawned, log, spec.unlogged)

    def _words(self, image: Image, spec: ContainerSpec) -> list[str]:
        return [localised(word, image.root) for word in image.words(tuple(spec.command), tuple(spec.args))]


async def _spawned(words: list[str], folder: Path, env: Mapping[str, str]) -> Spawned:
    """A pipe of our own: asyncio's keeps `wait` from answering for as long as any descendant holds its end."""
    mark = uuid.uuid4().hex
    reading, writing = os.pipe()
    output = asyncio.StreamReader()
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(output), os.fdopen(reading, "rb", buffering=0)
    )
    try:
        process = await asyncio.create_subprocess_exec(
            *dies_with_parent(words),
            cwd=folder,
            env={**env, _CONTAINER: mark},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            start_new_session=True,
        )
    except BaseException:
        pipe.close()
        raise
    finally:
        os.close(writing)
    return Spawned(process, output, pipe, f"{_CONTAINER}={mark}")


def exit_text(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
