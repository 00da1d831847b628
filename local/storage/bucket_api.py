"""The JSON API's bucket operations."""

import base64
import binascii

from local.interfaces import Json
from local.storage.buckets import BucketRecord
from local.storage.calls import Answer, Call
from local.storage.conditions import conditions_in, number
from local.storage.errors import Invalid, Required
from local.storage.store import Store


def insert(store: Store, call: Call) -> Answer:
    settings = call.json()
    name = settings.get("name")
    if not isinstance(name, str) or not name:
        raise Required("Required parameter: name.")
    return _one(store, call, store.buckets.create(name, settings))


def get(store: Store, call: Call) -> Answer:
    return _one(store, call, store.buckets.get(call.path["bucket"], conditions_in(call.query)))


def list_all(store: Store, call: Call) -> Answer:
    limit = min(number(call.query, "maxResults") or 1000, 1000)
    found = store.buckets.list(call.query.get("prefix", ""), _name_in(call.query.get("pageToken", "")), limit + 1)
    listed: Json = {"kind": "storage#buckets", "items": [each.resource(store.project, call.base) for each in found[:limit]]}
    if len(found) > limit:
        listed["nextPageToken"] = base64.urlsafe_b64encode(found[limit - 1].name.encode()).decode()
    return Answer(json=listed)


def patch(store: Store, call: Call) -> Answer:
    return _one(store, call, store.buckets.patch(call.path["bucket"], call.json(), conditions_in(call.query)))


def update(store: Store, call: Call) -> Answer:
    return _one(store, call, store.buckets.replace(call.path["bucket"], call.json(), conditions_in(call.query)))


def delete(store: Store, call: Call) -> Answer:
    store.buckets.delete(call.path["bucket"], conditions_in(call.query))
    return Answer(204)


def get_policy(store: Store, call: Call) -> Answer:
    return Answer(json=store.buckets.policy(call.path["bucket"]))


def set_policy(store: Store, call: Call) -> Answer:
    return Answer(json=store.buckets.set_policy(call.path["bucket"], call.json()))


def test_permissions(store: Store, call: Call) -> Answer:
    """Those of the asked ones that the caller has; whoever has none learns nothing else."""
    bucket = call.path["bucket"]
    held = [permission for permission in call.query.getall("permissions", []) if call.caller.may(permission, bucket)]
    if held:
        store.buckets.get(bucket)
    return Answer(json={"kind": "storage#testIamPermissionsResponse", "permissions": held})


def service_account(store: Store, _: Call) -> Answer:
    address = f"service-{store.project.number}@gs-project-accounts.iam.gserviceaccount.com"
    return Answer(json={"kind": "storage#serviceAccount", "email_address": address})


def _one(store: Store, call: Call, bucket: BucketRecord) -> Answer:
    return Answer(json=bucket.resource(store.project, call.base))


def _name_in(token: str) -> str:
    try:
        return base64.urlsafe_b64decode(token).decode()
    except (binascii.Error, ValueError):
        raise Invalid(f"Invalid pageToken: {token!r}.") from None
