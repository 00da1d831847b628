"""A designer's models: their jobs that became ready, whether or not an endpoint draws with them now."""

from datetime import datetime

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from jobs.documents import Job
from jobs.job import State
from jobs.store.limits import TIMEOUT_S

TRAINED = frozenset({State.READY, State.RETIRED})


class Models:
    def __init__(self, client: firestore.Client) -> None:
        self._jobs = client.collection("jobs")

    def of_owner(self, owner: str, limit: int, after: tuple[datetime, str] | None = None) -> list[Job]:
        """Newest first; `after` is `created` and `id` of the last one of the page before. Some may have lost their model since."""
        query = self._jobs.where(filter=FieldFilter("owner", "==", owner)).where(filter=FieldFilter("state", "in", sorted(TRAINED)))
        query = query.order_by("created", direction="DESCENDING").order_by("__name__", direction="DESCENDING")
        if after is not None:
            created, last = after
            query = query.start_after({"created": created, "__name__": self._jobs.document(last)})
        return [Job.read(found.to_dict()) for found in query.limit(limit).stream(timeout=TIMEOUT_S)]
