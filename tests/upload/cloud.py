"""The real parts that the upload service's tests run against: Google's Firestore emulator, the local cloud's storage server, an
identity provider with its own keys, and a topic and an endpoint that do what they are told."""

import base64
import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from google.api_core.exceptions import NotFound, ServiceUnavailable
from PIL import Image

from jobs.settings import Settings, UploadSettings
from local.emulators import java

AUDIENCE = "/projects/100000000001/locations/us-central1/services/sd-test-portal"
PUSH_ACCOUNT = "sd-test-push@sd-test.iam.gserviceaccount.com"


def environment(settings: Settings) -> dict[str, str]:
    """The variables from which a process of its own reads them again."""
    named = type(settings).env(**asdict(settings))
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in named.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on {port} after {seconds} s")


@contextlib.contextmanager
def process(command: list[str], port: int, env: dict[str, str] | None = None) -> Iterator[None]:
    started = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(port, started)
        yield
    finally:
        os.killpg(started.pid, signal.SIGTERM)
        started.wait(20)


@contextlib.contextmanager
def firestore() -> Iterator[str]:
    port = free_port()
    jar = java.jar("cloud-firestore-emulator*.jar", "cloud-firestore-emulator")
    jvm = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-Duser.language=en"]
    main = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
    with process([java.java(), *jvm, "-cp", str(jar), main, "start", "--host=127.0.0.1", f"--port={port}"], port):
        yield f"127.0.0.1:{port}"


def settings(project: str, **more: Any) -> UploadSettings:
    """As a stack in that project would tell a service."""
    told = {"region": "us-central1", "stack": "test", "database": "(default)", "push_account": PUSH_ACCOUNT, "iap_audience": AUDIENCE}
    buckets = {"uploads_bucket": f"{project}-uploads", "models_bucket": f"{project}-models"}
    topics = {"topic": f"projects/{project}/topics/jobs", "generations_topic": f"projects/{project}/topics/generations"}
    return UploadSettings(project=project, **{**told, **buckets, **topics, **more})


@dataclass
class IdentityProvider:
    """Signs assertions as Google's proxy does, and serves the public keys at `url`."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    key_id: str = "k1"
    url: str = ""
    fetched: int = 0

    def public_pem(self) -> str:
        return self.key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

    def claims(self, email: str = "ada@example.com", **changes: Any) -> dict[str, Any]:
        at = int(time.time())
        claims = {"iss": "https://cloud.google.com/iap", "aud": AUDIENCE, "sub": f"accounts.google.com:{email}", "email": email}
        return {**claims, "iat": at, "exp": at + 600, **changes}

    def assertion(self, email: str = "ada@example.com", **changes: Any) -> str:
        return self.signed(self.claims(email, **changes))

    def signed(self, claims: dict[str, Any], key_id: str | None = None) -> str:
        return jwt.encode(claims, self.key, "ES256", headers={"kid": key_id or self.key_id})


@contextlib.contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    provider = IdentityProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.fetched += 1
            body = json.dumps({provider.key_id: provider.public_pem()}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}/public_key"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


@dataclass
class Topic:
    """Takes messages as google.cloud.pubsub_v1.PublisherClient does; refuses them while `down`."""

    down: bool = False
    messages: list[tuple[dict[str, Any], dict[str, str]]] = field(default_factory=list)

    def publish(self, topic: str, data: bytes, timeout: float, **attributes: str) -> Future[str]:
        future: Future[str] = Future()
        if self.down:
            future.set_exception(ServiceUnavailable("the topic is down"))
        else:
            self.messages.append((json.loads(data), attributes))
            future.set_result(str(len(self.messages)))
        return future


@dataclass
class Answer:
    predictions: list[dict[str, Any]]


@dataclass
class Endpoint:
    """Answers as google.cloud.aiplatform_v1.PredictionServiceClient does; not found while `asleep`, and with each of its `faults` once."""

    asleep: bool = False
    faults: list[Exception] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def predict(self, *, endpoint: str, instances: list[dict[str, Any]], timeout: float) -> Answer:
        if self.asleep:
            raise NotFound(f"{endpoint} is not there")
        if self.faults:
            raise self.faults.pop(0)
        self.asked.extend((endpoint, instance) for instance in instances)
        png = png_of(Image.new("RGB", (64, 64), (int(instances[0]["seed"]) % 256, 0, 0)))
        return Answer([{"image_base64": base64.b64encode(png).decode(), "seed": float(instance["seed"])} for instance in instances])


def png_of(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def picture(number: int, size: tuple[int, int] = (96, 80)) -> bytes:
    return png_of(Image.new("RGB", size, (number * 11 % 256, number * 7 % 256, 90)))
