import asyncio
import io
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from local.interfaces import ServiceSpec
from local.run.errors import StartFailed
from local.run.supervisor import Patience, Supervised
from tests.local.run.conftest import CookieIap

CALLER = "caller@sd-local.iam.gserviceaccount.com"
MEMBER = f"serviceAccount:{CALLER}"
# answers what it was asked, and some paths of its own
ECHO = """
    import json, os, signal, sys, time
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Echo(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if self.path == "/slow":
                time.sleep(5)
            if self.path == "/crash":
                os._exit(9)
            if self.path == "/ticks":
                return self.ticks()
            if self.path.startswith("/to?"):
                self.send_response(302)
                self.send_header("Location", self.path.removeprefix("/to?"))
                self.send_header("Content-Length", "0")
                return self.end_headers()
            if self.path == "/healthz" and os.path.exists(os.environ["TMPDIR"] + "/ill"):
                self.send_error(500)
                return
            if self.path == "/ill":
                open(os.environ["TMPDIR"] + "/ill", "w").close()
            self.answer(b"")

        def do_POST(self):
            if self.headers.get("Transfer-Encoding") == "chunked":
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.answer(body)

        def answer(self, body):
            about = {
                "method": self.command, "path": self.path, "headers": dict(self.headers), "size": len(body),
                "env": {name: value for name, value in os.environ.items() if name.startswith(("K_", "PORT", "VERSION"))},
                "pid": os.getpid(),
            }
            data = json.dumps(about).encode()
            self.send_response(201 if body else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Set-Cookie", "a=1")
            self.send_header("Set-Cookie", "b=2")
            self.end_headers()
            self.wfile.write(data)

        def ticks(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            for number in range(3):
                time.sleep(0.2)
                self.wfile.write(f"data: {number}\\n\\n".encode())
                self.wfile.flush()
            self.close_connection = True

        def log_message(self, *_):
            pass

    def bye(*_):
        print("bye", flush=True)
        os._exit(0)

    signal.signal(signal.SIGTERM, bye)
    server = ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Echo)
    server.daemon_threads = True
    server.serve_forever()
"""


@pytest.fixture
async def echo(service_of: Any) -> ServiceSpec:
    spec: ServiceSpec = await service_of(ECHO)
    return spec


@pytest.fixture
async def uri(machine: Any, echo: ServiceSpec) -> str:
    """An open service."""
    await machine.grant("echo", "allUsers")
    address: str = await machine.run.put(echo)
    return address


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def told(client: aiohttp.ClientSession, uri: str, **settings: Any) -> Any:
    async with client.get(uri, **settings) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def test_a_service_knows_its_name_revision_and_port(uri: str, client: aiohttp.ClientSession) -> None:
    about = await told(client, uri + "/a%2Fb?q=1&q=2")

    assert about["path"] == "/a%2Fb?q=1&q=2"
    assert about["env"]["K_SERVICE"] == about["env"]["K_CONFIGURATION"] == "echo"
    assert about["env"]["K_REVISION"].startswith("echo-00001-")
    assert about["env"]["PORT"] not in uri


async def test_headers_and_cookies_pass_both_ways(uri: str, client: aiohttp.ClientSession) -> None:
    async with client.post(uri, data=b"x" * 100, headers={"X-Mine": "1", "Authorization": "Basic mine"}) as response:
        about = await response.json()

    assert response.status == 201
    assert response.headers.getall("Set-Cookie") == ["a=1", "b=2"]
    assert (about["headers"]["X-Mine"], about["headers"]["Authorization"], about["size"]) == ("1", "Basic mine", 100)
    assert about["headers"]["Host"] == uri.removeprefix("http://")
    assert about["headers"]["X-Forwarded-For"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("sent", "arrives"),
    [
        ("https://storage.googleapis.com/b/o?X-Goog-Signature=00", "http://127.0.0.1:1/b/o?X-Goog-Signature=00"),
        ("https://storage.googleapis.com.evil.example/b", "https://storage.googleapis.com.evil.example/b"),
        ("https://example.com/https://storage.googleapis.com/b", "https://example.com/https://storage.googleapis.com/b"),
        ("/here", "/here"),
    ],
)
async def test_a_browser_is_sent_to_where_googles_storage_stands_here(
    uri: str, client: aiohttp.ClientSession, sent: str, arrives: str
) -> None:
    async with client.get(f"{uri}/to?{sent}", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (302, arrives)


async def test_every_request_has_a_trace(uri: str, client: aiohttp.ClientSession) -> None:
    fresh = await told(client, uri)
    given = await told(client, uri, headers={"X-Cloud-Trace-Context": "abc/1;o=1"})

    trace, _, span = fresh["headers"]["X-Cloud-Trace-Context"].partition("/")
    assert len(trace) == 32
    assert span.endswith(";o=0")
    assert given["headers"]["X-Cloud-Trace-Context"] == "abc/1;o=1"


async def test_an_answer_arrives_chunk_by_chunk(uri: str, client: aiohttp.ClientSession) -> None:
    start, seen = time.monotonic(), []

    async with client.get(uri + "/ticks") as response:
        begun = time.monotonic() - start
        async for chunk in response.content.iter_any():
            seen.append((chunk, time.monotonic() - start))

    assert begun < 0.15
    assert [chunk for chunk, _ in seen] == [b"data: 0\n\n", b"data: 1\n\n", b"data: 2\n\n"]
    assert all(0.15 * number <= moment <= 0.2 * number + 0.3 for number, (_, moment) in enumerate(seen, start=1))


async def test_a_streamed_body_arrives_whole_and_one_over_32_mib_is_refused(uri: str, client: aiohttp.ClientSession) -> None:
    async def body(mebibytes: int) -> Any:
        for _ in range(mebibytes):
            yield b"x" * 2**20

    async with client.post(uri, data=body(3)) as response:
        about = await response.json()
    async with client.post(uri, data=io.BytesIO(b"x" * (32 * 2**20 + 1))) as announced:
        pass
    async with client.post(uri, data=body(34)) as streamed:
        pass

    assert about["size"] == 3 * 2**20
    assert (announced.status, streamed.status) == (413, 413)


async def test_a_request_over_its_time_limit_gets_504(machine: Any, service_of: Any, client: aiohttp.ClientSession) -> None:
    await machine.grant("echo", "allUsers")
    uri = await machine.run.put(await service_of(ECHO, timeout_s=0.3))

    async with client.get(uri + "/slow") as response:
        text = await response.text()

    assert response.status == 504
    assert "upstream request timeout" in text


async def test_an_answer_that_breaks_off_is_seen_to_be_broken(machine: Any, service_of: Any, client: aiohttp.ClientSession) -> None:
    await machine.grant("echo", "allUsers")
    uri = await machine.run.put(await service_of(ECHO, timeout_s=0.3))

    with pytest.raises(aiohttp.ClientPayloadError):
        async with client.get(uri + "/ticks") as response:
            await response.read()


@pytest.mark.parametrize(
    ("token_of", "status", "challenge"),
    [
        (lambda machine, uri: "", 403, None),
        (lambda machine, uri: "Basic abc", 403, None),
        (lambda machine, uri: "Bearer rubbish", 401, "invalid_token"),
        (lambda machine, uri: f"Bearer {machine.identity.identity_token(CALLER, 'https://else')}", 401, "invalid_token"),
        (lambda machine, uri: f"Bearer {machine.identity.tokens.access_token(CALLER)}", 401, "invalid_token"),
        (lambda machine, uri: f"Bearer {machine.identity.identity_token('other@x.test', uri)}", 403, "insufficient_scope"),
        (lambda machine, uri: f"Bearer {machine.identity.identity_token(CALLER, uri)}", 200, None),
    ],
    ids=["none", "not a bearer", "rubbish", "wrong audience", "access token", "not a member", "member"],
)
async def test_only_members_with_a_token_for_this_service_come_in(
    machine: Any, echo: ServiceSpec, client: aiohttp.ClientSession, token_of: Any, status: int, challenge: str | None
) -> None:
    uri = await machine.run.put(echo)
    await machine.grant("echo", MEMBER)

    async with client.get(uri + "/x", headers={"Authorization": token_of(machine, uri)}) as response:
        text = await response.text()

    assert response.status == status
    assert ("Your client does not have permission" in text) is (status != 200)
    assert challenge is None or challenge in response.headers["WWW-Authenticate"]


async def test_a_checked_token_goes_on_without_its_signature(machine: Any, echo: ServiceSpec, client: aiohttp.ClientSession) -> None:
    uri = await machine.run.put(echo)
    await machine.grant("echo", MEMBER)
    bearer = f"Bearer {machine.identity.identity_token(CALLER, uri)}"

    plain = await told(client, uri, headers={"Authorization": bearer})
    beside = await told(client, uri, headers={"X-Serverless-Authorization": bearer, "Authorization": "Bearer mine"})

    assert plain["headers"]["Authorization"] == bearer.rpartition(".")[0] + ".SIGNATURE_REMOVED_BY_GOOGLE"
    assert beside["headers"]["Authorization"] == "Bearer mine"


async def test_a_revoked_member_stays_outside(machine: Any, echo: ServiceSpec, client: aiohttp.ClientSession) -> None:
    uri = await machine.run.put(echo)
    await machine.grant("echo", MEMBER)
    await machine.revoke("echo", MEMBER)

    async with client.get(uri, headers={"Authorization": f"Bearer {machine.identity.identity_token(CALLER, uri)}"}) as response:
        assert response.status == 403


async def test_iap_alone_says_who_the_caller_is(machine: Any, service_of: Any, client: aiohttp.ClientSession) -> None:
    uri = await machine.run.put(await service_of(ECHO, iap=True))
    await machine.grant("echo", f"serviceAccount:{CookieIap.agent}")
    forged = {"X-Goog-IAP-JWT-Assertion": "forged", "x-goog-authenticated-user-email": "accounts.google.com:boss@x.test"}

    async with client.get(uri, headers=forged, allow_redirects=False) as outside:
        pass
    inside = await told(client, uri, headers=forged | {"Cookie": "who=dana@x.test"})

    assert (outside.status, outside.headers["Location"]) == (302, "/_iap/sign-in")
    assert inside["headers"]["X-Goog-Authenticated-User-Email"] == "accounts.google.com:dana@x.test"
    assert inside["headers"]["X-Goog-IAP-JWT-Assertion"].count(".") == 2
    assert len([name for name in inside["headers"] if name.lower().startswith("x-goog-")]) == 3


async def test_iap_itself_needs_leave_to_call_the_service(machine: Any, service_of: Any, client: aiohttp.ClientSession) -> None:
    uri = await machine.run.put(await service_of(ECHO, iap=True))

    async with client.get(uri, headers={"Cookie": "who=dana@x.test"}) as refused:
        text = await refused.text()
    await machine.grant("echo", f"serviceAccount:{CookieIap.agent}")
    async with client.get(uri, headers={"Cookie": "who=dana@x.test"}) as allowed:
        pass

    assert (refused.status, allowed.status) == (403, 200)
    assert "Your client does not have permission to get URL" in text


async def test_a_service_without_iap_gets_the_assertion_that_its_caller_passes_on(uri: str, client: aiohttp.ClientSession) -> None:
    """As on Cloud Run: the portal's server hands the header on, and the service behind verifies its signature."""
    about = await told(client, uri, headers={"X-Goog-Iap-Jwt-Assertion": "passed.on"})

    assert about["headers"]["X-Goog-Iap-Jwt-Assertion"] == "passed.on"


async def test_a_start_that_fails_shows_the_last_lines_and_leaves_nothing(machine: Any, service_of: Any) -> None:
    spec = await service_of("print('reading config'); raise SystemExit('no DATABASE_URL')")

    with pytest.raises(StartFailed, match=r"(?s)ended with exit code 1 before it listened on \$PORT.*reading config.*no DATABASE_URL"):
        await machine.run.put(spec)

    assert machine.run.rows() == []


async def test_a_service_that_never_listens_is_stopped(machine: Any, service_of: Any) -> None:
    machine.run._patience = Patience(start_s=0.5, stop_s=1)

    with pytest.raises(StartFailed, match=r"a TCP connection on the port of \$PORT .* got no good answer in 0\.5 s"):
        await machine.run.put(await service_of("import time; time.sleep(100)"))


async def test_the_startup_path_must_answer_well(machine: Any, service_of: Any) -> None:
    machine.run._patience = Patience(start_s=0.7, stop_s=1)
    spec = await service_of(ECHO.replace('self.path == "/healthz" and', 'self.path == "/healthz" or'), startup_path="/healthz")

    with pytest.raises(StartFailed, match="GET /healthz"):
        await machine.run.put(spec)


async def test_the_same_specification_twice_changes_nothing(machine: Any, uri: str, echo: ServiceSpec) -> None:
    before = machine.run.rows()

    assert await machine.run.put(echo) == uri
    assert machine.run.rows() == before


async def test_a_replacement_serves_before_the_old_instance_goes(
    machine: Any, uri: str, service_of: Any, client: aiohttp.ClientSession
) -> None:
    versions, stop = [], asyncio.Event()

    async def ask() -> None:
        while not stop.is_set():
            versions.append((await told(client, uri))["env"].get("VERSION"))

    asking = asyncio.create_task(ask())
    await machine.run.put(await service_of(ECHO, env={"VERSION": "2"}))
    stop.set()
    await asking

    assert (await told(client, uri))["env"]["VERSION"] == "2"
    assert set(versions) <= {None, "2"}
    await until(lambda: "bye" in (machine.layout.root / "logs/echo.log").read_text())


async def test_a_replacement_that_fails_leaves_the_old_instance(
    machine: Any, uri: str, service_of: Any, client: aiohttp.ClientSession
) -> None:
    before = await told(client, uri)

    with pytest.raises(StartFailed):
        await machine.run.put(await service_of("raise SystemExit(1)"))

    assert (await told(client, uri))["pid"] == before["pid"]


async def test_a_crashed_instance_comes_back_and_waiting_requests_are_answered(
    machine: Any, uri: str, client: aiohttp.ClientSession
) -> None:
    before = await told(client, uri)

    async with client.get(uri + "/crash") as crashed:
        pass
    await until(lambda: machine.run.rows()[0]["state"] != "ready" or machine.run.rows()[0]["restarts"] > 0)
    after = await told(client, uri)

    assert crashed.status == 503
    assert after["pid"] != before["pid"]
    assert [(row["state"], row["restarts"]) for row in machine.run.rows()] == [("ready", 1)]


async def test_a_crash_loop_is_given_up_and_says_why(machine: Any, service_of: Any, client: aiohttp.ClientSession) -> None:
    once = "import os, sys\nif os.path.exists(os.environ['TMPDIR'] + '/second'): sys.exit('cannot go on')\n"
    open_file = "open(os.environ['TMPDIR'] + '/second', 'w').close()\n"
    spec = await service_of(once + open_file + "\n".join(line[4:] for line in ECHO.splitlines()))
    await machine.grant("echo", "allUsers")
    uri = await machine.run.put(spec)

    async with client.get(uri + "/crash"):
        pass
    await until(lambda: machine.run.rows()[0]["state"] != "ready")
    async with client.get(uri) as response:
        text = await response.text()
    [row] = machine.run.rows()

    assert response.status == 503
    assert "given up after 5 quick crashes" in text
    assert "cannot go on" in text
    assert (row["state"], row["pid"], row["restarts"]) == ("failed", None, 4)


def test_pauses_double_up_to_their_limit(echo_instance: Supervised) -> None:
    pauses = []
    for crashes in range(1, 10):
        echo_instance._quick_crashes = crashes
        pauses.append(echo_instance._pause_s())

    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


@pytest.fixture
async def echo_instance(machine: Any, echo: ServiceSpec) -> Supervised:
    return Supervised(echo, "echo-00001-abc", machine.containers, lambda: 1, Patience())


async def test_an_instance_that_fails_its_liveness_probe_is_replaced(machine: Any, service_of: Any, client: aiohttp.ClientSession) -> None:
    await machine.grant("echo", "allUsers")
    uri = await machine.run.put(await service_of(ECHO, liveness_path="/healthz"))

    await told(client, uri + "/ill")
    await until(lambda: machine.run.rows()[0]["restarts"] > 0)

    assert "GET /healthz failed 2 times" in machine.run.rows()[0]["reason"] or machine.run.rows()[0]["state"] == "ready"


async def test_services_members_and_uris_outlive_the_daemon(machine: Any, uri: str, client: aiohttp.ClientSession) -> None:
    before = await told(client, uri)
    await machine.run.stop()

    again = machine.another_run()
    await again.start()
    after = await told(client, uri)
    await again.stop()

    assert after["pid"] != before["pid"]
    with pytest.raises(aiohttp.ClientConnectorError):
        await told(client, uri)


async def test_a_deleted_service_is_gone_and_a_second_delete_is_silent(machine: Any, uri: str, client: aiohttp.ClientSession) -> None:
    await machine.run.delete("echo")
    await machine.run.delete("echo")

    assert machine.run.rows() == []
    with pytest.raises(aiohttp.ClientConnectorError):
        await told(client, uri)
    again = machine.another_run()
    await again.start()
    assert again.rows() == []
