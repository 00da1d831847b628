"""One command of the embedded engine on paper: this repository's engine and provider, a revision's program."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.preview.graph import Json
from scripts.preview.revisions import Revision

_OURS = Path(__file__).resolve().parents[2]
# This repository's engine for every revision. Not PYTHONPATH: the program would inherit it, and find here what its own revision lacks.
_RUN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from local.engine.__main__ import main; sys.exit(main())"
COMMAND = (sys.executable, "-P", "-c", _RUN, str(_OURS))
_HOST = Path(__file__).with_name("host.py")
_NO_ANSWER = "the process that evaluates programs ended before this one was done; what it said is above"


@dataclass(frozen=True)
class Run:
    """`document` is empty where the engine did not get as far as the program; `error` then says why."""

    document: Json
    error: str
    failed: bool
    seconds: float


@dataclass(frozen=True)
class Engine:
    """`host` forks a process for each run, which spares it two seconds of imports; a revision with packages of its own goes without."""

    host: socket.socket
    environment: Mapping[str, str]
    room: asyncio.Semaphore

    async def up(self, revision: Revision, stack: str, state: Path | None = None) -> Run:
        return await self._run(revision, ["up", "--yes"], stack, state)

    async def preview(self, revision: Revision, stack: str, state: Path) -> Run:
        return await self._run(revision, ["preview"], stack, state)

    async def _run(self, revision: Revision, words: list[str], stack: str, state: Path | None) -> Run:
        words = [*words, "--paper", "--json", "--stack", stack, *(["--state", str(state)] if state else [])]
        async with self.room:
            began = asyncio.get_running_loop().time()
            code, out, err = await (self._started(revision, words) if revision.python else self._forked(revision, words))
            seconds = asyncio.get_running_loop().time() - began
        return Run(_document(out), _said(err), code != 0, seconds)

    async def _started(self, revision: Revision, words: list[str]) -> tuple[int, bytes, bytes]:
        command = [*COMMAND, *words, "--python", str(revision.python)]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command, cwd=revision.folder, env=self.environment, stdout=pipe, stderr=pipe, start_new_session=True
        )
        try:
            out, err = await process.communicate()
        finally:
            if process.returncode is None:
                _end(process.pid)
        return process.returncode or 0, out, err

    async def _forked(self, revision: Revision, words: list[str]) -> tuple[int, bytes, bytes]:
        ends = [os.pipe() for _ in range(3)]
        try:
            socket.send_fds(
                self.host, [json.dumps({"folder": str(revision.folder), "words": words}).encode()], [write for _, write in ends]
            )
        except OSError:
            return 1, b"", f"error: {_NO_ANSWER}".encode()
        finally:
            for _, write in ends:
                os.close(write)
        out, err, told = [await _reader(read) for read, _ in ends]
        process = await told.readline()
        try:
            said = await asyncio.gather(out.read(), err.read())
            code = await told.readline()
        except asyncio.CancelledError:
            _end(int(process or 0))
            raise
        return (int(code), *said) if code else (1, b"", f"error: {_NO_ANSWER}".encode())


@contextlib.contextmanager
def opened(folder: Path, passphrase: Path) -> Iterator[Engine]:
    """`passphrase` is a file: what is secret in a state on paper is readable for as long as that is there."""
    kept = {name: value for name, value in os.environ.items() if name != "PULUMI_CONFIG_PASSPHRASE"}  # noqa: TID251 - handed on
    own = {"PULUMI_CONFIG_PASSPHRASE_FILE": str(passphrase), "PYTHONUNBUFFERED": "1", "GRPC_ENABLE_FORK_SUPPORT": "0"}
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-P", str(_HOST), str(theirs.fileno()), str(folder)]
    host = subprocess.Popen(command, pass_fds=[theirs.fileno()], env={**kept, **own}, stdin=subprocess.DEVNULL, start_new_session=True)
    theirs.close()
    try:
        # a run is an engine and a program, which wait for one another half of the time
        yield Engine(ours, {**kept, **own}, asyncio.Semaphore((os.cpu_count() or 2) + 1))
    finally:
        ours.close()
        host.terminate()
        host.wait()


def _end(process: int) -> None:
    """With all that it has started in its own session; a program ends when its engine does."""
    if process:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)


async def _reader(end: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(end, "rb"))
    return reader


def _document(out: bytes) -> Json:
    found: Any = json.loads(out) if out.strip() else {}
    return dict(found)


def _said(err: bytes) -> str:
    """From the line with the error on; before it stands the progress."""
    lines = err.decode(errors="replace").splitlines()
    first = next((index for index, line in enumerate(lines) if line.startswith(("error:", "Traceback"))), None)
    return "" if first is None else "\n".join(lines[first:]).removeprefix("error: ")
