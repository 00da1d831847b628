"""A warm process from which a child is forked for each picture: `python -m services.upload.zygote CONTROL`.

It is a process of its own, begun by exec, with one thread and nothing in its environment: a fork of the server would take its threads'
locks along, and a new interpreter for each picture would cost more than most pictures do. CONTROL is a SOCK_SEQPACKET on which requests
come: `resolution`, with three descriptors: the picture's bytes, where the clean copy goes, and a SOCK_SEQPACKET for the answer. That is
one line of JSON from the child, if it lives to write it, and then from here how the child ended (`ENDS`). It ends when CONTROL is closed.
"""

import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import time
import warnings
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image

from services.upload.decode import ADVICE, MAX_PIXELS, Refused, clean

SECONDS = 20
_LIMITS = (
    (resource.RLIMIT_AS, 2**30),
    (resource.RLIMIT_CPU, 10),
    (resource.RLIMIT_FSIZE, 64 * 2**20),
    (resource.RLIMIT_CORE, 0),
)
DONE, LIMIT, CRASH, KILLED = b"done", b"limit", b"crash", b"killed"
ENDS = frozenset({DONE, LIMIT, CRASH, KILLED})


@dataclass
class Child:
    pid: int
    answer: int
    deadline: float
    overdue: bool = False


def main() -> None:
    import pillow_heif  # the server reads the constants above, and should not carry a decoder

    pillow_heif.register_heif_opener()
    Image.init()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    gc.freeze()  # a collection in a child would copy the pages that it shares with this process
    serve(socket.socket(fileno=int(sys.argv[1])))


def serve(control: socket.socket) -> None:
    children: dict[int, Child] = {}
    poll = select.poll()
    poll.register(control, select.POLLIN)
    while True:
        for ready, _ in poll.poll(_until_next(children)):
            if ready != control.fileno():
                poll.unregister(ready)
                _bury(children.pop(ready), ready)
            elif request := _request(control):
                handle, child = _fork(*request)
                children[handle] = child
                poll.register(handle, select.POLLIN)
            else:
                return
        _kill_overdue(children)


def _until_next(children: dict[int, Child]) -> float | None:
    """Milliseconds."""
    waiting = [child.deadline for child in children.values() if not child.overdue]
    return max(0.0, (min(waiting) - time.monotonic()) * 1000 + 1) if waiting else None


def _request(control: socket.socket) -> tuple[int, list[int]] | None:
    text, fds, _, _ = socket.recv_fds(control, 64, 3)
    return (int(text), fds) if text else None


def _fork(resolution: int, fds: list[int]) -> tuple[int, Child]:
    """A handle that becomes readable when the child is over: the other end of a pipe that only the child holds. (Not every sandbox has
    descriptors of processes.)"""
    raw, out, answer = fds
    handle, life = os.pipe()
    pid = os.fork()
    if pid == 0:
        _child(resolution, raw, out, answer, life)
    for descriptor in (raw, out, life):
        os.close(descriptor)
    return handle, Child(pid, answer, time.monotonic() + SECONDS)


def _bury(child: Child, handle: int) -> None:
    _, status = os.waitpid(child.pid, 0)
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if child.overdue or number == signal.SIGXCPU:
        end = LIMIT
    elif number == signal.SIGKILL:
        end = KILLED  # not by us: the machine was short of memory, which is not the picture's fault
    else:
        end = CRASH if status else DONE
    os.close(handle)
    with socket.socket(fileno=child.answer) as answer, suppress(OSError):  # whoever asked may have gone
        answer.send(end)


def _kill_overdue(children: dict[int, Child]) -> None:
    for child in children.values():
        if not child.overdue and time.monotonic() > child.deadline:
            child.overdue = True
            os.kill(child.pid, signal.SIGKILL)


def _child(resolution: int, raw: int, out: int, answer: int, life: int) -> None:
    """Does not return, whatever happens: a second one must never serve."""
    try:
        _close_all_but(raw, out, answer, life)
        for what, most in _LIMITS:
            resource.setrlimit(
                what, (most, most + 1)
            )  # at the second one a process is killed, which would look as if the machine had done it
        facts = _facts(resolution, raw, out)
        with suppress(BrokenPipeError):  # whoever asked has gone
            os.write(answer, json.dumps(facts).encode())
        os._exit(0)
    finally:
        os._exit(1)


def _close_all_but(*kept: int) -> None:
    """What belongs to the pictures beside this one."""
    before = sys.stderr.fileno()
    for descriptor in (*sorted(kept), 1024):
        os.closerange(before + 1, descriptor)
        before = descriptor


def _facts(resolution: int, raw: int, out: int) -> dict[str, object]:
    try:
        with os.fdopen(raw, "rb") as file:
            file.seek(0)
            picture = clean(file, resolution)
        for part in (picture.png, picture.small):
            _write(out, part)
    except Refused as refused:
        return {"code": refused.code, "text": str(refused)}
    except MemoryError:
        return {"code": "TOO_MANY_PIXELS", "text": "needs more memory to open than a picture should. Export it smaller."}
    except Exception as error:  # the process's edge: Pillow raises what its parsers raise, SyntaxError and struct.error included
        return {"code": "DAMAGED", "text": f"is damaged or cut short. {ADVICE}", "error": f"{type(error).__name__}: {error}"[:300]}
    return {"width": picture.width, "height": picture.height, "look": picture.look, "png": len(picture.png)}


def _write(out: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(out, view) :]


if __name__ == "__main__":
    main()
