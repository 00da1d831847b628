"""What holds data, and what it costs to replace or delete it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scripts.preview.graph import Json


@dataclass(frozen=True)
class Holding:
    """`lost` is what goes with it, `downtime` what stands still until it is there again, `back` how to get it back, if there is a way."""

    what: str
    lost: str
    downtime: str
    back: str


_BUCKET, _TOPIC = "gcp:storage/bucket:Bucket", "gcp:pubsub/topic:Topic"
_NOT_EMPTIED = "nothing as long as there are objects: the delete fails then, since `forceDestroy` is not set"
HOLDINGS: Mapping[str, Holding] = {
    _BUCKET: Holding(
        "a bucket",
        "every object in it",
        "whatever reads or writes it fails until the new one is there, and finds it empty",
        "soft delete restores objects of a deleted bucket while its retention lasts",
    ),
    "gcp:firestore/database:Database": Holding(
        "a database",
        "every document, index, and schedule in it",
        "everything that asks it fails; a deleted name cannot be used again for some minutes",
        "a backup can be restored to a new database; point-in-time recovery goes with the database",
    ),
    "gcp:firestore/index:Index": Holding("an index", "", "queries that need it fail until the new one is built, minutes to hours", ""),
    _TOPIC: Holding(
        "a topic",
        "messages that it retains; its subscriptions are cut off, and get nothing from a new topic of the same name",
        "publishers fail in between, and subscriptions must be made again",
        "",
    ),
    "gcp:pubsub/subscription:Subscription": Holding(
        "a subscription", "every message that is not acknowledged yet", "what is published in between never arrives", ""
    ),
    "gcp:artifactregistry/repository:Repository": Holding(
        "a registry", "every image in it, those that run too", "new instances cannot start until the images are pushed again", ""
    ),
    "gcp:kms/cryptoKey:CryptoKey": Holding(
        "a key",
        "everything that is encrypted under it, for good, once its versions are destroyed",
        "whatever is encrypted under it cannot be read",
        "destruction of a key's versions can be called off for 30 days",
    ),
    "gcp:kms/keyRing:KeyRing": Holding("a key ring", "nothing: Google never deletes one, and its name stays taken", "", ""),
    "gcp:secretmanager/secret:Secret": Holding("a secret", "every version of it", "what reads it cannot start", ""),
    "gcp:secretmanager/secretVersion:SecretVersion": Holding(
        "a version of a secret", "its value", "what reads this version cannot start", ""
    ),
    "gcp:serviceaccount/account:Account": Holding(
        "an account",
        "no data, but its bindings: a new account of the same name has none of the old one's",
        "whatever runs as it is refused until it is bound anew",
        "a deleted account can be undeleted for 30 days, if no new one has its name",
    ),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": Holding(
        "a log bucket", "the logs in it", "", "a deleted log bucket can be undeleted for 7 days"
    ),
}
_DATA = frozenset(HOLDINGS) - {
    "gcp:firestore/index:Index",
    "gcp:kms/keyRing:KeyRing",
    "gcp:serviceaccount/account:Account",
}


def holding(type_: str, inputs: Json) -> Holding | None:
    """What it costs to lose one, data or not."""
    found = HOLDINGS.get(type_)
    if found and type_ == _BUCKET and not inputs.get("forceDestroy"):
        return replace(found, lost=_NOT_EMPTIED, downtime="", back="")
    return found


def holds_data(type_: str, inputs: Json) -> bool:
    """Whether something would be gone that the program cannot make again. A topic holds messages where it retains them."""
    return type_ in _DATA and (type_ != _TOPIC or _retains(inputs))


def _retains(inputs: Json) -> bool:
    return inputs.get("messageRetentionDuration") not in (None, "", "0s")
