"""A process that lives in the environment of one account, as a service of the local cloud does, and calls what a test sends it."""

import asyncio
import os
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any


class Workload:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_enter, initargs=(dict(environment),))

    async def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Functions import Google's libraries themselves: these read the environment when they are imported."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _run, function, *arguments)

    def end(self) -> None:
        self._pool.shutdown()


def _run(function: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except Exception as error:
        # errors of gRPC hold locks, which cannot be sent to the test
        raise AssertionError("".join(traceback.format_exception(error))) from None


def _enter(environment: dict[str, str]) -> None:
    for name in [name for name in os.environ if "proxy" in name.lower() or name.startswith(("GOOGLE_", "GRPC_"))]:
        del os.environ[name]
    os.environ.update(environment)
