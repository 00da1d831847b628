"""Starts containers of the trainer at once: the models' libraries are loaded here, and each container is a fork.

Reads JSON lines {"arguments": [...], "environment": {...}, "log": path}; answers each with the process's id and, once it has ended, its
exit code.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence

from images.trainer.settings import prepare_libraries


def serve() -> None:
    prepare_libraries()
    import images.trainer.train  # noqa: F401  what every fork would have to load

    for line in sys.stdin:
        asked = json.loads(line)
        if not (process := os.fork()):
            _become(asked["arguments"], asked["environment"], asked["log"])
        print(process, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)


def _become(arguments: Sequence[str], environment: Mapping[str, str], log: str) -> None:
    code = 70
    try:
        os.environ.update(environment)
        out = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.dup2(out, 1)
        os.dup2(out, 2)
        from images.trainer.vertex import main

        code = main(list(arguments))
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve()
