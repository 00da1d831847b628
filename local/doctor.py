"""What this machine has of what the local cloud needs, and how to get the rest."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from local.emulators import java
from local.layout import LOOPBACK

_DISK_GB = 5
_NODE_MAJOR = 20


@dataclass(frozen=True)
class Finding:
    """`needed` False is something that only some commands miss."""

    name: str
    ok: bool
    text: str
    needed: bool = True

    def __str__(self) -> str:
        word = "ok" if self.ok else "MISSING" if self.needed else "absent"
        return f"{word:<8} {self.name:<18} {self.text}"


def examine(root: Path, is_running: bool) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(
        "python", sys.version_info >= (3, 11), f"{version} at {sys.executable}" if sys.version_info >= (3, 11) else "install Python 3.11"
    )
    yield _installed("java", lambda: _java_version(java.java()))
    yield _installed("firestore emulator", lambda: str(java.jar("cloud-firestore-emulator*.jar", "cloud-firestore-emulator")))
    yield _installed("pubsub emulator", lambda: str(java.jar("cloud-pubsub-emulator-*.jar", "pubsub-emulator")))
    yield _node()
    yield _program("npm", "npm", "comes with node")
    yield _chromium()
    yield _program(
        "pulumi",
        "pulumi",
        "not needed here, since the embedded engine does; https://www.pulumi.com/docs/install for cloud stacks",
        needed=False,
    )
    yield _program("setpriv", "setpriv", "`apt-get install util-linux`; without it a kill -9 is cleaned up a moment later", needed=False)
    yield _time_zones()
    yield _ports(root, is_running)
    yield _disk(root)


def _installed(name: str, find: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, find())
    except java.NotInstalled as error:
        return Finding(name, False, str(error))


def _java_version(program: str) -> str:
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr.splitlines()
    return f"{said[0] if said else 'of unknown version'} at {program}"


def _program(name: str, program: str, otherwise: str, needed: bool = True) -> Finding:
    found = shutil.which(program)
    return Finding(name, found is not None, found or otherwise, needed)


def _node() -> Finding:
    found = shutil.which("node")
    if not found:
        return Finding("node", False, f"install Node {_NODE_MAJOR} or later (the portal's server and build)")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    fits = int(version.lstrip("v").partition(".")[0] or 0) >= _NODE_MAJOR
    return Finding("node", fits, f"{version} at {found}" if fits else f"{version} is too old: install Node {_NODE_MAJOR} or later")


def _chromium() -> Finding:
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if not found:
        cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "~/.cache/ms-playwright")).expanduser()
        found = next((str(path) for path in cache.glob("chromium-*")), None)
    return Finding(
        "chromium", found is not None, found or "`playwright install chromium` or `apt-get install chromium` (browser test)", needed=False
    )


def _time_zones() -> Finding:
    found = Path("/usr/share/zoneinfo/Etc/UTC").exists()
    return Finding("time zones", found, "/usr/share/zoneinfo" if found else "`apt-get install tzdata` (the scheduler's time zones)")


def _ports(root: Path, is_running: bool) -> Finding:
    if is_running:
        return Finding("ports", True, "held by the running local cloud")
    file = root / "cloud" / "ports.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    taken = [f"{name} {port}" for name, port in known.items() if not _is_free(port)]
    return Finding("ports", not taken, "all free" if not taken else f"in use: {', '.join(taken)}; end what holds them, or `make clean`")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _disk(root: Path) -> Finding:
    place = next(folder for folder in (root, *root.parents) if folder.exists())
    free_gb = shutil.disk_usage(place).free // 10**9
    return Finding(
        "disk", free_gb >= _DISK_GB, f"{free_gb} GB free at {place}" + ("" if free_gb >= _DISK_GB else f"; {_DISK_GB} GB are needed")
    )
