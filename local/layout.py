"""Where the local cloud keeps what must survive a restart, and which ports it listens on."""

import json
import random
import socket
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
# below the range from which the kernel takes ports for outgoing connections: none of those may sit on a service's port after a restart
_PORTS = range(20_000, 32_000)


@dataclass(frozen=True)
class Project:
    """The one Google Cloud project that this cloud serves."""

    id: str = "sd-local"
    number: str = "100000000001"
    region: str = "us-central1"


@dataclass(frozen=True)
class Layout:
    """Everything that the cloud writes lies under `root`."""

    root: Path

    def folder(self, name: str) -> Path:
        """`root/name`, made if missing and readable by its owner alone, since tokens and designers' pictures lie there."""
        path = self.root / name
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path


class Ports:
    """A free port for each name, the same after a restart, so that a URL in Pulumi's state stays true."""

    def __init__(self, layout: Layout) -> None:
        self._file = layout.folder("cloud") / "ports.json"
        self._ports: dict[str, int] = json.loads(self._file.read_text()) if self._file.exists() else {}

    def get(self, name: str) -> int:
        if name not in self._ports:
            self._ports[name] = self._free()
            self._file.write_text(json.dumps(self._ports, indent=2, sort_keys=True))
        return self._ports[name]

    def _free(self) -> int:
        taken = set(self._ports.values())
        candidates = random.sample(_PORTS, len(_PORTS))
        return next(port for port in candidates if port not in taken and _bindable(port))


def _bindable(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
