"""Pictures drawn with a tuned model: asked for, drawn one after another, liked, forgotten.

Whatever was decided on an older version than the stored one is decided anew, so two deliveries of one message write one list.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition, NotFound
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from jobs.documents import Failure, now, wire
from jobs.library import DRAWN_WITHIN, Generation, GenerationState
from jobs.log import log
from jobs.store.errors import Contended
from jobs.store.limits import RACES, TIMEOUT_S

_S = GenerationState
_OPEN = frozenset({_S.WAITING, _S.DRAWING})


class Generations:
    def __init__(self, client: firestore.Client) -> None:
        self._client = client
        self._generations = client.collection("generations")

    def open(self, wanted: Generation) -> Generation:
        """`waiting`; one of that id that is there already is answered as it stands."""
        wanted = replace(wanted, state=_S.WAITING, deadline=wanted.created + DRAWN_WITHIN)
        try:
            self._generations.document(wanted.id).create(wire(wanted), timeout=TIMEOUT_S)
        except AlreadyExists:
            return self.get(wanted.id) or wanted
        log("pictures asked for", job_id=wanted.job_id, generationId=wanted.id, count=wanted.count)
        return wanted

    def get(self, generation_id: str) -> Generation | None:
        found = self._generations.document(generation_id).get(timeout=TIMEOUT_S)
        return Generation.read(found.to_dict()) if found.exists else None

    def of_job(self, job_id: str) -> list[Generation]:
        """Newest first."""
        return _read(self._newest(self._where("jobId", job_id)))

    def count(self, job_id: str) -> int:
        [[counted]] = self._where("jobId", job_id).count().get(timeout=TIMEOUT_S)
        return int(counted.value)

    def of_owner(
        self, owner: str, limit: int, after: tuple[datetime, str] | None = None, liked: bool = False, job_id: str | None = None
    ) -> list[Generation]:
        """Newest first; all, of one model, or what has favourites. `after` is `created` and `id` of the last one of the page before."""
        query = self._where("owner", owner)
        query = query.where(filter=FieldFilter("jobId", "==", job_id)) if job_id else query
        query = self._newest(query.where(filter=FieldFilter("liked", "==", True)) if liked else query)
        if after is not None:
            created, last = after
            query = query.start_after({"created": created, "__name__": self._generations.document(last)})
        return _read(query.limit(limit))

    def overdue(self, at: datetime) -> list[Generation]:
        """Asked for and never finished: whoever should have drawn them has given up."""
        return _read(self._generations.where(filter=FieldFilter("deadline", "<=", at)))

    def begin(self, generation_id: str) -> Generation | None:
        """`drawing`, if it is not over. None if it is not known any more, which holds for the others too."""
        return self._change(generation_id, lambda there: replace(there, state=_S.DRAWING) if there.state is _S.WAITING else None)

    def drew(self, generation_id: str, number: int, uri: str) -> Generation | None:
        """The next picture; "" for one that the safety check holds back."""

        def decide(there: Generation) -> Generation | None:
            if there.state not in _OPEN or len(there.pictures) != number:
                return None  # the other delivery of this message was here before
            blocked = there.blocked if uri else (*there.blocked, number)
            done = number + 1 == there.count
            state, deadline = (_S.DONE, None) if done else (_S.DRAWING, there.deadline)
            return replace(there, state=state, deadline=deadline, pictures=(*there.pictures, uri), blocked=blocked)

        return self._change(generation_id, decide)

    def fail(self, generation_id: str, failure: Failure) -> Generation | None:
        """What was drawn before stays."""

        def decide(there: Generation) -> Generation | None:
            return replace(there, state=_S.FAILED, deadline=None, failure=failure) if there.state in _OPEN else None

        return self._change(generation_id, decide)

    def like(self, generation_id: str, number: int, liked: bool) -> Generation | None:
        def decide(there: Generation) -> Generation | None:
            favourites = tuple(sorted({*there.favourites, number} if liked else {*there.favourites} - {number}))
            return None if favourites == there.favourites else replace(there, favourites=favourites, liked=bool(favourites))

        return self._change(generation_id, decide)

    def forget(self, generation_id: str) -> None:
        self._generations.document(generation_id).delete(timeout=TIMEOUT_S)

    def _change(self, generation_id: str, decide: Callable[[Generation], Generation | None]) -> Generation | None:
        document = self._generations.document(generation_id)
        for _ in range(RACES):
            found = document.get(timeout=TIMEOUT_S)
            if not found.exists:
                return None
            there = Generation.read(found.to_dict())
            wanted = decide(there)
            if wanted is None:
                return there
            wanted = replace(wanted, updated=now())
            try:
                document.update(wire(wanted), option=self._client.write_option(last_update_time=found.update_time), timeout=TIMEOUT_S)
            except (FailedPrecondition, NotFound):
                continue
            if wanted.state is not there.state:
                log("pictures move", job_id=there.job_id, generationId=there.id, before=there.state, state=wanted.state)
            return wanted
        raise Contended(f"generation {generation_id} is being written by too many at once; try again")

    def _where(self, field: str, value: str) -> Any:
        return self._generations.where(filter=FieldFilter(field, "==", value))

    def _newest(self, query: Any) -> Any:
        return query.order_by("created", direction="DESCENDING").order_by("__name__", direction="DESCENDING")


def _read(query: Any) -> list[Generation]:
    return [Generation.read(found.to_dict()) for found in query.stream(timeout=TIMEOUT_S)]
