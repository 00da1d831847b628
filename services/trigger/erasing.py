"""What designers want gone: removed, and named in a receipt.

First whatever may still make something new, then the objects, then the documents, the job's own last. An erasure is done once a pass has
found nothing left; it may be broken off anywhere, and run twice at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import chain

from google.api_core.exceptions import NotFound

from jobs import names
from jobs.account import Erasure, Scope
from jobs.documents import Progress, Result, now
from jobs.log import log
from services.trigger import records
from services.trigger.clients import Clients
from services.trigger.forgetting import forget
from services.trigger.objects import Prefix, remove
from services.trigger.receipts import Receipt, kept
from services.trigger.repairs import FAILED

# a run that has to be cancelled first takes minutes
_LATE = timedelta(hours=2)


def erase(clients: Clients) -> Iterable[bool]:
    """Oldest first. A large one goes on in the next sweep; one that must wait or fails does not keep the others waiting."""
    for erasure in clients.erasures.due():
        try:
            yield from _steps(clients, erasure)
        except FAILED as error:
            log("repair of job failed", severity="ERROR", job_id=erasure.job_id, reason=str(error))
            yield False
        if erasure.asked < now() - _LATE:
            log("erasure late", severity="ERROR", alert=True, job_id=erasure.job_id, erasureId=erasure.id, asked=erasure.asked)


def _steps(clients: Clients, erasure: Erasure) -> Iterator[bool]:
    """True for the last one, once all is gone."""
    receipt = Receipt(clients.erasures, erasure)
    if missing := [each for each in kept(clients, erasure) if each not in erasure.kept]:
        clients.erasures.note(erasure.id, kept=missing)
    gone = True
    for done in forget(clients, erasure.job_id, receipt.name):
        gone &= done
        yield False
    if not gone:
        return  # something is still ending, and could write after we have looked
    for _ in chain(_objects(clients, erasure, receipt), _documents(clients, erasure, receipt)):
        yield False
    _finish(clients, erasure)
    log("erased", job_id=erasure.job_id, erasureId=erasure.id, scope=erasure.scope, names=receipt.names)
    yield True


def _objects(clients: Clients, erasure: Erasure, receipt: Receipt) -> Iterator[int]:
    """Again, until a whole pass finds none."""
    went = 1
    while went:
        went = 0
        for prefix in _prefixes(clients, erasure):
            for count in remove(prefix, partial(receipt.name, all_of_them=f"{prefix.uri}*")):
                went += count
                yield count


def _prefixes(clients: Clients, erasure: Erasure) -> Sequence[Prefix]:
    uploads, models = clients.uploads_bucket, clients.models_bucket
    of_model = [Prefix(models, f"{place}{erasure.job_id}/") for place in (names.GENERATIONS, names.RUNS)]
    if erasure.scope is Scope.MODEL:
        return of_model
    return [Prefix(uploads, names.clean_prefix(erasure.job_id)), Prefix(uploads, names.raw(erasure.job_id, "")), *of_model]


def _documents(clients: Clients, erasure: Erasure, receipt: Receipt) -> Iterator[int]:
    found = records.of_model if erasure.scope is Scope.MODEL else records.of_job
    return records.remove(clients.documents, found(clients.documents, erasure.job_id), receipt.name)


def _finish(clients: Clients, erasure: Erasure) -> None:
    if erasure.scope is Scope.MODEL:
        with suppress(NotFound):
            clients.jobs.note(erasure.job_id, result=Result(), progress=Progress())
    clients.erasures.finish(erasure.id)
