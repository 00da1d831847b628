"""A job as it goes on: a stream of server-sent events, which anybody may break off and resume."""

import contextlib
import select
import socket
import struct
import time
from collections.abc import Iterator
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from services.upload.board import AT_REST, Place, frames, last_move
from services.upload.parts import owned, the
from services.upload.watch import Patience, Watcher

api = APIBlueprint("events", __name__, url_prefix="/v1")
RETRY_MS = 1000
# enough for the longest delivery; what the kernel would keep for a client that does not read grows no further
SEND_BYTES = 64 * 2**10
_HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
_GONE = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR


class Line:
    """The client's connection as the server holds it; none where there is no server."""

    def __init__(self, connection: socket.socket | None, slow_s: float) -> None:
        self._socket = connection
        if connection is not None:
            connection.settimeout(slow_s)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                # of a machine that went without a word; for one that only does not read, `cut` comes first
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(2 * slow_s * 1000))

    @property
    def gone(self) -> bool:
        return bool(self._state() & _GONE)

    @property
    def free(self) -> bool:
        return self._socket is None or bool(self._state() & select.POLLOUT)

    def cut(self) -> None:
        """What it did not read is thrown away at once: the kernel would wait for it for minutes."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                self._socket.shutdown(socket.SHUT_RDWR)

    def _state(self) -> int:
        if self._socket is None:
            return 0
        poll = select.poll()
        poll.register(self._socket, select.POLLOUT | _GONE)
        return sum(state for _, state in poll.poll(0))


@api.get("/jobs/<job_id>/events")
@api.doc(operation_id="watchJob", summary="The job as it goes on, as server-sent events; resumed by Last-Event-ID")
def watch_job(job_id: str) -> Any:
    job, place = owned(job_id), Place.read(request.headers.get("Last-Event-ID", ""))
    if job.state in AT_REST and place.move >= last_move(job):
        return Response(status=204)
    watches = the().watches
    watcher = watches.join(job.id, place)
    line = Line(request.environ.get("gunicorn.socket"), watches.patience.slow_s)
    response = Response(stream(watcher, line, watches.patience), headers=_HEADERS, content_type="text/event-stream; charset=utf-8")
    response.call_on_close(lambda: watches.leave(job.id))
    return response


def stream(watcher: Watcher, line: Line, patience: Patience) -> Iterator[str]:
    """Nothing waits here for a client: what it did not take in time is overtaken by what is new."""
    yield f"retry: {RETRY_MS}\n\n"
    end = time.monotonic() + patience.stream_s
    sent = free = time.monotonic()
    while not watcher.over and (at := time.monotonic()) < end:
        free = at if line.free else free
        if line.gone or at - free > patience.slow_s:
            return line.cut()
        if at > free:
            time.sleep(patience.pace_s)
            continue
        notes, before, place = watcher.take(max(min(patience.look_s, sent + patience.heartbeat_s - at, end - at), 0))
        if notes:
            yield frames(notes, before, place)
            time.sleep(patience.pace_s)
        elif time.monotonic() - sent < patience.heartbeat_s:
            continue
        else:
            yield ": still here\n\n"
        sent = time.monotonic()
