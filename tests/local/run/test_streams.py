"""Streams of events through the front door of a service behind Identity-Aware Proxy: neither held back nor cut, in either direction."""

import asyncio
import os
import signal
import time
from typing import Any

import aiohttp
import pytest

from tests.local.run.conftest import CookieIap

# says when it was told to go, and writes down how many watch
STREAM = """
    import os, signal, threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    going, watchers = threading.Event(), set()

    class Events(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if self.path != "/watchers":
                watchers.add(self)
            self.send_response(200)
            self.send_header("Content-Type", "text/plain" if self.path == "/watchers" else "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            if self.path == "/watchers":
                self.chunk(str(len(watchers)))
            else:
                try:
                    self.chunk("retry: 1000\\n\\n")
                    for number in range(1000):
                        if going.wait(0.3):
                            break
                        self.chunk(f"data: {number}\\n\\n")
                finally:
                    watchers.remove(self)
            self.chunk("")

        def chunk(self, text):
            self.wfile.write(f"{len(text):x}\\r\\n{text}\\r\\n".encode())
            self.wfile.flush()

        def log_message(self, *_):
            pass

    def bye(*_):
        going.set()
        threading.Timer(0.5, os._exit, [0]).start()

    signal.signal(signal.SIGTERM, bye)
    server = ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Events)
    server.daemon_threads = True
    server.serve_forever()
"""
DANA = {"Cookie": "who=dana@x.test"}


@pytest.fixture
async def uri(machine: Any, service_of: Any) -> str:
    address: str = await machine.run.put(await service_of(STREAM, iap=True))
    await machine.grant("echo", f"serviceAccount:{CookieIap.agent}")
    return address


async def watchers(client: aiohttp.ClientSession, uri: str) -> int:
    async with client.get(f"{uri}/watchers", headers=DANA) as answer:
        return int(await answer.text())


async def test_an_event_is_there_as_soon_as_it_is_sent(uri: str, client: aiohttp.ClientSession) -> None:
    began, seen = time.monotonic(), []

    async with client.get(uri, headers=DANA) as answer:
        async for chunk in answer.content.iter_any():
            seen.append((chunk, time.monotonic() - began))
            if len(seen) == 4:
                break

    assert [chunk for chunk, _ in seen] == [b"retry: 1000\n\n", b"data: 0\n\n", b"data: 1\n\n", b"data: 2\n\n"]
    assert [moment < 0.3 * number + 0.25 for number, (_, moment) in enumerate(seen)] == [True] * 4


async def test_who_leaves_is_missed_by_the_service(uri: str, client: aiohttp.ClientSession) -> None:
    async with client.get(uri, headers=DANA) as answer:
        await answer.content.readany()
        during = await watchers(client, uri)

    async with asyncio.timeout(10):
        while after := await watchers(client, uri):  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.1)
    assert (during, after) == (1, 0)


async def test_many_streams_hold_up_nobody(uri: str, client: aiohttp.ClientSession) -> None:
    answers = [await client.get(uri, headers=DANA) for _ in range(90)]
    began = time.monotonic()

    there = await watchers(client, uri)

    assert there == 90
    assert time.monotonic() - began < 2
    for answer in answers:
        answer.close()


async def test_a_stream_ends_as_it_should_when_its_instance_is_told_to_go(machine: Any, uri: str, client: aiohttp.ClientSession) -> None:
    async with client.get(uri, headers=DANA) as answer:
        await answer.content.readany()
        os.kill(machine.run.pid("echo"), signal.SIGTERM)
        rest = await answer.content.read()

    assert rest == b"" or rest.endswith(b"\n\n")
