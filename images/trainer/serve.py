"""Draws pictures for a Vertex AI endpoint, by its contract for containers: a health route, a predict route, AIP_* variables.

The port answers at once; health says 503 until the model is loaded. A model that cannot be loaded ends the process.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from images.trainer.settings import BadSetting, ServeSettings, prepare_libraries
from images.trainer.untuned import NoBase, StillLoading, Untuned

if TYPE_CHECKING:  # it imports torch, which is to be loaded behind the open port
    from images.trainer.family import Family

MOST_BYTES = 1_500_000
"""of a request; Vertex AI's own limit"""
PATIENCE = 30
"""seconds to wait for the bytes of a request"""
BASE_PATIENCE = 30.0
"""seconds that a request waits for the untuned model: a minute is all that Vertex AI gives it"""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, settings: ServeSettings) -> None:
        super().__init__((settings.host, settings.port), Handler)
        self.settings = settings
        self.family: Family | None = None
        self.failure: Exception | None = None
        self.untuned = Untuned(settings.base_model, load)
        self.drawing = threading.Lock()
        """one request at a time has the model"""

    def run(self) -> int:
        loader = threading.Thread(target=self._load, name="loader", daemon=True)
        loader.start()
        self.serve_forever(poll_interval=0.2)
        self.server_close()
        self.drawing.acquire(timeout=PATIENCE)  # the request in hand is answered first
        if self.failure:
            print(f"error: {type(self.failure).__name__}: {self.failure}", file=sys.stderr, flush=True)
        return 1 if self.failure else 0

    def stop(self) -> None:
        """From any thread; `run` then returns."""
        threading.Thread(target=self.shutdown, daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a caller may go at any time
            super().handle_error(request, client_address)

    def _load(self) -> None:
        try:
            self.family = load(self.settings.storage_uri)
        except Exception as error:  # the thread's edge: run() tells it and exits
            self.failure = error
            self.stop()
        else:
            print(f"ready: {self.settings.storage_uri} on port {self.server_port}", flush=True)


def load(uri: str) -> Family:
    prepare_libraries()
    import torch  # these imports are most of the time from start to ready: they run behind the open port

    from images.trainer.base_files import check_pinned
    from images.trainer.buckets import Buckets
    from images.trainer.stable_diffusion import StableDiffusion

    cuda = torch.cuda.is_available()
    with tempfile.TemporaryDirectory(prefix="model-") as folder:
        model = Buckets().fetch(uri, Path(folder))
        check_pinned(model)
        return StableDiffusion.load(model, torch.device("cuda" if cuda else "cpu"), torch.float16 if cuda else torch.float32)


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE

    def do_GET(self) -> None:
        if self._route() != self.server.settings.health_route:
            self._answer(HTTPStatus.NOT_FOUND, {"error": f"no such page: {self._route()}"})
        elif self.server.family is None:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, {"status": "loading"})
        else:
            self._answer(HTTPStatus.OK, {"status": "ready"})

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            return
        family = self.server.family
        if self._route() != self.server.settings.predict_route:
            self._answer(HTTPStatus.NOT_FOUND, {"error": f"no such page: {self._route()}"})
        elif family is None:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, {"error": "the model is still loading"})
        else:
            self._predict(body, family)

    def _predict(self, body: bytes, family: Family) -> None:
        from images.trainer.predictions import BadRequest, parse, predict

        try:
            asked = parse(body, family)
            untuned = self.server.untuned.family(BASE_PATIENCE) if any(one.base for one in asked) else None
            with self.server.drawing:
                self._answer(HTTPStatus.OK, {"predictions": predict(asked, family, untuned)})
        except (BadRequest, NoBase) as error:
            self._answer(HTTPStatus.BAD_REQUEST, {"error": str(error)})
        except StillLoading as error:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, {"error": str(error)})
        except ConnectionError:
            raise  # the caller has gone
        except Exception as error:  # the request's edge: the next one may well succeed
            print(f"predict failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": "the picture could not be drawn; see the server's log"})

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "Content-Length is missing")
            return None
        if int(length) > MOST_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body has {length} bytes; {MOST_BYTES} are allowed")
            return None
        return self.rfile.read(int(length))

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        """The body stays unread, so the connection cannot be used again."""
        self.close_connection = True
        self._answer(status, {"error": why})

    def _route(self) -> str:
        return self.path.partition("?")[0]

    def _answer(self, status: HTTPStatus, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Health checks come every few seconds; only what went wrong is worth a line, and that is printed where it does."""


def main() -> int:
    try:
        settings = ServeSettings.from_env()
    except BadSetting as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        return 2
    server = Server(settings)
    signal.signal(signal.SIGTERM, lambda number, frame: server.stop())
    signal.signal(signal.SIGINT, lambda number, frame: server.stop())
    return server.run()


if __name__ == "__main__":
    raise SystemExit(main())
