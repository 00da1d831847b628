"""A job and its uploads as they change.

One Listen stream of Firestore for both, so that what is shown of them is of one and the same moment. The client library's own
`on_snapshot` takes a stream for each, between which no order holds, and opens them again without a pause while Firestore is away.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from google.api_core.exceptions import Cancelled, DeadlineExceeded, GoogleAPICallError, from_grpc_status
from google.cloud import firestore
from google.cloud.firestore_v1._helpers import decode_dict
from google.cloud.firestore_v1.types import Document, ListenRequest, ListenResponse, StructuredQuery, Target, TargetChange

from jobs.documents import Job, Upload

# No stream is trusted for longer: one that went deaf without a word is made anew by then.
STREAM_S = 120.0
# What is left in order ends at once, unless nobody answers any more.
LEAVE_S = 2.0
_JOB, _UPLOADS = 1, 2
_Change = TargetChange.TargetChangeType


class Stale(GoogleAPICallError):  # type: ignore[misc]  # google.api_core has no types
    """The stream and we do not agree on what is there; the next one begins at the beginning."""


@dataclass(frozen=True)
class Snapshot:
    """What is there at one moment, each with the time of its last write in microseconds since 1970. `job` is None where it is not there;
    uploads are in the order in which they were registered."""

    job: tuple[Job, int] | None
    uploads: tuple[tuple[Upload, int], ...]


class Changes:
    """Of one job: `heard` gets what is there, and again after each change."""

    def __init__(self, client: firestore.Client, job_id: str, heard: Callable[[Snapshot], None]) -> None:
        self._client, self._job_id, self._heard = client, job_id, heard
        self._requests: queue.SimpleQueue[ListenRequest | None] = queue.SimpleQueue()
        self._call: Any = None
        self._documents: dict[str, Document] = {}
        self._current: set[int] = set()
        self._changed, self._closed = True, False

    def follow(self) -> None:
        """Until `close` from another thread, or for as long as a stream is trusted. Raises GoogleAPICallError."""
        for target in self._targets():
            self._requests.put(ListenRequest(database=self._client._database_string, add_target=target))
        if self._closed:
            return
        api = self._client._firestore_api
        try:
            self._call = api.listen(
                requests=iter(self._requests.get, None), retry=None, timeout=STREAM_S, metadata=self._client._rpc_metadata
            )
            for response in self._call:
                if not self._closed:
                    self._take(response)
        except DeadlineExceeded:
            return
        except Cancelled:
            if not self._closed:
                raise
        finally:
            self._requests.put(None)
            self._cancel()

    def close(self) -> None:
        """The stream is left in order, and ends by itself: to the emulator a write of what a cancelled stream listens to is an error, and
        whoever wrote would be told so."""
        self._closed = True
        for target in (_JOB, _UPLOADS):
            self._requests.put(ListenRequest(database=self._client._database_string, remove_target=target))
        self._requests.put(None)
        impatient = threading.Timer(LEAVE_S, self._cancel)
        impatient.daemon = True
        impatient.start()

    def _cancel(self) -> None:
        if self._call is not None:
            self._call.cancel()

    def _targets(self) -> Iterator[Target]:
        documents = f"{self._client._database_string}/documents"
        yield Target(target_id=_JOB, documents=Target.DocumentsTarget(documents=[f"{documents}/jobs/{self._job_id}"]))
        query = StructuredQuery(
            from_=[StructuredQuery.CollectionSelector(collection_id="uploads")],
            where=StructuredQuery.Filter(
                field_filter=StructuredQuery.FieldFilter(
                    field=StructuredQuery.FieldReference(field_path="jobId"),
                    op=StructuredQuery.FieldFilter.Operator.EQUAL,
                    value={"string_value": self._job_id},
                )
            ),
        )
        yield Target(target_id=_UPLOADS, query=Target.QueryTarget(parent=documents, structured_query=query))

    def _take(self, response: ListenResponse) -> None:
        match ListenResponse.pb(response).WhichOneof("response_type"):
            case "target_change":
                self._turn(response.target_change)
            case "document_change":
                change = response.document_change
                self._put(change.document.name, change.document if change.target_ids else None)
            case "document_delete":
                self._put(response.document_delete.document, None)
            case "document_remove":
                self._put(response.document_remove.document, None)
            case "filter":
                self._compare(response.filter.target_id, response.filter.count)

    def _turn(self, change: TargetChange) -> None:
        match change.target_change_type:
            case _Change.REMOVE:
                raise from_grpc_status(change.cause.code, change.cause.message)
            case _Change.RESET:
                self._forget(set(change.target_ids) or {_JOB, _UPLOADS})
            case _Change.CURRENT:
                self._current |= set(change.target_ids) or {_JOB, _UPLOADS}
            case _Change.NO_CHANGE if not change.target_ids and self._current >= {_JOB, _UPLOADS}:
                self._tell()

    def _forget(self, targets: set[int]) -> None:
        """What is there is told anew, and `CURRENT` once that is done."""
        self._current -= targets
        self._documents = {name: each for name, each in self._documents.items() if self._target(name) not in targets}

    def _put(self, name: str, document: Document | None) -> None:
        self._changed = True
        if document is None:
            self._documents.pop(name, None)
        else:
            self._documents[name] = document

    def _compare(self, target: int, count: int) -> None:
        if count != sum(self._target(name) == target for name in self._documents):
            raise Stale("a change was not told")

    def _tell(self) -> None:
        if not self._changed:
            return
        self._changed = False
        jobs = [(Job.read(self._decoded(each)), _micros(each)) for each in self._of(_JOB)]
        uploads = [(Upload.read(self._decoded(each)), _micros(each)) for each in self._of(_UPLOADS)]
        uploads.sort(key=lambda each: (each[0].created, each[0].id))
        self._heard(Snapshot(jobs[0] if jobs else None, tuple(uploads)))

    def _of(self, target: int) -> list[Document]:
        return [each for name, each in self._documents.items() if self._target(name) == target]

    def _target(self, name: str) -> int:
        return _JOB if name.endswith(f"/jobs/{self._job_id}") else _UPLOADS

    def _decoded(self, document: Document) -> dict[str, Any]:
        found: dict[str, Any] = decode_dict(document.fields, self._client)
        return found


def _micros(document: Document) -> int:
    at = document.update_time
    return int(at.timestamp()) * 1_000_000 + int(at.microsecond)
