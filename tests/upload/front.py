"""What may stand between a client and the service: hands on, remembers what was asked, and answers itself where it is told to."""

import contextlib
import json
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

_PASSED = ("Authorization", "X-Requested-With", "Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID", "Content-Type")
_RETURNED = ("Content-Type", "ETag", "Location", "Retry-After")


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Instead:
    """`lost` lets the service do it, and breaks off before its answer."""

    method: str
    path: str
    status: int = 0
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False


@dataclass
class Front:
    """Each of `instead` once, for the next request that fits; `never` are ends of paths that are answered 404 here."""

    service: str
    url: str = ""
    instead: list[Instead] = field(default_factory=list)
    never: tuple[str, ...] = ()
    asked: list[Asked] = field(default_factory=list)

    def of(self, method: str, end: str) -> list[Asked]:
        return [each for each in self.asked if each.method == method and each.path.partition("?")[0].endswith(end)]

    def next_for(self, asked: Asked) -> Instead | None:
        path = asked.path.partition("?")[0]
        if path.endswith(self.never):
            return Instead(asked.method, path, 404)
        fits = next((each for each in self.instead if each.method == asked.method and path.endswith(each.path)), None)
        if fits:
            self.instead.remove(fits)
        return fits


def problem(code: str, status: int, retryable: bool = True) -> dict[str, Any]:
    told = {"type": "/problems/x", "title": "No", "detail": f"{code} is why.", "instance": "/", "traceId": "t"}
    return {**told, "status": status, "code": code, "retryable": retryable}


class _Handler(BaseHTTPRequestHandler):
    front: Front
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, self.path, dict(self.headers), body)
        self.front.asked.append(asked)
        instead = self.front.next_for(asked)
        if instead and not instead.lost:
            kind = "text/html" if not instead.body else "application/json" if instead.status < 400 else "application/problem+json"
            text = json.dumps(instead.body).encode() if instead.body else b""
            return self._answer(instead.status, {"Content-Type": kind, **instead.headers}, text)
        headers = {name: self.headers[name] for name in _PASSED if name in self.headers}
        with requests.request(self.command, self.front.service + self.path, headers=headers, data=body, stream=True, timeout=30) as answer:
            if instead:
                self.close_connection = True
                return None
            return self._hand_on(answer)

    def _hand_on(self, answer: requests.Response) -> None:
        headers = {name: answer.headers[name] for name in _RETURNED if name in answer.headers}
        if "event-stream" not in headers.get("Content-Type", ""):
            return self._answer(answer.status_code, headers, answer.content)
        self._head(answer.status_code, {**headers, "Transfer-Encoding": "chunked"})
        with contextlib.suppress(OSError, requests.RequestException):
            for piece in answer.iter_content(chunk_size=None):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        return None

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self._head(status, {**headers, **({} if status in {204, 304} else {"Content-Length": str(len(body))})})
        self.wfile.write(body)

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """One who hangs up is no error here."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextlib.contextmanager
def front(service: str) -> Iterator[Front]:
    found = Front(service)
    handler = type("Handler", (_Handler,), {"front": found})
    server = _Server(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
