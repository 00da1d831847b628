"""What an erasure names: before it goes, so that whoever stops in the middle has named too many, and a later sweep removes them."""

from collections.abc import Sequence

from jobs.account import REQUESTS_KEPT, Erasure, Scope
from jobs.store import Erasures
from services.trigger.clients import Clients

# it is one document, of a mebibyte at most
_MOST_NAMES = 4000
_LOGS_DAYS = 30


class Receipt:
    def __init__(self, erasures: Erasures, erasure: Erasure, most: int = _MOST_NAMES) -> None:
        self._erasures, self._id, self._most = erasures, erasure.id, most
        self._named = set(erasure.removed)

    @property
    def names(self) -> int:
        return len(self._named)

    def name(self, found: Sequence[str], all_of_them: str = "") -> None:
        """`all_of_them` stands for them where the list would grow too long."""
        new = [name for name in found if name not in self._named]
        if all_of_them and len(self._named) + len(new) > self._most:
            new = [all_of_them]
        self._named |= set(new)
        self._erasures.note(self._id, removed=new)


def kept(clients: Clients, erasure: Erasure) -> list[str]:
    """What stays for a while, where, and how long."""
    settings, buckets = clients.settings, (clients.uploads_bucket.name, clients.models_bucket.name)
    lasting = [
        f"copies of deleted objects, from which Cloud Storage can restore them ({', '.join(f'gs://{name}' for name in buckets)}): "
        f"{settings.recoverable_days} days",
        f"backups of the documents (firestore:{settings.database}): {settings.backup_days} days at most",
        f"answers to requests with an Idempotency-Key (firestore:requests): {REQUESTS_KEPT.total_seconds() / 3600:.0f} hours",
        f"what the steps of training runs handed on, names and figures without pictures ({settings.pipeline_root}): 30 days",
        f"log lines with the job's id: {_LOGS_DAYS} days",
        "names and parameters of training runs in Vertex AI's metadata: until an operator deletes them",
        f"this receipt (firestore:erasures/{erasure.id})",
    ]
    if erasure.scope is Scope.MODEL:
        return ["the job, its pictures and its history: until you delete the job", *lasting]
    return lasting
