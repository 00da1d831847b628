"""Whether an instance takes requests: a TCP connection, or an HTTP path that answers 2xx or 3xx."""

import asyncio
from http import HTTPStatus

from local.layout import LOOPBACK

_PROBE_S = 5.0


async def answers(port: int, path: str | None) -> bool:
    try:
        return await asyncio.wait_for(_asked(port, path), _PROBE_S)
    except (OSError, TimeoutError, ValueError, IndexError):
        return False


async def _asked(port: int, path: str | None) -> bool:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        if path is None:
            return True
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nUser-Agent: kube-probe/1.0\r\nConnection: close\r\n\r\n".encode())
        status = int((await reader.readline()).split()[1])
        return HTTPStatus.OK <= status < HTTPStatus.BAD_REQUEST
    finally:
        writer.close()
