"""Once a minute: owed messages, dead letters, runs that ended without a word, deadlines, and endpoints that still cost money.

Every repair is safe to repeat and to run beside another sweep; one that fails is logged and does not keep the others from running.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from google.api_core.exceptions import DeadlineExceeded, GoogleAPICallError, NotFound
from google.cloud import aiplatform_v1 as vertex

from jobs import names
from jobs.documents import Failure, Job, Outbox, now
from jobs.job import LIFE, RUNNING, NotAllowed, State, Superseded
from jobs.log import log
from jobs.message import Poison, Submitted
from jobs.store import Contended, UnknownJob
from services.trigger.clients import RETRY, TIMEOUT_S, Clients
from services.trigger.idle import endpoints, let_go
from services.trigger.release import release

_PUBLISH_AGAIN = timedelta(minutes=2)
_FIRST_WAIT = timedelta(seconds=30)
_ENDED = {
    vertex.PipelineState.PIPELINE_STATE_FAILED,
    vertex.PipelineState.PIPELINE_STATE_CANCELLED,
    vertex.PipelineState.PIPELINE_STATE_SUCCEEDED,
}
# states that something of ours or of Google's should have ended; in the others it is the designer who takes their time
_NOT_MOVING = RUNNING | {State.UPLOADED, State.CANCELLING}
_SILENT = "The run stopped without a word before the model was ready. Start it again."
_NOT_STARTED = (
    "The training run could not be started, though it was tried many times. Start it again; if it fails again, tell your platform team."
)
_TOO_LONG = "The job stayed in '{state}' longer than it may ({limit}). Start it again."


def sweep(clients: Clients) -> dict[str, int]:
    repairs: dict[str, Callable[[Clients], Iterable[bool]]] = {
        "republished": _republish,
        "deadLettered": _bury,
        "reconciled": _reconcile,
        "overdue": _close,
        "letGo": _let_go,
    }
    done: dict[str, int] = {}
    for name, repair in repairs.items():
        try:
            done[name] = sum(repair(clients))
        except GoogleAPICallError as error:
            log("repair failed", severity="ERROR", alert=True, repair=name, reason=str(error))
    waiting = [now() - job.updated for job in clients.jobs.running()]
    log("swept", repairs=done, underWay=len(waiting), oldestSeconds=round(max(waiting, default=timedelta()).total_seconds()))
    return done


def _each(job_id: str, act: Callable[[], bool]) -> bool:
    """One job that cannot be repaired must not keep the next one from it."""
    try:
        return act()
    except (NotAllowed, Superseded, Contended, UnknownJob) as moved_on:
        log("repair is no longer wanted", job_id=job_id, reason=str(moved_on))
    except GoogleAPICallError as error:
        log("repair of job failed", severity="ERROR", job_id=job_id, reason=str(error))
    return False


def _republish(clients: Clients) -> Iterable[bool]:
    """A row closes only once its job is past `uploaded`; until then its message is published again."""
    for row in clients.jobs.outbox():
        yield _each(row.job_id, partial(_settle, clients, row))


def _settle(clients: Clients, row: Outbox) -> bool:
    job = clients.jobs.get(row.job_id)
    if job.attempt != row.attempt or LIFE[job.state].rank > LIFE[State.UPLOADED].rank:
        clients.jobs.close(row)
        return False
    age = now() - (row.published or row.created)
    if age < (_PUBLISH_AGAIN if row.published else _FIRST_WAIT):
        return False
    message = Submitted(row.job_id, row.attempt)
    clients.publisher.publish(clients.settings.topic, message.data(), **message.attributes()).result(timeout=TIMEOUT_S)
    clients.jobs.published(row.job_id, row.attempt)
    log("message published again", severity="WARNING", job_id=row.job_id, attempt=row.attempt)
    return True


def _bury(clients: Clients) -> Iterable[bool]:
    """What the broker gave up on: its job fails in plain words, then the message goes."""
    subscription = clients.settings.dead_letter_subscription
    try:
        pulled = clients.subscriber.pull(subscription=subscription, max_messages=20, timeout=clients.patience_s, retry=None)
    except DeadlineExceeded:
        return
    for received in pulled.received_messages:
        try:
            letter = Submitted.parse(received.message.data, dict(received.message.attributes))
        except Poison as error:
            log("dead letter dropped", severity="ERROR", alert=True, reason=str(error))
        else:
            log("dead letter", severity="ERROR", alert=True, job_id=letter.job_id, attempt=letter.attempt)
            yield _each(letter.job_id, partial(_fail_unstarted, clients, letter))
        clients.subscriber.acknowledge(subscription=subscription, ack_ids=[received.ack_id], timeout=TIMEOUT_S)


def _fail_unstarted(clients: Clients, letter: Submitted) -> bool:
    if clients.jobs.get(letter.job_id).state is not State.UPLOADED:
        return False
    failure = Failure("DISPATCH", _NOT_STARTED, retryable=True)
    clients.jobs.advance(letter.job_id, letter.attempt, State.FAILED, by="sweep", failure=failure)
    return True


def _reconcile(clients: Clients) -> Iterable[bool]:
    """A job believes to be running: does its run agree?"""
    for job in clients.jobs.running():
        yield _each(job.id, partial(_compare, clients, job))


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
    if run is not None and run.state not in _ENDED:
        return False
    if clients.jobs.get(job.id).state is State.READY:
        return False
    reason = run.error.message if run is not None and run.error.message else _SILENT
    release(clients, job)
    clients.jobs.advance(job.id, job.attempt, State.FAILED, by="sweep", failure=Failure("PIPELINE", reason, retryable=True))
    return True


def _close(clients: Clients) -> Iterable[bool]:
    for job in clients.jobs.overdue(now()):
        yield _each(job.id, partial(_end, clients, job))


def _end(clients: Clients, job: Job) -> bool:
    rule = LIFE[job.state]
    if rule.overdue is None:
        return False
    if job.state in _NOT_MOVING:
        facts = {"attempt": job.attempt, "state": job.state, "since": job.updated, "limit": str(rule.deadline)}
        log("job stuck", severity="ERROR", alert=True, job_id=job.id, **facts)
    release(clients, job)
    failed = Failure("DEADLINE", _TOO_LONG.format(state=job.state, limit=rule.deadline), retryable=True)
    changes = {"failure": failed} if rule.overdue is State.FAILED else {}
    clients.jobs.advance(job.id, job.attempt, rule.overdue, by="sweep", **changes)
    return True


def _let_go(clients: Clients) -> Iterable[bool]:
    for endpoint in endpoints(clients):
        yield _each(endpoint.labels.get("job", ""), partial(let_go, clients, endpoint))
