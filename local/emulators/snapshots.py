"""What a Firestore database held, on disk. A pointer names the latest whole export; half an export is never pointed to."""

import json
import os
import secrets
import shutil
from pathlib import Path


class Snapshots:
    """One folder a database: `<database>/<name>/` is an export, `<database>/latest` holds the name of the one to restore."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = folder / "databases.json"

    def databases(self) -> list[str]:
        return list(json.loads(self._index.read_text())) if self._index.exists() else []

    def add(self, database: str) -> None:
        self._write_index(sorted({*self.databases(), database}))

    def forget(self, database: str) -> None:
        self._write_index([name for name in self.databases() if name != database])
        shutil.rmtree(self.place(database), ignore_errors=True)

    def place(self, database: str) -> Path:
        return self._folder / database

    def fresh_name(self) -> str:
        return f"export-{secrets.token_hex(6)}"

    def keep(self, database: str, name: str) -> None:
        """From now on this is what the database held; earlier exports go."""
        _replace(self.place(database) / "latest", name)
        for other in self.place(database).iterdir():
            if other.is_dir() and other.name != name:
                shutil.rmtree(other, ignore_errors=True)

    def latest(self, database: str) -> Path | None:
        """The file that the emulator imports."""
        pointer = self.place(database) / "latest"
        if not pointer.exists():
            return None
        name = pointer.read_text()
        return self.place(database) / name / f"{name}.overall_export_metadata"

    def _write_index(self, names: list[str]) -> None:
        _replace(self._index, json.dumps(names, indent=2))


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
