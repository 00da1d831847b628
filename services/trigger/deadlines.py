"""What stays too long in a state: jobs are ended as their life says, pictures that nobody draws are given up."""

from collections.abc import Iterable
from functools import partial

from jobs.documents import Failure, Job, now
from jobs.job import LIFE, RUNNING, State
from jobs.library import Generation
from jobs.log import log
from services.trigger.clients import Clients
from services.trigger.expiry import purge
from services.trigger.release import release
from services.trigger.repairs import each

# states that something of ours or of Google's should have ended; in the others it is the designer who takes their time
_NOT_MOVING = RUNNING | {State.UPLOADED, State.CANCELLING}
_TOO_LONG = "The job stayed in '{state}' longer than it may ({limit}). Start it again."
_NOT_DRAWN = "These pictures could not be drawn, though it was tried many times. Ask for them again."


def close(clients: Clients) -> Iterable[bool]:
    for job in clients.jobs.overdue(now()):
        yield each(job.id, partial(_end, clients, job))


def give_up(clients: Clients) -> Iterable[bool]:
    for generation in clients.generations.overdue(now()):
        facts = {"generationId": generation.id, "drawn": len(generation.pictures), "count": generation.count}
        log("pictures given up", severity="ERROR", alert=True, job_id=generation.job_id, **facts)
        yield each(generation.job_id, partial(undrawn, clients, generation))


def undrawn(clients: Clients, generation: Generation) -> bool:
    """Given up; what is drawn already stays."""
    clients.generations.fail(generation.id, Failure("NOT_DRAWN", _NOT_DRAWN, retryable=True))
    return True


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
    ended = clients.jobs.advance(job.id, job.attempt, rule.overdue, by="sweep", **changes)
    if ended.state is State.EXPIRED:
        purge(clients, ended)
    return True
