"""This machine: the programs that `up` of a stack on Google Cloud runs."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.doctor.finding import Finding, fail, ok
from scripts.doctor.stack import Stack

_TIMEOUT_S = 10.0


def pulumi(stack: Stack) -> Iterator[Finding]:
    found = shutil.which("pulumi")
    if not found:
        yield fail("Pulumi's CLI is not on PATH; every stack on Google Cloud needs it", "curl -fsSL https://get.pulumi.com | sh")
        return
    version = subprocess.run([found, "version"], capture_output=True, text=True, check=False).stdout.strip()
    yield ok(f"{version} at {found}")


def docker(stack: Stack, config: Path) -> Iterator[Finding]:
    """`config` is the folder of Docker's own configuration."""
    if stack.value("images") != "docker":
        yield ok(f"not needed: images are {stack.value('images')}")
        return
    registry = f"{stack.region}-docker.pkg.dev"
    reached = _server()
    if not reached:
        yield fail("no Docker daemon answers, and the stack builds its images with one", stack.set("images", "cloud-build"))
    elif not _logged_in(config / "config.json", registry):
        yield fail(f"Docker is not logged in to {registry}", f"gcloud auth configure-docker {registry}")
    else:
        yield ok(f"{reached}, logged in to {registry}")


def _server() -> str:
    found = shutil.which("docker")
    if not found:
        return ""
    try:
        asked = subprocess.run(
            [found, "version", "--format", "{{.Server.Version}}"], capture_output=True, text=True, check=False, timeout=_TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def _logged_in(file: Path, registry: str) -> bool:
    """A helper that is not installed logs nobody in."""
    known: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    helper = known.get("credHelpers", {}).get(registry)
    if helper:
        return shutil.which(f"docker-credential-{helper}") is not None
    return any(name.removeprefix("https://") == registry for name in known.get("auths", {}))
