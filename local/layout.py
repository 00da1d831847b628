"""Where the local cloud keeps what must survive a restart, and which ports it listens on."""

import json
import socket
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"


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
        while True:
            with socket.socket() as probe:
                probe.bind((LOOPBACK, 0))
                port = int(probe.getsockname()[1])
            if port not in taken:
                return port
