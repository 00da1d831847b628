"""Messages that are owed: published again until the job they start has moved."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from jobs.documents import Outbox, now
from jobs.job import LIFE, State
from jobs.log import log
from jobs.message import Submitted
from services.trigger.clients import TIMEOUT_S, Clients
from services.trigger.repairs import each

_PUBLISH_AGAIN = timedelta(minutes=2)
_FIRST_WAIT = timedelta(seconds=30)


def republish(clients: Clients) -> Iterable[bool]:
    """A row closes only once its job is past `uploaded`; until then its message is published again."""
    for row in clients.jobs.outbox():
        yield each(row.job_id, partial(_settle, clients, row))


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
