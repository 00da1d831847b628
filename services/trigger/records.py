"""The documents of a job, in the order in which they may go: its own last, since it is by that one that the others are found."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from jobs import names
from jobs.job import MAX_ATTEMPTS
from services.trigger.clients import TIMEOUT_S
from services.trigger.repairs import pages

# what Firestore takes in one commit is 500
_PAGE = 200


def of_model(client: firestore.Client, job_id: str) -> Iterator[Any]:
    """Of what was drawn with it, and of its endpoint."""
    yield from _named(client, "generations", job_id)
    yield from _there(client, [client.collection("deployments").document(job_id)])


def of_job(client: firestore.Client, job_id: str) -> Iterator[Any]:
    job = client.collection("jobs").document(job_id)
    outbox = [client.collection("outbox").document(names.outbox(job_id, attempt + 1)) for attempt in range(MAX_ATTEMPTS)]
    yield from chain(of_model(client, job_id), _named(client, "uploads", job_id), _named(client, "deliveries", job_id))
    yield from _there(client, outbox)
    yield from (found.reference for found in job.collection("events").select([]).stream(timeout=TIMEOUT_S))
    yield from _there(client, [job])


def remove(client: firestore.Client, found: Iterable[Any], tell: Callable[[Sequence[str]], None]) -> Iterator[int]:
    """How many went, after each page. `tell` hears of their names before."""
    for page in pages(found, _PAGE):
        tell([f"firestore:{reference.path}" for reference in page])
        batch = client.batch()
        for reference in page:
            batch.delete(reference)
        batch.commit(timeout=TIMEOUT_S)
        yield len(page)


def _named(client: firestore.Client, collection: str, job_id: str) -> Iterator[Any]:
    query = client.collection(collection).where(filter=FieldFilter("jobId", "==", job_id)).select([])
    return (found.reference for found in query.stream(timeout=TIMEOUT_S))


def _there(client: firestore.Client, references: Sequence[Any]) -> Iterator[Any]:
    found = client.get_all(references, field_paths=["__name__"], timeout=TIMEOUT_S)
    return (each.reference for each in found if each.exists)
