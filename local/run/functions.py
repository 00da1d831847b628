"""Cloud Functions of the second generation: an archive, unpacked and run by functions-framework as a Cloud Run service."""

import asyncio
import hashlib
import io
import shutil
import stat
import zipfile
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

from local.interfaces import BuildSpec, ContainerSpec, FunctionSpec, ServiceSpec
from local.layout import Layout
from local.run.builds import Builds
from local.run.errors import BadArchive, BuildRefused, NotFound
from local.run.images import ImageStore
from local.run.records import Records
from local.run.services import CloudRun

# Cloud Functions refuses larger sources, unpacked.
_UNPACKED_LIMIT = 500 * 1024 * 1024
_SERVE = 'exec functions-framework --target "$FUNCTION_TARGET" --signature-type "$FUNCTION_SIGNATURE_TYPE" --host "$HOST" --port "$PORT"'


class CloudFunctions:
    """Satisfies `interfaces.Functions`. The service behind a function comes back with the services at a restart."""

    def __init__(self, layout: Layout, services: CloudRun, images: ImageStore, builds: Builds) -> None:
        self._services, self._images, self._builds = services, images, builds
        self._sources = layout.folder("run/functions")
        self._records = Records(self._sources)

    async def put(self, spec: FunctionSpec) -> str:
        """Raises BadArchive, BuildRefused, StartFailed."""
        if spec.build:
            self._builds.run(spec.name, spec.build)
        digest = hashlib.sha256(spec.archive).hexdigest()
        folder = self._sources / spec.name / digest[:16]
        await asyncio.to_thread(_unpack, spec.archive, folder)
        uri = await self._services.put(self._service(spec, folder))
        before = (self._records.read(spec.name) or {}).get("source", "")
        about = {"source": digest, "entry_point": spec.entry_point, "signature": spec.signature}
        self._records.write(spec.name, {**about, "build": asdict(spec.build) if spec.build else None})
        # the instance before may still answer its last requests
        await asyncio.to_thread(_remove_others, folder.parent, {folder.name, before[:16]})
        return uri

    def rebuild(self, name: str) -> dict[str, Any]:
        """The same source once more, as far as a build can be refused. Raises NotFound."""
        record = self._records.read(name)
        if record is None or not record.get("build"):
            raise NotFound("function with a build account", name, list(self._records.names()))
        try:
            return {"ok": True, "text": self._builds.run(name, BuildSpec(**record["build"]))}
        except BuildRefused as refusal:
            return {"ok": False, "text": str(refusal)}

    async def delete(self, name: str) -> None:
        await self._services.delete(name)
        self._records.remove(name)
        await asyncio.to_thread(shutil.rmtree, self._sources / name, ignore_errors=True)

    def rows(self) -> list[dict[str, Any]]:
        return [{"name": name, "uri": self._services.uri(name), **(self._records.read(name) or {})} for name in self._records.names()]

    def _service(self, spec: FunctionSpec, folder: Path) -> ServiceSpec:
        env = {"FUNCTION_TARGET": spec.entry_point, "FUNCTION_SIGNATURE_TYPE": spec.signature}
        image = self._images.adopt(spec.name, folder, ("/bin/sh", "-c", _SERVE), env)
        container = ContainerSpec(spec.name, image, spec.account, env={**spec.env, **env})
        return ServiceSpec(spec.name, container, timeout_s=spec.timeout_s)


def _unpack(archive: bytes, folder: Path) -> None:
    if folder.exists():
        return
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            _check(files.infolist())
            files.extractall(fresh)
    except (zipfile.BadZipFile, OSError) as error:
        raise BadArchive(f"the function's archive cannot be unpacked: {error}; upload a zip file") from error
    if not (fresh / "main.py").is_file():
        raise BadArchive("the function's archive has no main.py at its root; put main.py and requirements.txt there")
    fresh.rename(folder)


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if sum(entry.file_size for entry in entries) > _UNPACKED_LIMIT:
        raise BadArchive(f"the function's archive holds more than {_UNPACKED_LIMIT} bytes; leave out what it does not need")
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or stat.S_ISLNK(entry.external_attr >> 16):
            raise BadArchive(f"the function's archive holds {entry.filename!r}, which is a link or lies outside; remove it")


def _remove_others(folder: Path, kept: set[str]) -> None:
    for other in folder.iterdir():
        if other.name not in kept:
            shutil.rmtree(other, ignore_errors=True)
