"""Starting containers, and saying why one failed."""

import logging
from collections import deque
from pathlib import Path

from local.interfaces import Containers, ContainerSpec, Json, Running

_TAIL_LINES = 20
_TAIL_BYTES = 8192

log = logging.getLogger(__name__)


class NotStarted(Exception):
    """No process came of it: the image is unknown, or its command does not exist."""


async def start(containers: Containers, spec: ContainerSpec) -> Running:
    try:
        return await containers.start(spec)
    except Exception as error:
        log.warning("container %s of image %s could not be started", spec.name, spec.image, exc_info=True)
        raise NotStarted(f"The container image `{spec.image}` could not be started: {error}") from error


def variables(container: Json) -> dict[str, str]:
    """The `env` of any of Google's container messages."""
    return {variable["name"]: variable.get("value", "") for variable in container.get("env", [])}


def exit_text(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"exited with a non-zero status of {code}"


def with_tail(message: str, log_file: Path) -> str:
    """The message and, where there are any, the last lines that the process wrote."""
    lines = _tail(log_file)
    return f"{message} Last lines of its log:\n{lines}" if lines else f"{message} It wrote nothing to its log."


def _tail(log_file: Path) -> str:
    if not log_file.exists():
        return ""
    with log_file.open("rb") as stream:
        stream.seek(max(0, log_file.stat().st_size - _TAIL_BYTES))
        lines = deque(stream.read().decode(errors="replace").splitlines(), maxlen=_TAIL_LINES)
    return "\n".join(lines).strip()
