"""What is to be removed, and the receipts of what was. `Jobs.erase` opens one with the job's own commit."""

from collections.abc import Iterable

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from jobs.account import Erasure
from jobs.documents import now, wire
from jobs.store.limits import TIMEOUT_S


class Erasures:
    def __init__(self, client: firestore.Client) -> None:
        self._erasures = client.collection("erasures")

    def keep(self, erasure: Erasure) -> None:
        """For what no job's commit opens."""
        self._erasures.document(erasure.id).create(wire(erasure), timeout=TIMEOUT_S)

    def get(self, erasure_id: str) -> Erasure | None:
        found = self._erasures.document(erasure_id).get(timeout=TIMEOUT_S)
        return Erasure.read(found.to_dict()) if found.exists else None

    def due(self) -> list[Erasure]:
        """Oldest first."""
        return self._where("done", None)

    def of_owner(self, owner: str) -> list[Erasure]:
        """Newest first."""
        return self._where("owner", owner)[::-1]

    def of_job(self, job_id: str, owner: str) -> list[Erasure]:
        """Newest first."""
        return [erasure for erasure in self._where("jobId", job_id) if erasure.owner == owner][::-1]

    def note(self, erasure_id: str, removed: Iterable[str] = (), kept: Iterable[str] = ()) -> None:
        """Adds to the receipt. A name that is there already is not added again, so two sweeps at once write one list."""
        lists = {"removed": list(removed), "kept": list(kept)}
        unions = {key: firestore.ArrayUnion(names) for key, names in lists.items() if names}
        if unions:
            self._erasures.document(erasure_id).update(unions, timeout=TIMEOUT_S)

    def finish(self, erasure_id: str) -> None:
        self._erasures.document(erasure_id).update({"done": now()}, timeout=TIMEOUT_S)

    def _where(self, field: str, value: str | None) -> list[Erasure]:
        query = self._erasures.where(filter=FieldFilter(field, "==", value))
        return sorted((Erasure.read(found.to_dict()) for found in query.stream(timeout=TIMEOUT_S)), key=lambda erasure: erasure.asked)
