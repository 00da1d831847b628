"""The builds of this cloud: queued, under way, ended; each a file that survives the daemon."""

import asyncio
import logging
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.build.errors import Failed, Invalid, NotFound
from local.build.orders import account_of, timeout_s
from local.build.workshop import Workshop
from local.iam import needs
from local.interfaces import Json
from local.layout import Layout, Project
from local.run.records import Records

_LOG = logging.getLogger(__name__)

_METADATA = "type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata"
_BUILD = "type.googleapis.com/google.devtools.cloudbuild.v1.Build"
_UNDER_WAY = {"QUEUED", "WORKING"}
_SUCCESS = "SUCCESS"
# google.rpc.Code.UNKNOWN, which the operation of a failed build carries
_UNKNOWN = 2


@dataclass(frozen=True)
class LogLine:
    time: str
    text: str


class Builds:
    def __init__(self, layout: Layout, project: Project, workshop: Workshop) -> None:
        self._folder = layout.folder("build")
        self._records = Records(layout.folder("build/records"))
        self._logs = layout.folder("build/logs")
        self._project, self._workshop = project, workshop
        self._running: dict[str, asyncio.Task[None]] = {}

    def recover(self) -> None:
        """Ends what a dead daemon left open."""
        shutil.rmtree(self._folder / "scratch", ignore_errors=True)
        for build in self.all():
            if build["status"] in _UNDER_WAY:
                self._end(build, "INTERNAL_ERROR", statusDetail="the local cloud stopped while this build was under way")

    async def stop(self) -> None:
        """Leaves the running ones open on disk: the next start ends them."""
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def create(self, location: str, order: Json) -> Json:
        """The operation of a build that begins now."""
        key = str(uuid.uuid4())
        known = {
            "id": key,
            "name": f"projects/{self._project.number}/locations/{location}/builds/{key}",
            "projectId": self._project.id,
            "status": "QUEUED",
            "createTime": _now(),
            "logUrl": self._log(key).as_uri(),
        }
        build = {**order, **known}
        self._keep(build)
        task = asyncio.create_task(self._run(build), name=f"build {key}")
        self._running[key] = task
        task.add_done_callback(lambda _: self._running.pop(key, None))
        return self.operation(key)

    def get(self, key: str) -> Json:
        found = self._records.read(key)
        if found is None:
            raise NotFound(f'Build "{key}" not found.')
        return found

    def all(self) -> Iterator[Json]:
        return (self.get(key) for key in self._records.names())

    def operation(self, key: str) -> Json:
        build = self.get(key)
        name = build["name"].replace("/builds/", "/operations/")
        operation: Json = {"name": name, "metadata": {"@type": _METADATA, "build": build}}
        if build["status"] in _UNDER_WAY:
            return operation
        if build["status"] == _SUCCESS:
            return {**operation, "done": True, "response": {"@type": _BUILD, **build}}
        return {**operation, "done": True, "error": {"code": _UNKNOWN, "message": build.get("statusDetail", build["status"])}}

    async def cancel(self, key: str) -> Json:
        task = self._running.get(self.get(key)["id"])
        if task is None:
            raise Invalid(f'cannot cancel build "{key}": it has ended')
        task.cancel()
        await asyncio.wait([task])
        return self._end(self.get(key), "CANCELLED")

    def lines(self, key: str) -> list[LogLine]:
        """Of the build's log, oldest first."""
        log = self._log(key)
        lines = log.read_text().splitlines() if log.exists() else []
        return [LogLine(*line.split(" ", 1)) for line in lines]

    async def _run(self, build: Json) -> None:
        build |= {"status": "WORKING", "startTime": _now()}
        self._keep(build)
        scratch = self._folder / "scratch" / build["id"]
        scratch.mkdir(parents=True)
        try:
            async with asyncio.timeout(timeout_s(build)):
                images = await self._workshop.make(build, scratch, lambda text: self._write(build, text))
        except Failed as failure:
            self._write(build, f"ERROR: {failure}")
            self._end(build, "FAILURE", statusDetail=str(failure), failureInfo={"type": failure.kind, "detail": str(failure)})
        except TimeoutError:
            self._end(build, "TIMEOUT", statusDetail=f"build exceeded {build.get('timeout', 'its timeout')}")
        except Exception as error:
            _LOG.exception("build %s", build["id"])
            self._end(build, "INTERNAL_ERROR", statusDetail=f"internal error: {error}")
        else:
            self._end(build, _SUCCESS, results={"images": images})
        finally:
            await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)

    def _end(self, build: Json, status: str, **more: Any) -> Json:
        ended = {**build, "status": status, "finishTime": _now(), **more}
        self._keep(ended)
        return ended

    def _keep(self, build: Json) -> None:
        self._records.write(build["id"], build)

    def _write(self, build: Json, text: str) -> None:
        """As the build's account, in Google's cloud: without its permission there is no log."""
        if not self._workshop.guard.refused(account_of(build), [needs.logging(self._project)]):
            with self._log(build["id"]).open("a") as log:
                log.write(f"{_now()} {text}\n")

    def _log(self, key: str) -> Path:
        return (self._logs / f"{key}.log").absolute()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
