"""Jobs that believe to be running: does their run agree?"""

from collections.abc import Iterable
from functools import partial

from google.api_core.exceptions import NotFound
from google.cloud import aiplatform_v1 as vertex

from jobs import names
from jobs.documents import Failure, Job
from jobs.job import State
from services.trigger.clients import RETRY, TIMEOUT_S, Clients
from services.trigger.release import release
from services.trigger.repairs import each

ENDED = frozenset(
    {
        vertex.PipelineState.PIPELINE_STATE_FAILED,
        vertex.PipelineState.PIPELINE_STATE_CANCELLED,
        vertex.PipelineState.PIPELINE_STATE_SUCCEEDED,
    }
)
_SILENT = "The run stopped without a word before the model was ready. Start it again."


def reconcile(clients: Clients) -> Iterable[bool]:
    for job in clients.jobs.running():
        yield each(job.id, partial(_compare, clients, job))


def _compare(clients: Clients, job: Job) -> bool:
    if job.state is State.CANCELLING:
        release(clients, job)
        clients.jobs.advance(job.id, job.attempt, State.CANCELLED, by="sweep")
        return True
    name = f"{clients.parent}/pipelineJobs/{names.pipeline(job.id, job.attempt)}"
    try:
        run = clients.pipelines.get_pipeline_job(name=name, timeout=TIMEOUT_S, retry=RETRY)
    except NotFound:
        run = None
    if run is not None and run.state not in ENDED:
        return False
    if clients.jobs.get(job.id).state is State.READY:
        return False
    reason = run.error.message if run is not None and run.error.message else _SILENT
    release(clients, job)
    clients.jobs.advance(job.id, job.attempt, State.FAILED, by="sweep", failure=Failure("PIPELINE", reason, retryable=True))
    return True
