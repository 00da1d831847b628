"""The JSON API's object operations, but for the bytes."""

from functools import partial
from typing import Any

from local.interfaces import Json
from local.storage.calls import Answer, Call
from local.storage.conditions import Conditions, conditions_in, number
from local.storage.errors import Invalid
from local.storage.listing import listing_in, page
from local.storage.objects import Source, Upload
from local.storage.records import ObjectRecord, attributes_in
from local.storage.store import Store

_READ = ("storage.objects.get",)


def get(store: Store, call: Call) -> Answer:
    return _one(call, store.objects.get(*_named(call), number(call.query, "generation"), conditions_in(call.query)))


def list_all(store: Store, call: Call) -> Answer:
    bucket, listing = call.path["bucket"], listing_in(call.query)
    store.buckets.get(bucket)
    found = page(lambda start, limit: store.objects.rows(bucket, start, listing.versions, limit), listing)
    listed: Json = {"kind": "storage#objects"}
    if found.items:
        listed["items"] = [each.resource(call.base) for each in found.items]
    if found.prefixes:
        listed["prefixes"] = found.prefixes
    if found.token:
        listed["nextPageToken"] = found.token
    return Answer(json=listed)


def patch(store: Store, call: Call, whole: bool = False) -> Answer:
    made = store.objects.patch(
        *_named(call), call.json(), generation=number(call.query, "generation"), conditions=conditions_in(call.query), whole=whole
    )
    return _one(call, made)


update = partial(patch, whole=True)


def delete(store: Store, call: Call) -> Answer:
    store.objects.delete(*_named(call), number(call.query, "generation"), conditions_in(call.query))
    return Answer(204)


def compose(store: Store, call: Call) -> Answer:
    body = call.json()
    sources = body.get("sourceObjects")
    if not isinstance(sources, list):
        raise Invalid("Invalid compose request: sourceObjects is a list of objects.")
    # the destination's checksums are not claims: a client that composes onto what it has read sends the old ones along
    wanted = Upload(*_named(call), attributes_in(_object(body, "destination")), conditions_in(call.query))
    upload, parts = call.caller.writing(wanted), [_source(each) for each in sources]
    for part in parts:
        call.caller.require(_READ, call.path["bucket"], part.name)
    return _one(call, store.objects.compose(upload, parts))


def copy(store: Store, call: Call) -> Answer:
    return _one(call, _copied(store, call))


def rewrite(store: Store, call: Call) -> Answer:
    made = _copied(store, call)
    size = str(made.checksums.size)
    done = {"kind": "storage#rewriteResponse", "totalBytesRewritten": size, "objectSize": size, "done": True}
    return Answer(json={**done, "resource": made.resource(call.base)})


def _copied(store: Store, call: Call) -> ObjectRecord:
    attributes = attributes_in(call.json())
    call.caller.require(_READ, *_named(call))
    return store.objects.copy(
        _named(call),
        call.caller.writing(Upload(call.path["to_bucket"], call.path["to_object"], attributes, conditions_in(call.query))),
        generation=number(call.query, "sourceGeneration"),
        conditions=conditions_in(call.query, "ifSource"),
        anew=bool(attributes.keys() - {"storageClass"}),
    )


def _source(each: Any) -> Source:
    if not isinstance(each, dict) or not isinstance(each.get("name"), str):
        raise Invalid(f"Invalid compose request: {each!r} has no name.")
    conditions = Conditions(generation_match=_number(_object(each, "objectPreconditions"), "ifGenerationMatch"))
    return Source(each["name"], _number(each, "generation"), conditions)


def _object(values: Json, key: str) -> Json:
    value = values.get(key) or {}
    if not isinstance(value, dict):
        raise Invalid(f"Invalid value for {key}: {value!r} is not an object.")
    return value


def _number(values: Json, key: str) -> int | None:
    """Google writes 64-bit numbers as text."""
    return number({key: str(values[key])}, key) if values.get(key) is not None else None


def _named(call: Call) -> tuple[str, str]:
    return call.path["bucket"], call.path["object"]


def _one(call: Call, found: ObjectRecord) -> Answer:
    return Answer(json=found.resource(call.base))
