"""One POST to a stranger's address: connected to where its name was found to be, and to nothing else; no redirects, and an end."""

import http.client
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from jobs.webhooks import addresses

SECONDS = 10.0
# of a URL's host, and whether this machine is allowed
LookUp = Callable[[str, bool], Sequence[str]]


@dataclass(frozen=True)
class Answer:
    """Of the body nothing is read."""

    status: int


def post(
    url: str, body: bytes, headers: Mapping[str, str], private: bool = False, seconds: float = SECONDS, look_up: LookUp = addresses
) -> Answer:
    """`private` allows http and this machine. Raises NotCallable, and OSError for all that can go wrong on the way, time included."""
    parts, address = urlsplit(url), look_up(url, private)[0]
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    try:
        with _connected(parts, address, seconds) as connection:
            connection.request("POST", path, body, {"Host": parts.netloc, "Connection": "close", **headers})
            return Answer(connection.getresponse().status)
    except ssl.SSLError:
        raise  # which is an OSError and a ValueError
    except (http.client.HTTPException, ValueError) as error:
        raise OSError(f"the answer is not HTTP: {type(error).__name__}") from error


@contextmanager
def _connected(parts: SplitResult, address: str, seconds: float) -> Iterator[http.client.HTTPConnection]:
    """To the address, while certificate and header are those of the name. A time limit on the socket would start anew with each byte that
    drips in, so a timer shuts it as well."""
    secure = parts.scheme == "https"
    plain = socket.create_connection((address, parts.port or (443 if secure else 80)), seconds)
    timer = Timer(seconds, _shut, [plain])
    timer.daemon = True
    timer.start()
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    try:
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname) if secure else plain
        yield connection
    finally:
        timer.cancel()
        connection.close()
        plain.close()


def _shut(plain: socket.socket) -> None:
    try:
        plain.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already
