"""The operations that answer with JSON: each a function of the store and the call, run in a thread."""

from local.storage import bucket_api, object_api
from local.storage.calls import Handler
from local.storage.routing import Route

_B = "/storage/v1/b"
_BUCKET = f"{_B}/{{bucket}}"
_OBJECT = f"{_BUCKET}/o/{{object}}"
_TO = "/b/{to_bucket}/o/{to_object}"

JSON_ROUTES: list[Route[Handler]] = [
    Route("GET", _B, bucket_api.list_all),
    Route("POST", _B, bucket_api.insert),
    Route("GET", _BUCKET, bucket_api.get),
    Route("PATCH", _BUCKET, bucket_api.patch),
    Route("PUT", _BUCKET, bucket_api.update),
    Route("DELETE", _BUCKET, bucket_api.delete),
    Route("GET", f"{_BUCKET}/iam", bucket_api.get_policy),
    Route("PUT", f"{_BUCKET}/iam", bucket_api.set_policy),
    Route("GET", f"{_BUCKET}/iam/testPermissions", bucket_api.test_permissions),
    Route("GET", "/storage/v1/projects/{project}/serviceAccount", bucket_api.service_account),
    Route("GET", f"{_BUCKET}/o", object_api.list_all),
    Route("GET", _OBJECT, object_api.get),
    Route("PATCH", _OBJECT, object_api.patch),
    Route("PUT", _OBJECT, object_api.update),
    Route("DELETE", _OBJECT, object_api.delete),
    Route("POST", f"{_OBJECT}/compose", object_api.compose),
    Route("POST", f"{_OBJECT}/copyTo{_TO}", object_api.copy),
    Route("POST", f"{_OBJECT}/rewriteTo{_TO}", object_api.rewrite),
]
