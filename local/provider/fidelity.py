"""What the catalog holds against a program, as a page for people: `python -m local.provider.fidelity > docs/fidelity.md`."""

from collections.abc import Iterator, Mapping

from local.provider.catalog import TYPES
from local.provider.regions import AS_OF
from local.provider.schema import FIXED, REQUIRED, Fields, Group, Kind, Property
from local.provider.types import Type

_MOST_VALUES = 12

_HEAD = f"""# What is checked before Google sees it

Written by `python -m local.provider.fidelity`, out of the provider's catalog (`local/provider/catalog`, `local/provider/limits`).

The provider of the local cloud answers `Check`, `Diff` and `Read` as Google's own does, and refuses besides what Google's API would
refuse later. So a preview, which needs no account, finds these mistakes. What is not known yet in a preview is passed over; what stands
beside it in the same block is not, where Google's provider passes over the whole block. An unknown property, a value of the wrong kind
and more or fewer members of a list than are allowed are refused everywhere, and not listed. Lists of locations are those of {AS_OF}.

For every type only the cloud can say: whether the caller may, whether the API is enabled, whether a quota is left, whether an
organisation's policy forbids it, and whether what is named outside the program (an image, a key, an account of another project) exists.
`make doctor` asks the cloud most of that before the first update. The last column names what else.
"""

# What no laptop can know, besides what holds for every type.
_CLOUD: Mapping[str, str] = {
    "gcp:storage/bucket:Bucket": "whether the name is free in the whole world; whose the domain of a name with dots is",
    "gcp:storage/bucketObject:BucketObject": "whether a hold or a retention forbids overwriting it",
    "gcp:firestore/database:Database": "whether the id was used minutes ago; whether the region has room",
    "gcp:firestore/index:Index": "how long it builds; whether 1000 indexes are there already",
    "gcp:firestore/field:Field": "how long it builds",
    "gcp:pubsub/subscription:Subscription": "whether the push endpoint answers and takes the token",
    "gcp:cloudrunv2/service:Service": "whether the image can be pulled and starts; GPUs; the region's CPU quota",
    "gcp:cloudfunctionsv2/function:Function": "whether the source builds; whether the runtime is offered in the region",
    "gcp:artifactregistry/repository:Repository": "whether an upstream answers",
    "gcp:cloudscheduler/job:Job": "whether the URI answers",
    "gcp:serviceaccount/account:Account": "whether 100 accounts are there already; when a new one is known everywhere",
    "gcp:projects/service:Service": "whether the API exists and may be enabled; when it works",
    "gcp:projects/iAMCustomRole:IAMCustomRole": "whether a permission may be in a custom role; whether a deleted role keeps the id",
    "gcp:billing/budget:Budget": "whether the account is open and of that currency",
    "gcp:monitoring/alertPolicy:AlertPolicy": "whether a metric exists and carries the labels that a filter names",
    "gcp:monitoring/notificationChannel:NotificationChannel": "whether anybody reads the address",
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": "whether the address answers from outside",
    "gcp:monitoring/slo:Slo": "whether its metrics exist",
    "gcp:logging/metric:Metric": "whether a log has the fields that an extractor names",
    "gcp:kms/keyRing:KeyRing": "whether a ring of the name was there before this state: rings are for ever",
    "gcp:kms/cryptoKey:CryptoKey": "whether the location has the algorithm; destroyed versions come back for 30 days",
    "gcp:compute/subnetwork:Subnetwork": "whether the range is free in networks that are joined to this one",
    "gcp:dns/managedZone:ManagedZone": "whether a public zone's domain is the caller's",
    "docker:index/image:Image": "whether the registry takes the push; what the base images hold today",
    "command:local:Command": "what the command does: it runs here as it would there, as the user of the local cloud",
}

_OF_POLICY = "whether the whole policy stays below 64 KiB and 1500 members; when the grant is known everywhere"


def page() -> str:
    kinds = [TYPES[token] for token in sorted(TYPES)]
    table = ["| type | Check | Diff replaces for | Read sees | only the cloud can say |", "|---|---|---|---|---|", *map(_row, kinds)]
    return "\n".join([_HEAD, *table, "", *(line for kind in kinds for line in _section(kind))]).rstrip() + "\n"


def _row(kind: Type) -> str:
    rules = sum(1 for _ in _rules(kind))
    fixed = ", ".join(f"`{path}`" for path in _fixed(kind.properties, "")) or "nothing"
    cloud = _CLOUD.get(kind.token, _OF_POLICY if "member" in kind.properties else "")
    return f"| `{kind.token}` | [{rules} rules](#{_anchor(kind)}) | {fixed} | {kind.room.sees} | {cloud} |"


def _fixed(fields: Fields, path: str) -> Iterator[str]:
    """A block that replaces does so with all that is in it."""
    for name, declared in fields.items():
        if declared.has(FIXED):
            yield f"{path}{name}"
        else:
            yield from _fixed(declared.fields or {}, f"{path}{name}.")


def _section(kind: Type) -> Iterator[str]:
    yield f"## {kind.token}"
    yield ""
    yield from (f"- {rule}" for rule in _rules(kind))
    yield ""


def _anchor(kind: Type) -> str:
    return "".join(letter for letter in kind.token.lower() if letter.isalnum() or letter == "-")


def _rules(kind: Type) -> Iterator[str]:
    required = [f"`{path}`" for path, declared in _walk(kind.properties, "") if declared.has(REQUIRED)]
    if required:
        yield f"must be given: {', '.join(required)}"
    yield from _groups(kind.groups, "")
    for path, declared in _walk(kind.properties, ""):
        yield from (f"`{path}`: {words}" for words in _values(declared))
        yield from _groups(declared.groups, f"{path}.")
    yield from (" ".join(line.split()) for line in _sentences(kind))


def _walk(fields: Fields, path: str) -> Iterator[tuple[str, Property]]:
    for name, declared in fields.items():
        many = "[]" if declared.kind in (Kind.LIST, Kind.SET) and declared.fields is not None else ""
        yield f"{path}{name}{many}", declared
        yield from _walk(declared.fields or {}, f"{path}{name}{many}.")


def _groups(groups: tuple[Group, ...], path: str) -> Iterator[str]:
    for group in groups:
        names = [f"`{path}{name}`" for name in group.names]
        if group.kind == "needs":
            yield f"{names[0]} needs {' and '.join(names[1:])}"
        else:
            yield f"{'at most one' if group.kind == 'apart' else group.kind} of {', '.join(names)}"


def _values(declared: Property) -> Iterator[str]:
    if declared.one_of:
        more = f" and {len(declared.one_of) - _MOST_VALUES} more" if len(declared.one_of) > _MOST_VALUES else ""
        yield ", ".join(declared.one_of[:_MOST_VALUES]) + more
    if declared.between:
        yield f"{declared.between[0]:.10g} to {declared.between[1]:.10g}"
    if declared.length:
        yield f"{declared.length[0]} to {declared.length[1]} characters"
    if declared.pattern:
        yield f"matches `{declared.pattern}`"
    if declared.refuses and declared.refuses.__doc__:
        yield " ".join(declared.refuses.__doc__.split())


def _sentences(kind: Type) -> list[str]:
    """A check of several has theirs, a paragraph each."""
    stated = kind.checks.__doc__ if kind.checks else None
    return [sentence for sentence in (stated or "").split("\n\n") if sentence]


if __name__ == "__main__":
    print(page(), end="")
