"""Firestore: Google's emulator, which forgets everything at its end, and exports of it, which do not."""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

import aiohttp

from local.emulators import java
from local.emulators.process import Emulator, EmulatorError
from local.emulators.snapshots import Snapshots
from local.layout import Layout, Ports, Project

_LOG = logging.getLogger(__name__)

_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
_INTERVAL_S = 10.0
# exports of a big database come less often, so that they never take more than this share of the time
_SHARE = 0.1
_TIMEOUT = aiohttp.ClientTimeout(total=120)


class FirestoreEmulator:
    """Satisfies `interfaces.Firestore`. A kill -9 loses what was written after the last export, ten seconds as a rule.

    The emulator does not say whether anything changed; a small database's export takes 20 ms, so it is simply taken.
    """

    def __init__(self, layout: Layout, ports: Ports, project: Project, interval_s: float = _INTERVAL_S) -> None:
        self._project, self._interval_s = project, interval_s
        self._snapshots = Snapshots(layout.folder("firestore"))
        log = layout.folder("logs") / "firestore.log"
        self._port = ports.get("firestore")
        self._emulator = Emulator("Firestore", self._port, self._command, log, self._restore)
        self._saver: asyncio.Task[None] | None = None
        # an export and a deletion of the same database must not cross
        self._busy = asyncio.Lock()

    @property
    def address(self) -> str:
        return self._emulator.address

    @property
    def pid(self) -> int | None:
        return self._emulator.pid

    @property
    def ready(self) -> bool:
        """Whether it runs and holds all that was saved."""
        return self._emulator.ready is not None

    async def start(self) -> None:
        """Raises NotInstalled or StartFailed."""
        await self._emulator.start()
        self._saver = asyncio.create_task(self._save_regularly(), name="save Firestore")

    async def stop(self) -> None:
        if self._saver:
            self._saver.cancel()
            await asyncio.gather(self._saver, return_exceptions=True)
            await self._save_or_warn()
        await self._emulator.stop()

    async def put_database(self, name: str) -> None:
        self._snapshots.add(name)

    async def delete_database(self, name: str) -> None:
        """Its documents go with it."""
        if name not in self._snapshots.databases():
            return
        async with self._busy:
            await self._call("DELETE", f"/databases/{name}/documents")
            self._snapshots.forget(name)

    async def save(self) -> None:
        """Export every database now."""
        async with self._busy:
            for name in self._snapshots.databases():
                await self._export(name)

    def _command(self) -> Sequence[str]:
        jar = java.jar("cloud-firestore-emulator*.jar", "cloud-firestore-emulator")
        return [java.java(), *java.JVM, "-cp", str(jar), _MAIN, "--host=127.0.0.1", f"--port={self._port}"]

    async def _restore(self) -> None:
        """The emulator's own flag takes one database; its import call takes any, by the export's metadata file."""
        for name in self._snapshots.databases():
            if export := self._snapshots.latest(name):
                await self._call("POST", ":import", {"database": self._path(name), "export_directory": str(export.absolute())})

    async def _export(self, database: str) -> None:
        folder, name = self._snapshots.place(database).absolute(), self._snapshots.fresh_name()
        folder.mkdir(exist_ok=True)
        process = self._emulator.ready
        await self._call("POST", ":export", {"database": self._path(database), "export_directory": str(folder), "export_name": name})
        if process is None or process != self._emulator.ready:
            raise EmulatorError("Firestore is starting again: an export now would lack what is not restored yet.")
        await asyncio.to_thread(self._snapshots.keep, database, name)

    async def _save_regularly(self) -> None:
        pause = self._interval_s
        while True:
            await asyncio.sleep(pause)
            since = time.monotonic()
            await self._save_or_warn()
            pause = max(self._interval_s, (time.monotonic() - since) / _SHARE)

    async def _save_or_warn(self) -> None:
        try:
            await self.save()
        except (EmulatorError, aiohttp.ClientError, OSError) as error:
            _LOG.warning("Firestore could not be saved, the export before stays: %s", error)

    def _path(self, database: str) -> str:
        return f"projects/{self._project.id}/databases/{database}"

    async def _call(self, verb: str, path: str, body: dict[str, Any] | None = None) -> None:
        url = f"http://{self.address}/emulator/v1/projects/{self._project.id}{path}"
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT, headers={"Authorization": "Bearer owner"}) as client,
            client.request(verb, url, json=body) as answer,
        ):
            if not answer.ok:
                raise EmulatorError(f"Firestore answered {verb} {path} with {answer.status}: {await answer.text()}")
