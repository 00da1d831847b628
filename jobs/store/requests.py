"""Requests that may come again: one row for each Idempotency-Key of a caller on a route."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition, NotFound
from google.cloud import firestore

from jobs.account import Request
from jobs.documents import now, wire
from jobs.store.limits import TIMEOUT_S

# longer than a request may take: who has not answered by then never will
PATIENCE = timedelta(seconds=60)


class Requests:
    def __init__(self, client: firestore.Client) -> None:
        self._client = client
        self._requests = client.collection("requests")

    def begin(self, request_id: str, fingerprint: str) -> tuple[Request, Any]:
        """The row and, for the one caller that is to answer, the version it holds; None for all others. A row whose holder has not
        answered in time is taken over, so that a process that dies does not lock its key for a day."""
        wanted = Request(request_id, fingerprint, deadline=now() + PATIENCE)
        document = self._requests.document(request_id)
        try:
            return wanted, document.create(wire(wanted), timeout=TIMEOUT_S).update_time
        except AlreadyExists:
            found = document.get(timeout=TIMEOUT_S)
        if not found.exists:
            return wanted, None  # its holder has just failed: it may be tried again in a moment
        there = Request.read(found.to_dict())
        if there.status or there.deadline > now() or there.fingerprint != fingerprint:
            return there, None
        try:
            option = self._client.write_option(last_update_time=found.update_time)
            return wanted, document.update(wire(wanted), option=option, timeout=TIMEOUT_S).update_time
        except (FailedPrecondition, NotFound):
            return there, None

    def finish(self, request: Request, **answer: Any) -> None:
        self._requests.document(request.id).set(wire(replace(request, **answer)), timeout=TIMEOUT_S)

    def forget(self, request: Request, version: Any) -> None:
        """Nothing came of it: the key may be used again. Who took it over meanwhile keeps it."""
        try:
            option = self._client.write_option(last_update_time=version)
            self._requests.document(request.id).delete(option=option, timeout=TIMEOUT_S)
        except (FailedPrecondition, NotFound):
            return
