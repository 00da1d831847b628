"""The package `command`: commands that really run, on the machine of the local cloud and as its user."""

import asyncio
import os
import signal
from collections.abc import Iterable, Mapping

from local.iam.principals import OWNER
from local.provider.errors import Refused
from local.provider.names import token
from local.provider.records import State
from local.provider.schema import FIXED, FREE, anything, flag, mapping, text, texts
from local.provider.types import Act, Inputs, Room, Type
from local.provider.validation import Failure

COMMAND = "command:local:Command"
_SHELL = ("/bin/sh", "-c")
# of what a failed command said, so much is passed on
_TAIL = 4000


class _Commands(Room):
    async def put(self, act: Act) -> State:
        """What an earlier run said is among the outputs already."""
        again = act.state.get("update") if "stdout" in act.state else None
        return await _run(act, again or act.state.get("create"))

    async def delete(self, act: Act) -> None:
        await _run(act, act.state.get("delete"))


async def _run(act: Act, command: str | None) -> State:
    """What it says goes into the outputs and nowhere else: there may be secrets in it."""
    _refuse_files(act.state)
    if not command:
        return {"stdout": "", "stderr": ""}
    process = await asyncio.create_subprocess_exec(
        *(act.state.get("interpreter") or _SHELL),
        command,
        cwd=act.settings.directory / (act.state.get("dir") or "."),
        env={**_environment(act.state), **await act.cloud.identity.environment(OWNER)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, err = await process.communicate(str(act.state.get("stdin") or "").encode())
    finally:
        _end(process)
    said = {"stdout": out.decode(errors="replace").removesuffix("\n"), "stderr": err.decode(errors="replace").removesuffix("\n")}
    if process.returncode:
        raise Refused(_failed(process.returncode, act, said))
    return said


def _refuse_files(state: State) -> None:
    for name in ("archivePaths", "assetPaths"):
        if state.get(name):
            raise Refused(f"the local cloud takes what a command says, not the files that it leaves: leave '{name}' out")


def _environment(state: State) -> dict[str, str]:
    given = {name: str(value) for name, value in (state.get("environment") or {}).items()}
    previous: dict[str, str] = {}
    if state.get("addPreviousOutputInEnv") is not False and "stdout" in state:
        previous = {"PULUMI_COMMAND_STDOUT": state["stdout"], "PULUMI_COMMAND_STDERR": state["stderr"]}
    return {**os.environ, **previous, **given}


def _end(process: asyncio.subprocess.Process) -> None:
    """An interrupted update leaves nothing running."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)


def _failed(code: int, act: Act, said: Mapping[str, str]) -> str:
    reason = f"the command ended with exit status {code}"
    if act.hidden:
        return f"{reason}; what it said is not shown, for {', '.join(sorted(act.hidden))} holds a secret"
    text = "\n".join(filter(None, (said["stdout"], said["stderr"])))
    return f"{reason}:\n{text[-_TAIL:]}" if text else reason


def _checks(inputs: Inputs) -> Iterable[Failure]:
    """`interpreter`, where given, names a program."""
    if inputs.get("interpreter") == []:
        yield Failure("interpreter", "'interpreter' must name a program, or be left out for /bin/sh -c")


_SAID = frozenset({"stdout", "stderr"})

TYPES = (
    Type(
        COMMAND,
        id="command{_id}",
        properties={
            "addPreviousOutputInEnv": flag(default=True),
            "archivePaths": texts(),
            "assetPaths": texts(),
            "create": text(),
            "delete": text(),
            "dir": text(),
            "environment": mapping(),
            "interpreter": texts(),
            "logging": text(FREE, "stdout", "stderr", "stdoutAndStderr", "none"),
            "stdin": text(),
            "triggers": anything(FIXED),
            "update": text(),
        },
        made={"_id": token},
        volatile=_SAID,
        derived=_SAID,
        room=_Commands(),
        checks=_checks,
    ),
)
