"""Whether new jobs are taken: one document, written by the budget's function and by operators, obeyed by the upload service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from google.api_core.exceptions import AlreadyExists, FailedPrecondition, NotFound
from google.cloud import firestore

from jobs.documents import now, wire
from jobs.store.errors import Contended
from jobs.store.limits import TIMEOUT_S

_RACES = 12


class Keeper(StrEnum):
    """Whose word stands."""

    NOBODY = ""
    BUDGET = "budget"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Intake:
    """`reason` ends a sentence that designers read. `cost`, `budget`, `currency` and `period` (the month's first moment) are those of the
    budget's notice that was acted on."""

    paused: bool = False
    reason: str = ""
    by: Keeper = Keeper.NOBODY
    since: datetime = field(default_factory=now)
    cost: float = 0.0
    budget: float = 0.0
    currency: str = ""
    period: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    @classmethod
    def read(cls, document: Mapping[str, Any] | None) -> Self:
        """No document: open, and nobody ever said otherwise."""
        known = {item.name for item in fields(cls)}
        values = {key: value for key, value in (document or {}).items() if key in known}
        return cls(**{**values, "by": Keeper(values.get("by", ""))})


Decision = Callable[[Intake], Intake | None]


class Gate:
    def __init__(self, client: firestore.Client) -> None:
        self._client = client
        self._document = client.collection("intake").document("state")

    def state(self) -> Intake:
        return Intake.read(self._document.get(timeout=TIMEOUT_S).to_dict())

    def change(self, decide: Decision) -> Intake | None:
        """What was written; None if `decide` leaves it as it stands. Raises Contended."""
        for _ in range(_RACES):
            found = self._document.get(timeout=TIMEOUT_S)
            wanted = decide(Intake.read(found.to_dict()))
            if wanted is None:
                return None
            try:
                self._write(found, wire(wanted))
            except (FailedPrecondition, AlreadyExists, NotFound):
                continue  # someone was faster: decide anew on what they wrote
            return wanted
        raise Contended("intake is being written by too many at once; try again")

    def _write(self, found: Any, document: dict[str, Any]) -> None:
        if not found.exists:
            self._document.create(document, timeout=TIMEOUT_S)
            return
        self._document.update(document, option=self._client.write_option(last_update_time=found.update_time), timeout=TIMEOUT_S)
