"""Databases, indexes, fields and backup schedules."""

import re
from collections.abc import Iterator

from local.provider.limits import keys
from local.provider.types import Inputs
from local.provider.validation import Failure
from local.provider.within import blocks, every, within, wrong

_WAYS = ("order", "arrayConfig", "vectorConfig", "searchConfig")


def modes(inputs: Inputs) -> Iterator[Failure]:
    """OPTIMISTIC_WITH_ENTITY_GROUPS is for type DATASTORE_MODE, databaseEdition ENTERPRISE for FIRESTORE_NATIVE."""
    if inputs.get("concurrencyMode") == "OPTIMISTIC_WITH_ENTITY_GROUPS" and inputs.get("type") == "FIRESTORE_NATIVE":
        yield wrong("concurrencyMode", "can be OPTIMISTIC_WITH_ENTITY_GROUPS with type DATASTORE_MODE alone")
    if inputs.get("databaseEdition") == "ENTERPRISE" and inputs.get("type") == "DATASTORE_MODE":
        yield wrong("databaseEdition", "can be ENTERPRISE with type FIRESTORE_NATIVE alone")


def enough_fields(inputs: Inputs) -> Iterator[Failure]:
    """An index is over two fields or more: single fields are indexed by themselves. It has at most 100, each once."""
    paths = [field.get("fieldPath") for _, field in blocks(inputs, "fields[]")]
    own = [path for path in paths if path != "__name__"]
    plain = inputs.get("apiScope", "ANY_API") == "ANY_API" and not any(True for _ in within(inputs, "fields[].vectorConfig"))
    if plain and len(own) == 1:
        yield wrong("fields", "names one field: single fields are indexed by themselves; use a Field to change how")
    if len(paths) > 100:
        yield wrong("fields", f"must have at most 100 members, not {len(paths)}")
    for index, path in enumerate(paths):
        if isinstance(path, str) and path in paths[:index]:
            yield wrong(f"fields[{index}].fieldPath", f"is {path!r} for the second time")


def ways(inputs: Inputs) -> Iterator[Failure]:
    """Each field of an index has one of `order`, `arrayConfig`, `vectorConfig` and `searchConfig`; one at most has `arrayConfig`;
    `__name__` comes last."""
    fields = list(blocks(inputs, "fields[]"))
    for path, field in fields:
        if len([way for way in _WAYS if field.get(way) is not None]) != 1:
            yield wrong(path, f"must have exactly one of {', '.join(_WAYS[:-1])} and {_WAYS[-1]}")
        if field.get("fieldPath") == "__name__" and path != fields[-1][0]:
            yield wrong(path, "is '__name__', which can only be the last field")
    arrays = [path for path, field in fields if field.get("arrayConfig") is not None]
    if len(arrays) > 1:
        yield wrong(f"{arrays[1]}.arrayConfig", "is the second one: an index can be over one array")


def collection(inputs: Inputs) -> Iterator[Failure]:
    """A collection's id has no slash, and is not '.', '..' or between double underscores."""
    for path, name in within(inputs, "collection"):
        if not name or "/" in name or name in (".", "..") or re.fullmatch(r"__.*__", name):
            yield wrong(path, f"must be the id of a collection, without slashes and not like '__...__'; {name!r} is not")


def expiring(inputs: Inputs) -> Iterator[Failure]:
    """A time to live is for one field by its name, not for '*'."""
    if inputs.get("field") == "*" and inputs.get("ttlConfig") is not None:
        yield wrong("ttlConfig", "must be of one field, not of '*'")


def single_indexes(inputs: Inputs) -> Iterator[Failure]:
    """Each of `indexConfig.indexes` has one of `order` and `arrayConfig`."""
    for path, index in blocks(inputs, "indexConfig.indexes[]"):
        if (index.get("order") is None) == (index.get("arrayConfig") is None):
            yield wrong(path, "must have one of order and arrayConfig")


def weekday(inputs: Inputs) -> Iterator[Failure]:
    """`weeklyRecurrence` names its day."""
    for path, weekly in blocks(inputs, "weeklyRecurrence"):
        if weekly.get("day") in (None, "DAY_OF_WEEK_UNSPECIFIED"):
            yield wrong(f"{path}.day", "must be given")


database = every(modes, keys.beside("cmekConfig.kmsKeyName", "locationId"))
index = every(enough_fields, ways, collection)
field = every(collection, expiring, single_indexes)
schedule = every(weekday)
