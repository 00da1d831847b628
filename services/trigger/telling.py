"""Webhooks: owners hear of their jobs that end, signed, and again until their address takes it; https://www.standardwebhooks.com."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from jobs.account import Delivery, Webhook
from jobs.documents import now
from jobs.log import log
from jobs.webhooks import NotCallable, signature
from services.trigger.calls import post
from services.trigger.clients import Clients
from services.trigger.repairs import each, pages

_AT_ONCE = 8
# in one sweep: whoever's address is slow must not keep others from hearing
_OF_ONE_OWNER = 4
_GONE = 410


@dataclass(frozen=True)
class _Outcome:
    """`over` needs no further try."""

    text: str
    over: bool = False


def tell(clients: Clients) -> Iterable[bool]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for page in pages(_fairly(clients.deliveries.due()), _AT_ONCE):
            webhooks = [clients.webhooks.of(delivery.owner) for delivery in page]
            outcomes = pool.map(partial(_told, clients), page, webhooks)
            for delivery, outcome in zip(page, outcomes, strict=True):
                yield each(delivery.job_id, partial(_note, clients, delivery, outcome))


def _fairly(due: Iterable[Delivery]) -> Iterator[Delivery]:
    seen: Counter[str] = Counter()
    for delivery in due:
        seen[delivery.owner] += 1
        if seen[delivery.owner] <= _OF_ONE_OWNER:
            yield delivery


def _told(clients: Clients, delivery: Delivery, webhook: Webhook | None) -> _Outcome:
    if webhook is None:
        return _Outcome("the webhook was removed", over=True)
    at, body = now(), _body(clients, delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "sd-for-designers",
        "webhook-id": delivery.id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature(webhook.secret, delivery.id, at, body),
    }
    try:
        status = post(webhook.url, body, headers, private=clients.settings.private_webhooks).status
    except NotCallable as error:
        return _Outcome(str(error))
    except OSError as error:
        return _Outcome(f"no answer: {type(error).__name__}: {error}")
    return _Outcome(f"answered {status}", over=200 <= status < 300 or status == _GONE)


def _body(clients: Clients, delivery: Delivery) -> bytes:
    url = f"{clients.settings.portal_url}/v1/jobs/{delivery.job_id}"
    data = {"jobId": delivery.job_id, "state": delivery.event.removeprefix("job."), "url": url}
    return json.dumps({"type": delivery.event, "timestamp": delivery.at.isoformat(), "data": data}).encode()


def _note(clients: Clients, delivery: Delivery, outcome: _Outcome) -> bool:
    facts: dict[str, Any] = {"deliveryId": delivery.id, "tries": delivery.tries + 1, "outcome": outcome.text}
    if outcome.over:
        clients.deliveries.taken(delivery, outcome.text)
        log("webhook told", job_id=delivery.job_id, **facts)
        return True
    again = clients.deliveries.failed(delivery, outcome.text).due
    log("webhook not told", severity="WARNING", job_id=delivery.job_id, again=again, **facts)
    return False
