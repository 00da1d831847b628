"""Who wants to be told of jobs that end, and the messages owed to them. `Jobs` writes a delivery in the commit that ends its job."""

from datetime import datetime, timedelta

from google.api_core.exceptions import FailedPrecondition, NotFound
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from jobs import names
from jobs.account import Delivery, Webhook
from jobs.documents import changed, now, wire
from jobs.store.limits import TIMEOUT_S

# after each try that failed; none follows the last
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))


class Webhooks:
    def __init__(self, client: firestore.Client) -> None:
        self._webhooks = client.collection("webhooks")

    def of(self, owner: str) -> Webhook | None:
        found = self._webhooks.document(names.owner(owner)).get(timeout=TIMEOUT_S)
        return Webhook.read(found.to_dict()) if found.exists else None

    def put(self, webhook: Webhook) -> None:
        self._webhooks.document(names.owner(webhook.owner)).set(wire(webhook), timeout=TIMEOUT_S)

    def remove(self, owner: str) -> None:
        self._webhooks.document(names.owner(owner)).delete(timeout=TIMEOUT_S)


class Deliveries:
    def __init__(self, client: firestore.Client) -> None:
        self._client = client
        self._deliveries = client.collection("deliveries")

    def due(self, at: datetime | None = None) -> list[Delivery]:
        """Whose time has come, oldest first."""
        query = self._deliveries.where(filter=FieldFilter("due", "<=", at or now())).order_by("due").limit(100)
        return [Delivery.read(found.to_dict()) for found in query.stream(timeout=TIMEOUT_S)]

    def taken(self, delivery: Delivery, outcome: str) -> None:
        """The receiver has it, or will never take it; `outcome` says which."""
        self._settle(delivery, delivery.tries + 1, None, outcome)

    def failed(self, delivery: Delivery, outcome: str) -> Delivery:
        """Another try later, as long as there are any left; without `due` it is given up."""
        due = now() + WAITS[delivery.tries] if delivery.tries < len(WAITS) else None
        return self._settle(delivery, delivery.tries + 1, due, outcome)

    def _settle(self, delivery: Delivery, tries: int, due: datetime | None, outcome: str) -> Delivery:
        """Whoever counted this try first has counted it for both."""
        document = self._deliveries.document(delivery.id)
        found = document.get(timeout=TIMEOUT_S)
        there = Delivery.read(found.to_dict()) if found.exists else None
        if there is None or there.tries != delivery.tries:
            return there or delivery
        try:
            option = self._client.write_option(last_update_time=found.update_time)
            document.update(changed(tries=tries, due=due, outcome=outcome[:500]), option=option, timeout=TIMEOUT_S)
        except (FailedPrecondition, NotFound):
            return there
        return Delivery.read({**wire(there), "tries": tries, "due": due, "outcome": outcome[:500]})
