"""A whole portal without a training run: `python -m tests.portal.stage [--dist FOLDER] [--port N]`.

Google's Firestore emulator, the local cloud's storage server, the upload service under gunicorn, and the portal's own server with the
built pages, with designers who have jobs in every state. Jobs that are handed in here develop within seconds. It prints where it is and
what there is as JSON, and stays until Ctrl-C. Open `URL/?as=ada@example.com`; any other address is a designer who has nothing yet.
"""

import argparse
import io
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore, storage

from jobs.documents import now
from jobs.settings import UploadSettings
from services.upload.clients import connect
from tests import serving
from tests.portal.darkroom import Darkroom, darkroom
from tests.portal.front import Front
from tests.portal.seed import DESIGNERS, Seed
from tests.upload import cloud

FRONTEND = Path(__file__).parents[2] / "frontend"


@dataclass(frozen=True)
class Stage:
    """`ids` name what there is, by designer."""

    url: str
    ids: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Own(Stage):
    """Of this process: `front` can be cut and slowed down, `darkroom` paused."""

    front: Front
    darkroom: Darkroom
    seed: Seed
    logs: Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dist", type=Path, default=FRONTEND / "dist", help="the built pages")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--beside", type=int, default=0, help="end with the process of this id")
    parser.add_argument("--prints", type=int, default=1000, help="how many prints the designer with many has")
    arguments = parser.parse_args()
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    told = sys.stdout
    # what the stores log of their moves is no part of what is told
    with redirect_stdout(io.StringIO()), stage(arguments.dist, arguments.port, arguments.prints) as there:
        told.write(json.dumps({"url": there.url, "designers": there.ids, "logs": str(there.logs)}, indent=1) + "\n")
        told.flush()
        while not over.wait(1) and (not arguments.beside or Path(f"/proc/{arguments.beside}").exists()):
            continue


def built(folder: Path) -> Path:
    """The pages, built there."""
    command = ["npm", "run", "--silent", "build", "--", "--outDir", str(folder)]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the pages cannot be built: {done.stdout}{done.stderr}")
    return folder


@contextmanager
def stage(dist: Path = FRONTEND / "dist", port: int = 0, prints: int = 1000, at: datetime | None = None) -> Iterator[Own]:
    """`at` is the moment that its designers are shown, else now."""
    if not (dist / "index.html").is_file():
        raise FileNotFoundError(f"{dist} has no index.html: run `npm run build` in frontend/ first")
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="stage-")))
        provider = held.enter_context(cloud.identity_provider())
        objects_url = held.enter_context(serving.storage(folder / "storage"))
        os.environ["FIRESTORE_EMULATOR_HOST"] = held.enter_context(cloud.firestore())
        settings, ports = _settings(), [cloud.free_port() for _ in range(3)]
        service, portal, url = (f"http://127.0.0.1:{each}" for each in (ports[0], ports[1], port or ports[2]))
        seed = replace(_seed(held, settings, objects_url, service, provider), at=at or now())
        environment = {"STAGE_STORAGE_URL": objects_url, "STAGE_KEYS_URL": provider.url, "STAGE_URL": service, "STAGE_DRAWING_S": "0.6"}
        held.enter_context(_service(ports[0], {**cloud.environment(settings), **environment}, folder))
        reached = {
            "PORT": str(ports[1]),
            "UPLOAD_URL": service,
            "GCE_METADATA_HOST": url.removeprefix("http://"),
            "DIST": str(dist.resolve()),
        }
        held.enter_context(_process(["node", str(FRONTEND / "server" / "main.js")], ports[1], reached, folder / "portal.log"))
        front = Front(portal, provider=provider, designers=DESIGNERS)
        held.enter_context(front.standing(port or ports[2]))
        ids = seed.everybody(prints)
        developing = held.enter_context(darkroom(seed, set(_every(ids))))
        yield Own(front.url, ids, front, developing, seed, folder)


def _seed(held: ExitStack, settings: UploadSettings, objects_url: str, service: str, provider: cloud.IdentityProvider) -> Seed:
    documents = firestore.Client(project=settings.project, database=settings.database)
    held.callback(documents.close)
    address = ClientOptions(api_endpoint=objects_url)
    objects = storage.Client(project=settings.project, credentials=AnonymousCredentials(), client_options=address)
    held.callback(_close, objects)
    for bucket in (settings.uploads_bucket, settings.models_bucket):
        objects.create_bucket(bucket)
    parts = connect(settings, verifier=None, documents=documents, objects=objects, publisher=cloud.Topic())
    return Seed(parts, documents, objects, provider.assertion, service)


def _close(objects: storage.Client) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        objects.close()


@contextmanager
def _service(port: int, environment: Mapping[str, str], folder: Path) -> Iterator[None]:
    serving = ["--config", "python:services.upload.serving", "tests.portal.served:create()"]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *serving]
    with _process(command, port, environment, folder / "service.log"):
        yield


@contextmanager
def _process(command: list[str], port: int, environment: Mapping[str, str], log: Path) -> Iterator[None]:
    own = {name: os.environ[name] for name in ("PATH", "FIRESTORE_EMULATOR_HOST")}
    with log.open("wb") as out:
        started = subprocess.Popen(command, env={**own, **environment}, stdout=out, stderr=out, cwd=FRONTEND.parent, start_new_session=True)
        try:
            cloud.wait_for(port, started)
            yield
        finally:
            os.killpg(started.pid, signal.SIGTERM)
            started.wait(20)


def _settings() -> UploadSettings:
    project = f"stage-{secrets.token_hex(4)}"
    return cloud.settings(
        project,
        region="europe-west4",
        stack="stage",
        max_open_jobs=30,
        training_price=3.92,
        serving_price=0.74,
        currency="EUR",
        priced="2026-11-01",
        safety_check=False,
    )


def _every(ids: Any) -> Iterator[str]:
    """Of a tree of ids, the leaves."""
    if isinstance(ids, str):
        yield ids
    else:
        for each in ids.values() if isinstance(ids, Mapping) else ids:
            yield from _every(each)


if __name__ == "__main__":
    main()
