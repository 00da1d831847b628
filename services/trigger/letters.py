"""What the broker gave up on: its job or its pictures fail in plain words, then the message goes."""

from collections.abc import Iterable, Mapping
from functools import partial

from google.api_core.exceptions import DeadlineExceeded

from jobs.documents import Failure
from jobs.job import State
from jobs.log import log
from jobs.message import Poison, Submitted, Wish
from services.trigger.clients import TIMEOUT_S, Clients
from services.trigger.deadlines import undrawn
from services.trigger.repairs import each

_NOT_STARTED = (
    "The training run could not be started, though it was tried many times. Start it again; if it fails again, tell your platform team."
)


def bury(clients: Clients) -> Iterable[bool]:
    subscription = clients.settings.dead_letter_subscription
    try:
        pulled = clients.subscriber.pull(subscription=subscription, max_messages=20, timeout=clients.patience_s, retry=None)
    except DeadlineExceeded:
        return
    for received in pulled.received_messages:
        yield _open(clients, received.message.data, dict(received.message.attributes))
        clients.subscriber.acknowledge(subscription=subscription, ack_ids=[received.ack_id], timeout=TIMEOUT_S)


def _open(clients: Clients, data: bytes, attributes: Mapping[str, str]) -> bool:
    """Both topics bury here."""
    try:
        if b'"generationId"' in data:
            return _undrawn(clients, Wish.parse(data, attributes))
        return _unstarted(clients, Submitted.parse(data, attributes))
    except Poison as error:
        log("dead letter dropped", severity="ERROR", alert=True, reason=str(error))
    return False


def _unstarted(clients: Clients, letter: Submitted) -> bool:
    log("dead letter", severity="ERROR", alert=True, job_id=letter.job_id, attempt=letter.attempt)
    return each(letter.job_id, partial(_fail, clients, letter))


def _fail(clients: Clients, letter: Submitted) -> bool:
    if clients.jobs.get(letter.job_id).state is not State.UPLOADED:
        return False
    failure = Failure("DISPATCH", _NOT_STARTED, retryable=True)
    clients.jobs.advance(letter.job_id, letter.attempt, State.FAILED, by="sweep", failure=failure)
    return True


def _undrawn(clients: Clients, letter: Wish) -> bool:
    generation = clients.generations.get(letter.generation_id)
    job_id = generation.job_id if generation else ""
    log("dead letter", severity="ERROR", alert=True, job_id=job_id, generationId=letter.generation_id)
    return generation is not None and each(job_id, partial(undrawn, clients, generation))
