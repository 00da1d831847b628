"""`python -m local.engine COMMAND --stack STACK`: preview, up, refresh, destroy, export, import, outputs."""

import asyncio
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from local.engine import config, options
from local.engine.errors import EngineError
from local.engine.options import Options
from local.engine.runner import Runner

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


async def _run(given: Options) -> int:
    project = config.read_project(Path.cwd())
    # the program's imports are the longest part of any run, so they begin before ours
    runner = await Runner.start(project) if given.command in ("preview", "up") else None
    try:
        _leave_the_sdk_out()
        from local.engine import commands

        return await commands.run(given, project, runner)
    finally:
        if runner:
            runner.kill()


def main() -> int:
    try:
        return asyncio.run(_run(options.parse(sys.argv[1:])))
    except EngineError as error:
        print(f"error: {error}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
