"""Topics, schemas and subscriptions."""

import json
from collections.abc import Iterator

from local.provider.types import Inputs
from local.provider.validation import Failure
from local.provider.within import blocks, every, within, wrong

_WEEK = "604800s"


def definition(inputs: Inputs) -> Iterator[Failure]:
    """A schema has a definition of at most 300 kB: an Avro record as JSON, or one message of protocol buffers."""
    text, kind = inputs.get("definition"), inputs.get("type")
    if text is None:
        yield wrong("definition", "must be given")
    if not isinstance(text, str):
        return
    if len(text.encode()) > 300_000:
        yield wrong("definition", f"must have at most 300000 bytes, not {len(text.encode())}")
    elif kind == "AVRO" and not _is_record(text):
        yield wrong("definition", "must be an Avro record as JSON with type AVRO")
    elif kind == "PROTOCOL_BUFFER" and "message " not in text:
        yield wrong("definition", "must hold a message with type PROTOCOL_BUFFER")


def _is_record(text: str) -> bool:
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        return False
    return isinstance(found, dict) and found.get("type") == "record"


def expiry(inputs: Inputs) -> Iterator[Failure]:
    """A subscription does not expire before its messages do: `expirationPolicy.ttl` is '' or at least `messageRetentionDuration`."""
    retention = inputs.get("messageRetentionDuration", _WEEK)
    for path, ttl in within(inputs, "expirationPolicy.ttl"):
        if ttl and isinstance(retention, str) and float(ttl[:-1]) < float(retention[:-1]):
            yield wrong(path, f"must be at least 'messageRetentionDuration', which is {retention}, not {ttl}")


def retries(inputs: Inputs) -> Iterator[Failure]:
    """`retryPolicy.minimumBackoff` is at most `maximumBackoff`."""
    for path, policy in blocks(inputs, "retryPolicy"):
        least, most = policy.get("minimumBackoff", "10s"), policy.get("maximumBackoff", "600s")
        if isinstance(least, str) and isinstance(most, str) and float(least[:-1]) > float(most[:-1]):
            yield wrong(f"{path}.minimumBackoff", f"is {least}, more than '{path}.maximumBackoff', which is {most}")


def delivery(inputs: Inputs) -> Iterator[Failure]:
    """Exactly-once delivery is for subscriptions that are pulled."""
    pushed = any(True for _ in within(inputs, "pushConfig.pushEndpoint"))
    if inputs.get("enableExactlyOnceDelivery") is True and pushed:
        yield wrong("enableExactlyOnceDelivery", "is not for push subscriptions: leave it out, or 'pushConfig'")


def dead_letters(inputs: Inputs) -> Iterator[Failure]:
    """`deadLetterPolicy` names a topic, and by its full name."""
    for path, policy in blocks(inputs, "deadLetterPolicy"):
        topic = policy.get("deadLetterTopic")
        if topic is None:
            yield wrong(f"{path}.deadLetterTopic", "must be given")
        elif isinstance(topic, str) and not topic.startswith("projects/"):
            yield wrong(f"{path}.deadLetterTopic", f"must be a full name like 'projects/PROJECT/topics/NAME'; {topic!r} is not")


subscription = every(expiry, retries, delivery, dead_letters)
