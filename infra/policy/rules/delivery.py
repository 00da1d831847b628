"""That no message is lost without a word."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from infra.policy.resource import UNKNOWN, Resource, shown

SUBSCRIPTIONS = frozenset({"gcp:pubsub/subscription:Subscription"})
FUNCTIONS = frozenset({"gcp:cloudfunctionsv2/function:Function"})
_DELIVERED = ("pushConfig.pushEndpoint", "bigqueryConfig", "cloudStorageConfig")


def no_dead_letter(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    pushed = next((path for path in _DELIVERED if resource.get(path)), None)
    if pushed and not resource.get("deadLetterPolicy"):
        yield f"{pushed} is set and deadLetterPolicy is not; give it a dead_letter_policy"
    if resource.get("eventTrigger"):
        yield "eventTrigger makes a subscription that has no dead letter; deliver with a push subscription that has one"


def expiring(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    ttl = resource.get("expirationPolicy.ttl")
    if ttl not in ("", UNKNOWN):
        yield f'expirationPolicy.ttl is {shown(ttl)}: after so long without a reader it is gone; set expiration_policy={{"ttl": ""}}'


def unread_dead_letters(resources: Sequence[Resource], _: Mapping[str, Any]) -> Iterator[tuple[Resource, str]]:
    subscriptions = [resource for resource in resources if resource.type in SUBSCRIPTIONS]
    read = set().union(*(_topics(subscription, "topic", "topic") for subscription in subscriptions))
    for subscription in subscriptions:
        buried = _topics(subscription, "deadLetterPolicy", "deadLetterPolicy.deadLetterTopic")
        if buried and not buried & read:
            name = sorted(buried)[0].rpartition("::")[2]
            yield subscription, f"nobody reads its dead letters: topic {name} has no subscription; give that topic one, or they are lost"


def _topics(subscription: Resource, block: str, path: str) -> set[str]:
    """The topic's URN where the program passes the topic, its name where it writes one: what is known in a preview differs."""
    value = subscription.get(path)
    names = {value.rpartition("/")[2]} if isinstance(value, str) else set()
    return names | {urn for urn in subscription.sources.get(block, ()) if "gcp:pubsub/topic:Topic::" in urn}
