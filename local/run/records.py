"""State as one JSON file per thing: whole or not at all, also after kill -9 and power loss."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Records:
    """The JSON files of one folder, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> dict[str, Any] | None:
        path = self._path(name)
        record: dict[str, Any] | None = json.loads(path.read_text()) if path.exists() else None
        return record

    def write(self, name: str, record: dict[str, Any]) -> None:
        write_whole(self._path(name), json.dumps(record, indent=2, sort_keys=True))

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        return (path.stem for path in sorted(self._folder.glob("*.json")))

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def write_whole(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o600)
    fresh.replace(path)
