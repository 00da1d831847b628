"""One worker of the service under gunicorn, over real sockets."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.upload import cloud
from tests.upload.conftest import Service


@contextmanager
def worker(
    service: Service, firestore: str, storage: str, log: Path | None = None, patience: str = "", **changes: Any
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Its address, and gunicorn's master process, which keeps the port open and starts the next worker when one dies. `changes` are to the
    settings, and `log` takes all that it prints."""
    port = cloud.free_port()
    own = {"FIRESTORE_EMULATOR_HOST": firestore, "TEST_STORAGE_URL": storage, "TEST_KEYS_URL": service.provider.url}
    settings = cloud.environment(replace(service.parts.settings, **changes))
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "16"]
    command = [*gunicorn, "--no-control-socket", "--log-level", "critical", f"tests.upload.served:create({patience})"]
    env = {"PATH": os.environ["PATH"], **own, **settings}
    with (
        (log or Path(os.devnull)).open("wb") as told,
        subprocess.Popen(command, env=env, stdout=told, stderr=told if log else None) as master,
    ):
        try:
            cloud.wait_for(port, master)
            yield f"http://127.0.0.1:{port}", master
        finally:
            master.terminate()
