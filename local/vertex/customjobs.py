"""Custom jobs: one worker each, started again when it fails, stopped at its timeout or when cancelled."""

import asyncio
import logging

from local.interfaces import Containers, ContainerSpec, Json, Running
from local.layout import Project
from local.vertex import filters, launch, listing
from local.vertex.errors import ApiError, Code, invalid, unmet
from local.vertex.methods import EMPTY, OPERATION, Method, v1
from local.vertex.names import Names, check_labels, now, numeric_id
from local.vertex.operations import Operations
from local.vertex.store import Store

_KIND = "customJob"
_SERVICE = "JobService"
_OUTPUT_ONLY = {"name", "state", "createTime", "startTime", "endTime", "updateTime", "error", "webAccessUris"}
_ENDED = {"JOB_STATE_SUCCEEDED", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED", "JOB_STATE_EXPIRED"}
_WEEK_S = 604_800.0
_RESTARTS = 3
_FIRST_PAUSE_S = 0.5
_FIELDS = {
    "display_name": filters.text("displayName"),
    "state": filters.text("state"),
    "create_time": filters.text("createTime"),
    "update_time": filters.text("updateTime"),
    "end_time": filters.text("endTime"),
}

log = logging.getLogger(__name__)


class CustomJobs:
    def __init__(self, store: Store, names: Names, operations: Operations, containers: Containers, project: Project) -> None:
        self._store = store
        self._names = names
        self._operations = operations
        self._containers = containers
        self._project = project
        self._runs: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def methods(self) -> list[Method]:
        at, parent = "{name=projects/*/locations/*/customJobs/*}", "{parent=projects/*/locations/*}/customJobs"
        return [
            v1(_SERVICE, "CreateCustomJob", "POST", parent, self._create, "CustomJob", "custom_job"),
            v1(_SERVICE, "GetCustomJob", "GET", at, self._get, "CustomJob"),
            v1(_SERVICE, "ListCustomJobs", "GET", parent, self._list, "ListCustomJobsResponse"),
            v1(_SERVICE, "CancelCustomJob", "POST", f"{at}:cancel", self._cancel, EMPTY, "*"),
            v1(_SERVICE, "DeleteCustomJob", "DELETE", at, self._delete, OPERATION),
        ]

    def recover(self) -> None:
        for job in self._store.all(_KIND):
            if job["state"] not in _ENDED:
                message = "The local cloud stopped while this job was running; its worker ended with it. Create the job again."
                self._end(job, "JOB_STATE_FAILED", ApiError(Code.ABORTED, message))

    async def stop(self) -> None:
        """Stops the workers; what the next start finds open, it fails."""
        self._stopping = True
        for run in list(self._runs.values()):
            run.cancel()
        await asyncio.gather(*self._runs.values(), return_exceptions=True)

    def summary(self) -> list[Json]:
        """Name, state and times of every job, newest first."""
        shown = ("name", "displayName", "state", "createTime", "startTime", "endTime")
        jobs = [{key: job[key] for key in shown if key in job} for job in self._store.all(_KIND)]
        return sorted(jobs, key=lambda job: str(job["createTime"]), reverse=True)

    async def _create(self, request: Json) -> Json:
        job = {key: value for key, value in request.get("customJob", {}).items() if key not in _OUTPUT_ONLY}
        _check(job)
        name = f"{self._names.location(request.get('parent', ''))}/customJobs/{numeric_id()}"
        moment = now()
        job |= {"name": name, "state": "JOB_STATE_PENDING", "createTime": moment, "updateTime": moment}
        self._store.insert(_KIND, name, job)
        self._runs[name] = asyncio.create_task(self._run(dict(job)), name=name)
        # A task that is cancelled before its first step never gets to write down that it was.
        await asyncio.sleep(0)
        return job

    async def _get(self, request: Json) -> Json:
        return self._store.get(self._names.resource(request.get("name", ""), "customJobs"))

    async def _list(self, request: Json) -> Json:
        self._names.location(request.get("parent", ""))
        return listing.answer("customJobs", *listing.page(self._store.all(_KIND), request, _FIELDS))

    async def _cancel(self, request: Json) -> Json:
        job = await self._get(request)
        if job["state"] in {"JOB_STATE_CANCELLED", "JOB_STATE_CANCELLING"}:
            return {}
        if job["state"] in _ENDED:
            raise unmet(f'The CustomJob "{job["name"]}" is in state {job["state"]} and cannot be canceled.')
        self._change(job, state="JOB_STATE_CANCELLING")
        self._runs[job["name"]].cancel()
        return {}

    async def _delete(self, request: Json) -> Json:
        job = await self._get(request)
        if job["state"] not in _ENDED:
            raise unmet(f'The CustomJob "{job["name"]}" is in state {job["state"]} and cannot be deleted. Cancel it first.')
        self._store.delete(job["name"])
        return self._operations.finished(job["name"], "Delete", EMPTY, {})

    async def _run(self, job: Json) -> None:
        try:
            self._change(job, state="JOB_STATE_RUNNING", startTime=now())
            await self._work(job)
        except asyncio.CancelledError:
            if not self._stopping:
                self._end(job, "JOB_STATE_CANCELLED", ApiError(Code.CANCELLED, f"The CustomJob {job['name']} was cancelled."))
        except ApiError as error:
            self._end(job, "JOB_STATE_FAILED", error)
        except Exception as error:
            log.exception("custom job %s", job["name"])
            self._end(job, "JOB_STATE_FAILED", ApiError(Code.INTERNAL, f"Internal error: {error}"))
        else:
            self._end(job, "JOB_STATE_SUCCEEDED")
        finally:
            self._runs.pop(job["name"], None)

    async def _work(self, job: Json) -> None:
        """Returns when the worker has succeeded. Raises what the job failed with."""
        scheduling = job["jobSpec"].get("scheduling", {})
        limit = float(scheduling.get("timeout", f"{_WEEK_S}s").removesuffix("s"))
        restarts = 0 if scheduling.get("disableRetries") else _RESTARTS
        try:
            async with asyncio.timeout(limit):
                for attempt in range(restarts + 1):
                    failure = await self._attempt(job, attempt)
                    if failure is None:
                        return
                    if attempt < restarts:
                        await asyncio.sleep(_FIRST_PAUSE_S * 2**attempt)
        except TimeoutError:
            raise ApiError(Code.DEADLINE_EXCEEDED, f"The job ran longer than its scheduling.timeout of {limit:g} s.") from None
        raise unmet(f"{failure} (after {restarts} restarts)" if restarts else str(failure))

    async def _attempt(self, job: Json, attempt: int) -> str | None:
        """Why the worker failed; None if it did not."""
        try:
            running = await launch.start(self._containers, self._spec(job, attempt))
        except launch.NotStarted as error:
            raise unmet(str(error)) from error
        return await worker_failure(running)

    def _spec(self, job: Json, attempt: int) -> ContainerSpec:
        container = job["jobSpec"]["workerPoolSpecs"][0]["containerSpec"]
        identifier = job["name"].rpartition("/")[2]
        agent = f"service-{self._project.number}@gcp-sa-aiplatform-cc.iam.gserviceaccount.com"
        return ContainerSpec(
            name=f"custom-job-{identifier}" + (f"-{attempt}" if attempt else ""),
            image=container["imageUri"],
            account=job["jobSpec"].get("serviceAccount") or agent,
            command=container.get("command", []),
            args=container.get("args", []),
            env={**self._environment(job, identifier), **launch.variables(container)},
        )

    def _environment(self, job: Json, identifier: str) -> dict[str, str]:
        env = {"CLOUD_ML_JOB_ID": identifier, "CLOUD_ML_PROJECT_ID": self._project.number}
        base = job["jobSpec"].get("baseOutputDirectory", {}).get("outputUriPrefix", "").rstrip("/")
        if base:
            folders = {"AIP_MODEL_DIR": "model", "AIP_CHECKPOINT_DIR": "checkpoints", "AIP_TENSORBOARD_LOG_DIR": "logs"}
            env |= {name: f"{base}/{folder}/" for name, folder in folders.items()}
        return env

    def _change(self, job: Json, **fields: object) -> None:
        job.update(fields, updateTime=now())
        self._store.put(_KIND, job["name"], job)

    def _end(self, job: Json, state: str, error: ApiError | None = None) -> None:
        if error:
            job["error"] = {"code": int(error.code), "message": error.message}
        self._change(job, state=state, endTime=now())


async def worker_failure(running: Running) -> str | None:
    """Waits for a worker; why it failed, None if it did not. Stops it when this is cancelled."""
    try:
        code = await running.wait()
    except asyncio.CancelledError:
        await running.stop()
        raise
    if code == 0:
        return None
    return launch.with_tail(f"The replica workerpool0-0 {launch.exit_text(code)}.", running.log)


def _check(job: Json) -> None:
    if not job.get("displayName"):
        raise invalid("custom_job.display_name is required.")
    check_labels(job.get("labels", {}))
    pools = job.get("jobSpec", {}).get("workerPoolSpecs", [])
    if not pools:
        raise invalid("custom_job.job_spec.worker_pool_specs is required.")
    if len(pools) > 1 or int(pools[0].get("replicaCount", "1")) != 1:
        raise ApiError(Code.UNIMPLEMENTED, "The local Vertex AI runs custom jobs of one worker: one pool, replica_count 1.")
    if "pythonPackageSpec" in pools[0]:
        raise ApiError(Code.UNIMPLEMENTED, "The local Vertex AI runs container_spec, not python_package_spec.")
    if not pools[0].get("containerSpec", {}).get("imageUri"):
        raise invalid("custom_job.job_spec.worker_pool_specs[0].container_spec.image_uri is required.")
    base = job["jobSpec"].get("baseOutputDirectory", {}).get("outputUriPrefix", "gs://")
    if not base.startswith("gs://"):
        raise invalid(f"base_output_directory.output_uri_prefix `{base}` must start with gs://.")
