"""`python -m local.engine COMMAND --stack STACK`: preview, up, refresh, destroy, export, import, outputs."""

import asyncio
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from local.engine import config, options
from local.engine.config import Project
from local.engine.errors import EngineError
from local.engine.options import Options
from local.engine.runner import Forked, Runner

FAILED, REFUSED = 1, 2


def _leave_the_sdk_out() -> None:
    """Importing `pulumi` takes longer than a whole run does: the engine needs only the messages that it ships."""
    spec = importlib.util.find_spec("pulumi")
    if "pulumi" in sys.modules or spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parent
    for name, path in (("pulumi", folder), ("pulumi.runtime", folder / "runtime"), ("pulumi.runtime.proto", folder / "runtime" / "proto")):
        module = ModuleType(name)
        module.__path__ = [str(path)]
        sys.modules[name] = module


async def _run(given: Options, project: Project, forked: Forked | None) -> int:
    # the program's imports are the longest part of any run, so they begin before ours
    runner = None
    if forked:
        runner = await Runner.adopt(project, forked)
    elif given.command in ("preview", "up"):
        runner = await Runner.start(project, given.python)
    try:
        _leave_the_sdk_out()
        from local.engine import commands

        return await commands.run(given, project, runner)
    finally:
        if runner:
            await runner.stop()


def main(arguments: Sequence[str] | None = None, forked: Forked | None = None) -> int:
    """`forked` is the program's process where it has been made already: no fork may inherit an event loop."""
    try:
        given = options.parse(sys.argv[1:] if arguments is None else arguments)
        return asyncio.run(_run(given, config.read_project(Path.cwd()), forked))
    except EngineError as error:
        print(f"error: {error}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
