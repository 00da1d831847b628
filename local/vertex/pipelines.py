"""Pipeline jobs: created under the caller's id, run by the executor in `pipeline/`, followed by their task details."""

import asyncio
import logging
import shutil
from pathlib import Path

from local.iam import storage
from local.iam.needs import Guard
from local.interfaces import Containers, Json
from local.layout import Project
from local.vertex import filters, listing
from local.vertex.errors import ApiError, Code, invalid, unmet
from local.vertex.methods import EMPTY, OPERATION, Method, v1
from local.vertex.names import Names, check_id, check_labels, now, numeric_id
from local.vertex.operations import Operations
from local.vertex.pipeline import program
from local.vertex.pipeline.graph import Graph
from local.vertex.pipeline.journal import Journal
from local.vertex.pipeline.step import Run
from local.vertex.store import Store

_KIND = "pipelineJob"
_SERVICE = "PipelineService"
_ID = r"[a-z][-a-z0-9]{0,127}"
_OUTPUT_ONLY = {"name", "createTime", "startTime", "endTime", "updateTime", "state", "jobDetail", "error", "scheduleName"}
_ENDED = {"PIPELINE_STATE_SUCCEEDED", "PIPELINE_STATE_FAILED", "PIPELINE_STATE_CANCELLED"}
# The cloud adds this label to every run, so nobody may take a run's labels for their own alone.
_BILLING = "vertex-ai-pipelines-run-billing-id"
_FIELDS = {
    "pipeline_name": filters.text("pipelineSpec", "pipelineInfo", "name"),
    "pipeline_job_user_id": lambda item: str(item["name"]).rpartition("/")[2],
    "display_name": filters.text("displayName"),
    "state": filters.text("state"),
    "create_time": filters.text("createTime"),
    "update_time": filters.text("updateTime"),
    "end_time": filters.text("endTime"),
    "template_uri": filters.text("templateUri"),
}

log = logging.getLogger(__name__)


class PipelineJobs:
    """`folder` takes the parameter files of the steps; `guard` says whether a run's account may write to its root."""

    def __init__(
        self, store: Store, names: Names, operations: Operations, containers: Containers, project: Project, folder: Path, guard: Guard
    ) -> None:
        self._store = store
        self._guard = guard
        self._names = names
        self._operations = operations
        self._containers = containers
        self._project = project
        self._folder = folder
        self._runs: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def methods(self) -> list[Method]:
        at, parent = "{name=projects/*/locations/*/pipelineJobs/*}", "{parent=projects/*/locations/*}/pipelineJobs"
        return [
            v1(_SERVICE, "CreatePipelineJob", "POST", parent, self._create, "PipelineJob", "pipeline_job"),
            v1(_SERVICE, "GetPipelineJob", "GET", at, self._get, "PipelineJob"),
            v1(_SERVICE, "ListPipelineJobs", "GET", parent, self._list, "ListPipelineJobsResponse"),
            v1(_SERVICE, "CancelPipelineJob", "POST", f"{at}:cancel", self._cancel, EMPTY, "*"),
            v1(_SERVICE, "DeletePipelineJob", "DELETE", at, self._delete, OPERATION),
        ]

    def recover(self) -> None:
        for job in self._store.all(_KIND):
            if job["state"] not in _ENDED:
                message = "The local cloud stopped while this pipeline was running; its steps ended with it. Create a new job."
                self._abandon(job, "FAILED", ApiError(Code.ABORTED, message))

    async def stop(self) -> None:
        """Stops the steps; what the next start finds open, it fails."""
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
        job = {key: value for key, value in request.get("pipelineJob", {}).items() if key not in _OUTPUT_ONLY}
        compiled, arguments = _checked(job)
        chosen = request.get("pipelineJobId")
        identifier = check_id(chosen, _ID, "pipeline_job_id") if chosen else f"{compiled.name}-{numeric_id()}"
        name = f"{self._names.location(request.get('parent', ''))}/pipelineJobs/{identifier}"
        moment = now()
        job |= {"name": name, "state": "PIPELINE_STATE_PENDING", "createTime": moment, "updateTime": moment}
        job["labels"] = {**job.get("labels", {}), _BILLING: numeric_id()}
        job.setdefault("serviceAccount", f"{self._project.number}-compute@developer.gserviceaccount.com")
        self._store.insert(_KIND, name, job)
        self._runs[name] = asyncio.create_task(self._run(dict(job), compiled, arguments), name=name)
        # A task that is cancelled before its first step never gets to write down that it was.
        await asyncio.sleep(0)
        return job

    async def _get(self, request: Json) -> Json:
        return self._store.get(self._names.resource(request.get("name", ""), "pipelineJobs"))

    async def _list(self, request: Json) -> Json:
        self._names.location(request.get("parent", ""))
        return listing.answer("pipelineJobs", *listing.page(self._store.all(_KIND), request, _FIELDS))

    async def _cancel(self, request: Json) -> Json:
        job = await self._get(request)
        if job["state"] in {"PIPELINE_STATE_CANCELLED", "PIPELINE_STATE_CANCELLING"}:
            return {}
        if job["state"] in _ENDED:
            raise unmet(f'The PipelineJob "{job["name"]}" is in state {job["state"]} and cannot be canceled.')
        self._change(job, state="PIPELINE_STATE_CANCELLING")
        self._runs[job["name"]].cancel()
        return {}

    async def _delete(self, request: Json) -> Json:
        job = await self._get(request)
        if job["state"] not in _ENDED:
            raise unmet(f'The PipelineJob "{job["name"]}" is in state {job["state"]} and cannot be deleted. Cancel it first.')
        self._store.delete(job["name"])
        await asyncio.to_thread(shutil.rmtree, self._files(job), ignore_errors=True)
        return self._operations.finished(job["name"], "Delete", EMPTY, {})

    async def _run(self, job: Json, compiled: program.Program, arguments: Json) -> None:
        details: list[Json] = []
        job["jobDetail"] = {"taskDetails": details}
        journal = Journal(details, lambda: self._change(job))
        fast = job["runtimeConfig"].get("failurePolicy") == "PIPELINE_FAILURE_POLICY_FAIL_FAST"
        graph = Graph(compiled, self._context(job), journal, self._containers, fast)
        try:
            self._change(job, state="PIPELINE_STATE_RUNNING", startTime=now())
            self._check_root(job)
            outcome = await graph.execute(arguments)
        except asyncio.CancelledError:
            if not self._stopping:
                self._abandon(job, "CANCELLED", ApiError(Code.CANCELLED, f"The PipelineJob {job['name']} was cancelled."))
        except ApiError as error:
            self._abandon(job, "FAILED", error)
        except Exception as error:
            log.exception("pipeline job %s", job["name"])
            self._abandon(job, "FAILED", ApiError(Code.INTERNAL, f"Internal error: {error}"))
        else:
            failure = unmet(outcome.error) if outcome.error else None
            self._end(job, f"PIPELINE_STATE_{outcome.state}", failure)
        finally:
            self._runs.pop(job["name"], None)

    def _check_root(self, job: Json) -> None:
        """At Google each step leaves what it hands on under the run's root, as the run's account. Raises ApiError."""
        root, account = job["runtimeConfig"]["gcsOutputDirectory"], job["serviceAccount"]
        bucket, _, prefix = root.removeprefix("gs://").partition("/")
        run = f"{prefix.rstrip('/')}/{job['name'].rpartition('/')[2]}".lstrip("/")
        need = storage.need(self._project, "storage.objects.create", bucket, run)
        if self._guard.refused(account, [need]):
            raise ApiError(Code.PERMISSION_DENIED, f"{storage.refusal(account, need)} No step can leave anything under {root}.")

    def _context(self, job: Json) -> Run:
        identifier = job["name"].rpartition("/")[2]
        root = job["runtimeConfig"]["gcsOutputDirectory"]
        facts = {
            "pipeline_job_name": identifier,
            "pipeline_job_resource_name": job["name"],
            "pipeline_job_uuid": job["labels"][_BILLING],
            "pipeline_job_create_time_utc": job["createTime"],
            "pipeline_job_schedule_time_utc": job["createTime"],
            "pipeline_root": root,
            "pipeline_google_cloud_location": self._project.region,
        }
        return Run(identifier, job["name"], root, job["serviceAccount"], self._project.number, self._files(job), facts)

    def _files(self, job: Json) -> Path:
        """Named after the run, not its id, which may be used again once the job is deleted."""
        return self._folder / str(job["labels"][_BILLING])

    def _change(self, job: Json, **fields: object) -> None:
        if self._stopping:
            return
        job.update(fields, updateTime=now())
        self._store.put(_KIND, job["name"], job)

    def _abandon(self, job: Json, state: str, error: ApiError) -> None:
        """Ends the job and whichever of its tasks has not ended."""
        details = job.get("jobDetail", {}).get("taskDetails", [])
        Journal(details, lambda: self._change(job)).close(state, _status(error))
        self._end(job, f"PIPELINE_STATE_{state}", error)

    def _end(self, job: Json, state: str, error: ApiError | None = None) -> None:
        if error:
            job["error"] = _status(error)
        self._change(job, state=state, endTime=now())


def _status(error: ApiError) -> Json:
    return {"code": int(error.code), "message": error.message}


def _checked(job: Json) -> tuple[program.Program, Json]:
    """The pipeline and its arguments."""
    check_labels(job.get("labels", {}))
    config = job.get("runtimeConfig", {})
    if not config.get("gcsOutputDirectory", "").startswith("gs://"):
        raise invalid("pipeline_job.runtime_config.gcs_output_directory is required and must start with gs://.")
    if config.get("parameters"):
        raise invalid("runtime_config.parameters belongs to schema 2.0.0. Compile with kfp 2 and use parameter_values.")
    if not job.get("pipelineSpec"):
        template = job.get("templateUri")
        if template:
            raise ApiError(
                Code.UNIMPLEMENTED, f"template_uri `{template}`: the local Vertex AI takes the pipeline inline, as pipeline_spec."
            )
        raise invalid("pipeline_job.pipeline_spec is required.")
    try:
        compiled = program.load(job["pipelineSpec"])
        return compiled, program.arguments(compiled, config.get("parameterValues", {}))
    except program.BadPipeline as error:
        raise invalid(f"Invalid pipeline: {error}") from error
