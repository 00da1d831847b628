"""What each owner takes of a day. It is written in the commit of what it counts, so that nothing is lost and no repeat counts twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from jobs import names
from jobs.account import Usage
from jobs.documents import now, wire
from jobs.store.limits import TIMEOUT_S

# of the day as it would be afterwards; raises what the caller wants raised
Check = Callable[[Usage], None]


def unchecked(_: Usage) -> None:
    """No limits."""


class Usages:
    def __init__(self, client: firestore.Client) -> None:
        self._client = client
        self._usage = client.collection("usage")

    def of(self, owner: str, at: datetime | None = None) -> Usage:
        day = _day(at or now())
        found = self._usage.document(names.usage(owner, day)).get(timeout=TIMEOUT_S)
        return Usage.read(found.to_dict()) if found.exists else Usage(owner, day)

    def spend(self, batch: Any, owner: str, check: Check, **more: int) -> None:
        """Adds to the batch, which then holds only if nobody of the same owner spends meanwhile."""
        day = _day(now())
        document = self._usage.document(names.usage(owner, day))
        found = document.get(timeout=TIMEOUT_S)
        before = Usage.read(found.to_dict()) if found.exists else Usage(owner, day)
        after = replace(before, **{name: getattr(before, name) + amount for name, amount in more.items()})
        check(after)
        if found.exists:
            batch.update(document, wire(after), option=self._client.write_option(last_update_time=found.update_time))
        else:
            batch.create(document, wire(after))

    def remove(self, owner: str) -> tuple[list[str], list[str]]:
        """The documents that went, and those that stay: today's limits hold for whoever starts again today."""
        today = names.usage(owner, _day(now()))
        found = {each.id: each.reference for each in self._usage.where(filter=FieldFilter("owner", "==", owner)).stream(timeout=TIMEOUT_S)}
        for reference in found.values():
            if reference.id != today:
                reference.delete(timeout=TIMEOUT_S)
            else:
                reference.update({"expires": now() + timedelta(days=1)}, timeout=TIMEOUT_S)
        kept = [f"firestore:usage/{today}: what you used today, for its limits; deleted in two days"]
        return [f"firestore:usage/{name}" for name in found if name != today], kept if today in found else []


def _day(at: datetime) -> str:
    return at.date().isoformat()
