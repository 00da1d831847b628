"""A door to the Firestore emulator that counts who listens, and that can be shut: the documents stay."""

import contextlib
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

_LISTEN = "/google.firestore.v1.Firestore/Listen"
# the next connection makes these anew
_OWN = ("grpc-", "user-agent", "te", "content-type")


class Door(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc has no types
    """`made` and `open` count Listen streams, of whatever client."""

    def __init__(self, emulator: str, port: int) -> None:
        self.address = f"127.0.0.1:{port}"
        self.made = self.open = 0
        self._lock = threading.Lock()
        self._channel = grpc.insecure_channel(emulator)
        self._server: Any = None
        self.start()

    def start(self) -> None:
        self._server = grpc.server(ThreadPoolExecutor(128), handlers=[self], options=[("grpc.so_reuseport", 0)])
        self._server.add_insecure_port(self.address)
        self._server.start()

    def stop(self) -> None:
        self._server.stop(0).wait(10)

    def close(self) -> None:
        self.stop()
        self._channel.close()

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        """Without (de)serializers this serves methods of all four kinds alike."""
        method = details.method

        def serve(requests: Iterator[bytes], context: Any) -> Iterator[bytes]:
            metadata = [(key, value) for key, value in context.invocation_metadata() if not key.startswith(_OWN)]
            call = self._channel.stream_stream(method)(_until_gone(requests), metadata=metadata)
            context.add_callback(call.cancel)
            with self._counted() if method == _LISTEN else contextlib.nullcontext():
                try:
                    yield from call
                except grpc.RpcError as error:
                    context.abort(error.code(), error.details())

        return grpc.stream_stream_rpc_method_handler(serve)

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self.made += 1
            self.open += 1
        try:
            yield
        finally:
            with self._lock:
                self.open -= 1

    def waits_for(self, open_: int, seconds: float = 10.0) -> bool:
        """Whether so many listen, within that time."""
        end = time.monotonic() + seconds
        while self.open != open_ and time.monotonic() < end:
            time.sleep(0.02)
        return self.open == open_


def _until_gone(requests: Iterator[bytes]) -> Iterator[bytes]:
    with contextlib.suppress(grpc.RpcError):
        yield from requests
