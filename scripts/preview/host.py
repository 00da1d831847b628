"""A process that has imported what every run needs, and forks for each: an engine, and beside it the program.

engine.py starts it as a script and asks it over a socket, with three pipes for each run: standard output, standard error, and one that
tells the run's process and in the end its exit code. It ends with who started it.
"""

import gc
import json
import os
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import NoReturn

OURS = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(OURS))

from local.engine import __main__ as engine  # noqa: E402
from local.engine import commands, config, errors, program, runner  # noqa: E402, F401
from local.paper import provider  # noqa: E402, F401
from scripts.preview.imports import preload  # noqa: E402

_REQUEST_BYTES = 1 << 16
_PROGRAM = "local.engine.program"


def main() -> None:
    asked = socket.socket(fileno=int(sys.argv[1]))
    preload(Path(sys.argv[2]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # what is there now stays: a collection in a fork would copy every page of it
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    if _forked_programs(asked):
        # from here and no deeper: some packages look through the whole stack, over and over
        program.main()


def _forked_programs(asked: socket.socket) -> bool:
    """True in the process of a program, False when nothing more is asked."""
    while True:
        request, pipes, _, _ = socket.recv_fds(asked, _REQUEST_BYTES, 3)
        if not request:
            return False
        if os.fork() == 0:
            asked.close()
            return _become_engine(json.loads(request), *pipes)
        for pipe in pipes:
            os.close(pipe)


def _become_engine(request: dict[str, object], out: int, err: int, told: int) -> bool:
    os.setsid()
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.write(told, f"{os.getpid()}\n".encode())
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(str(request["folder"]))
    try:
        project = config.read_project(Path.cwd())
    except errors.EngineError:
        # the engine reads it again, and says what is wrong
        project = None
    forked = _fork(project) if project else None
    return True if project and forked is None else _run([str(word) for word in request["words"]], forked, told)  # type: ignore[attr-defined]


def _fork(project: config.Project) -> runner.Forked | None:
    """None in the program's process."""
    (read_in, write_in), (read_out, write_out), (read_err, write_err) = (os.pipe() for _ in range(3))
    process = os.fork()
    if process == 0:
        for source, target in ((read_in, 0), (write_out, 1), (write_err, 2)):
            os.dup2(source, target)
        os.closerange(3, write_err + 1)
        os.setsid()
        os.chdir(project.folder)
        _forget_ours()
        return None
    for end in (read_in, write_out, write_err):
        os.close(end)
    return runner.Forked(process, write_in, read_out, read_err)


def _forget_ours() -> None:
    """The program has modules of its own by these names."""
    sys.path.remove(str(OURS))
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), "")
        ours = file and Path(file).is_relative_to(OURS) and "site-packages" not in file
        if ours and name not in ("__main__", _PROGRAM):
            del sys.modules[name]


def _run(words: list[str], forked: runner.Forked | None, told: int) -> NoReturn:
    code = 1
    try:
        code = engine.main(words, forked)
    except Exception:
        # the edge of a process that must not go on as its parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(told, f"{code}\n".encode())
        os._exit(code)


if __name__ == "__main__":
    main()
