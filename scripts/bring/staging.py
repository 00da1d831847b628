"""The folder on this machine that a model passes through: what is in it under its own name has been verified."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from scripts.bring.contents import Checksums, checksums, refuse_disguises, same_as_told
from scripts.bring.errors import Corrupt, NoRoom
from scripts.bring.hub import Hub, HubModel
from scripts.bring.progress import Progress, sized
from scripts.bring.selection import INDEX, refuse_others

_PARTIAL = ".partial"
_SPARE = 64 << 20
"""bytes that a disk keeps free"""


class Staging:
    """A second run finds what an earlier one has brought, to the byte."""

    def __init__(self, folder: Path, hub: Hub, model: HubModel, say: Callable[[str], None]) -> None:
        self.folder, self.hub, self.model, self.say = folder, hub, model, say
        folder.mkdir(parents=True, exist_ok=True)

    def refuse_others(self) -> None:
        """Before gigabytes travel. Raises NotSuitable."""
        self._bring(INDEX, INDEX, Progress("have", 0, self.say))
        refuse_others(json.loads((self.folder / INDEX).read_text("utf-8")))

    def bring(self, chosen: Mapping[str, str]) -> dict[str, Checksums]:
        """Downloads what is missing, verifies all. Raises NoRoom, Corrupt, NoAccess, HubFailed."""
        here = {name: self._size(name) for name in chosen}
        total = sum(self.model.files[remote].size for remote in chosen.values())
        missing = total - sum(here.values())
        self._find_room(missing)
        already = f"; {sized(total - missing)} are here already" if missing < total else ""
        self.say(f"{len(chosen)} files, {sized(total)}{already}")
        progress = Progress("have", missing, self.say)
        return {name: self._bring(name, remote, progress) for name, remote in chosen.items()}

    def discard(self) -> None:
        shutil.rmtree(self.folder)

    def _bring(self, name: str, remote: str, progress: Progress) -> Checksums:
        path, told = self.folder / name, self.model.files[remote]
        if path.is_file():
            found = checksums(path)
            if same_as_told(found, told):
                return found
            path.unlink()
        partial = path.with_name(path.name + _PARTIAL)
        partial.parent.mkdir(parents=True, exist_ok=True)
        if partial.is_file() and partial.stat().st_size > told.size:
            partial.unlink()
        self.hub.download(self.model, remote, partial, progress.add)
        found = self._verified(partial, name, remote)
        partial.replace(path)
        return found

    def _verified(self, partial: Path, name: str, remote: str) -> Checksums:
        found = checksums(partial)
        try:
            if not same_as_told(found, self.model.files[remote]):
                raise Corrupt(f"{remote} is not what the hub's checksum says: it was thrown away; run the same command again")
            refuse_disguises(partial, name)
        except Corrupt:
            partial.unlink()
            raise
        return found

    def _size(self, name: str) -> int:
        path = self.folder / name
        found = next((each for each in (path, path.with_name(path.name + _PARTIAL)) if each.is_file()), None)
        return found.stat().st_size if found else 0

    def _find_room(self, missing: int) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < missing + _SPARE:
            raise NoRoom(
                f"{sized(missing)} are still to come, and {self.folder} has room for {sized(free)}: name another folder with STAGING"
            )
