"""How gunicorn serves this service: `gunicorn --config python:services.upload.serving ...`."""

import signal
from types import FrameType
from typing import Any

# a watcher of a job holds a thread for as long as it watches; the others are for everybody else
WATCHERS = 512
OTHERS = 128

# One process: its threads share the clients, and a job's watchers its one listener.
workers = 1
worker_class = "gthread"
threads = WATCHERS + OTHERS
# connections that are kept open between two requests take no thread
worker_connections = 2 * threads
# a proxy in front must give up a kept connection before we do
keepalive = 75
# a worker that works is never killed for it; each call that it makes has a time limit of its own
timeout = 0
graceful_timeout = 10
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Streams would last for minutes; a worker that is told to go ends them first."""
    go = signal.getsignal(signal.SIGTERM)

    def end(number: int, frame: FrameType | None) -> None:
        worker_int(worker)
        if callable(go):
            go(number, frame)

    signal.signal(signal.SIGTERM, end)
    # as gunicorn has it: calls that are under way are not broken off
    signal.siginterrupt(signal.SIGTERM, False)


def worker_int(worker: Any) -> None:
    worker.wsgi.extensions["parts"].watches.end()
