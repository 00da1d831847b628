"""Runs the Pulumi program, as Pulumi's own language host does. Not imported by the engine: it runs this file in a new process.

The process is started before the engine can say where it listens, because importing the SDK takes longest; it then reads one
line of JSON from its standard input. Its standard input stays open for as long as the engine lives, and its end ends this
process, so that no program outlives a killed engine.
"""

import asyncio
import json
import logging
import os
import runpy
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

# the program's own message has been shown: nothing more need be said
SHOWN = 32


def _end_with_the_engine() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _own_lines(program: str) -> str:
    """The traceback from the program's first line on, without the frames of this file and of the SDK above it."""
    frames = traceback.extract_tb(sys.exc_info()[2])
    main = os.path.realpath(program if os.path.isfile(program) else os.path.join(program, "__main__.py"))  # noqa: PTH113, PTH118
    inside = [index for index, frame in enumerate(frames) if os.path.realpath(frame.filename) == main]
    return traceback.format_exc(limit=-(len(frames) - inside[0])) if inside else traceback.format_exc()


class _Undebugged:
    """The engine's client, but for debug messages, which the engine never shows: the SDK sends several a resource, and waits for each."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def Log(self, request: Any) -> Any:
        from pulumi.runtime.proto import engine_pb2

        return None if request.severity == engine_pb2.DEBUG else self._engine.Log(request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


class _Patient:
    """asyncio as the SDK's last wait sees it. That wait starts anew with each of the thousands of outputs that is done, which takes
    minutes on a large graph; to wait until all are done, or one has failed, comes to the same."""

    def wait(self, tasks: Any, return_when: str) -> Any:
        return asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)


def _run(settings: dict[str, Any]) -> int:
    import pulumi
    import pulumi.runtime

    pulumi.runtime.set_all_config(settings.pop("config"), settings.pop("secret_keys"))
    program = settings.pop("program")
    connected = pulumi.runtime.Settings(**settings)
    connected.engine = _Undebugged(connected.engine)
    pulumi.runtime.stack.asyncio = _Patient()  # type: ignore[assignment, attr-defined]
    pulumi.runtime.configure(connected)
    sys.argv = [program]
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    executor = ThreadPoolExecutor(max_workers=settings["parallel"] * 4)
    loop.set_default_executor(executor)
    # a failed program leaves futures behind that nobody awaits; asyncio would report each of them
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(lambda: _execute(program)))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return SHOWN
    except Exception:  # the edge of the process: whatever the program raised is shown
        pulumi.log.error("Program failed with an unhandled exception:\n" + _own_lines(program))
        return SHOWN
    finally:
        executor.shutdown(wait=True)
        loop.close()
    return 0


def _execute(program: str) -> None:
    runpy.run_path(program, run_name="__main__")


def main() -> None:
    import pulumi.runtime  # noqa: F401 - ahead of the settings, see above

    settings = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_engine, daemon=True).start()
    code = 1
    try:
        code = _run(settings)
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        if isinstance(leaving.code, str):
            print(leaving.code, file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # threads of the program's own must not keep a finished run waiting
        os._exit(code)


if __name__ == "__main__":
    main()
