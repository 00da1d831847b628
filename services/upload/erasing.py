"""What a designer wants gone: hidden at once, in one commit that opens its receipt; the sweep removes it and fills the receipt."""

from collections.abc import Sequence
from contextlib import suppress

from jobs import names
from jobs.account import Erasure, Scope
from jobs.documents import Job, new_id, now
from jobs.job import AT_REST, NotAllowed, State
from jobs.store import UnknownJob
from services.upload import library, wire
from services.upload.parts import BY, Parts, caller, owned

# more jobs than anybody makes in the time for which they are kept
_ALL = 10_000


def erase(parts: Parts, job_id: str, scope: Scope) -> Erasure:
    """Of the caller's own: opened now, or as it stands, so that a repeat is answered like the first. Raises UnknownJob and NotAllowed."""
    owner = caller().id
    with suppress(UnknownJob):
        job = owned(job_id)
        if scope is Scope.JOB or library.has_model(job):
            return _open(parts, job_id, scope, owner)
    return _last(parts, job_id, scope, owner)


def erase_everything(parts: Parts, owner: str) -> list[Erasure]:
    """An erasure for each job; what is kept of the owner beside them goes now, and the first receipt names it. Raises NotAllowed."""
    jobs = parts.jobs.of_owner(owner, _ALL)
    _refuse_under_way(jobs)
    removed, kept = parts.usages.remove(owner)
    if parts.webhooks.of(owner):
        parts.webhooks.remove(owner)
        removed = [*removed, f"firestore:webhooks/{names.owner(owner)}"]
    opened = [_open(parts, job.id, Scope.JOB, owner) for job in jobs]
    due = [erasure for erasure in parts.erasures.of_owner(owner) if not erasure.done]
    if due:
        parts.erasures.note(due[0].id, removed, kept)
    elif removed:
        alone = Erasure(new_id(), "", owner, done=now(), removed=tuple(removed), kept=tuple(kept))
        parts.erasures.keep(alone)
        return [alone]
    ids = {erasure.id for erasure in (*opened, *due)}
    return [erasure for erasure in parts.erasures.of_owner(owner) if erasure.id in ids]


def receipt(erasure: Erasure) -> wire.Receipt:
    return wire.Receipt(
        id=erasure.id,
        job_id=erasure.job_id,
        scope=erasure.scope.value,
        state="done" if erasure.done else "due",
        asked=erasure.asked,
        done=erasure.done,
        removed=list(erasure.removed),
        kept=list(erasure.kept),
    )


def _open(parts: Parts, job_id: str, scope: Scope, owner: str) -> Erasure:
    """Of those who ask at once one opens it, and all are answered with that one."""
    parts.jobs.erase(Erasure(new_id(), job_id, owner, scope), by=BY)
    return _last(parts, job_id, scope, owner)


def _last(parts: Parts, job_id: str, scope: Scope, owner: str) -> Erasure:
    found = next((erasure for erasure in parts.erasures.of_job(job_id, owner) if erasure.scope is scope), None)
    if found is None:
        raise UnknownJob(job_id)
    return found


def _refuse_under_way(jobs: Sequence[Job]) -> None:
    busy = [job for job in jobs if job.state not in AT_REST]
    if busy:
        text = f"{len(busy)} of your jobs are under way, {busy[0].name!r} among them. Cancel them first, then delete everything."
        raise NotAllowed(busy[0].id, busy[0].state, State.RETIRED, text)
