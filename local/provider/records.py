"""What the provider made, by type and id: how a resource that is nothing but a record is known to exist."""

import copy
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.provider.wire import Archive, Asset

State = dict[str, Any]


class Records:
    """One JSON file, replaced as a whole and readable by its owner alone, since secret versions lie in it. No file: memory only."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._kept: dict[str, dict[str, State]] = json.loads(file.read_text()) if file and file.exists() else {}

    def get(self, token: str, identity: str) -> State | None:
        return copy.deepcopy(self._kept.get(token, {}).get(identity))

    def all(self, token: str) -> Mapping[str, State]:
        return copy.deepcopy(self._kept.get(token, {}))

    def put(self, token: str, identity: str, state: State) -> None:
        self._kept.setdefault(token, {})[identity] = {name: _plain(value) for name, value in state.items()}
        self._write()

    def remove(self, token: str, identity: str) -> None:
        if self._kept.get(token, {}).pop(identity, None) is not None:
            self._write()

    def _write(self) -> None:
        if self._file:
            fresh = self._file.with_name(f".{self._file.name}.new")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump(self._kept, file, indent=1, sort_keys=True)
            fresh.replace(self._file)


def _plain(value: Any) -> Any:
    """An asset is kept by its hash: the content lies where it was uploaded to."""
    return {"hash": value.digest} if isinstance(value, Asset | Archive) else value
