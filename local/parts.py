"""The parts of the local cloud as one list: started at once where they can be, stopped in reverse, each with its time."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

_LOG = logging.getLogger("local.cloud")
_STOP_S = 20.0

Progress = Callable[[str], None]


class PartFailed(Exception):
    def __init__(self, part: str, error: BaseException) -> None:
        super().__init__(f"{part} failed to start: {error or type(error).__name__}")


@dataclass
class Part:
    """`pid` is None for what runs inside the daemon itself."""

    name: str
    start: Callable[[], Awaitable[None]]
    stop: Callable[[], Awaitable[None]]
    address: str = ""
    pid: Callable[[], int | None] = lambda: None
    state: str = "stopped"
    since: float = field(default_factory=time.time)

    def row(self) -> dict[str, Any]:
        row = {"part": self.name, "state": self.state, "reason": "", "address": self.address, "since": self.since}
        return {**row, "pid": self.pid(), "restarts": 0}


class Parts:
    """Waves of parts: a wave starts when all of the wave before are ready."""

    def __init__(self, waves: Sequence[Sequence[Part]], progress: Progress, began: float) -> None:
        self._waves, self._progress, self._began = waves, progress, began
        self._started: list[Part] = []

    async def start(self) -> None:
        """Raises PartFailed for the first that fails; what has started stays for `stop`."""
        for wave in self._waves:
            tasks = [asyncio.create_task(self._start(part), name=f"start {part.name}") for part in wave]
            try:
                await asyncio.gather(*tasks)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)

    async def stop(self) -> None:
        for part in reversed(self._started):
            await self._stop(part)
        self._started.clear()

    def rows(self) -> list[dict[str, Any]]:
        return [part.row() for wave in self._waves for part in wave]

    async def _start(self, part: Part) -> None:
        part.state = "starting"
        # also what fails half way is stopped
        self._started.append(part)
        try:
            await part.start()
        except Exception as error:  # the edge of a part: logged here with its trace, told to the caller in one line
            part.state = "failed"
            _LOG.exception("%s failed to start", part.name)
            raise PartFailed(part.name, error) from error
        part.state, part.since = "ready", time.time()
        self._progress(f"{time.monotonic() - self._began:5.1f} s  {part.name:<12} {part.address}")

    async def _stop(self, part: Part) -> None:
        began = time.monotonic()
        try:
            await asyncio.wait_for(part.stop(), _STOP_S)
        except Exception:  # one part that does not stop must not keep the others from it
            _LOG.exception("%s did not stop in order", part.name)
        part.state = "stopped"
        _LOG.info("%s stopped in %.1f s", part.name, time.monotonic() - began)
