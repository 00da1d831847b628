"""The operations that answer with JSON: each a function of the store and the call, run in a thread."""

from local.storage import bucket_api, object_api
from local.storage.calls import Handler
from local.storage.routing import HANDLER_ASKS, Route

_B = "/storage/v1/b"
_BUCKET = f"{_B}/{{bucket}}"
_OBJECT = f"{_BUCKET}/o/{{object}}"
_TO = "/b/{to_bucket}/o/{to_object}"

JSON_ROUTES: list[Route[Handler]] = [
    Route("GET", _B, bucket_api.list_all, ("storage.buckets.list",)),
    Route("POST", _B, bucket_api.insert, ("storage.buckets.create",)),
    Route("GET", _BUCKET, bucket_api.get, ("storage.buckets.get",)),
    Route("PATCH", _BUCKET, bucket_api.patch, ("storage.buckets.update",)),
    Route("PUT", _BUCKET, bucket_api.update, ("storage.buckets.update",)),
    Route("DELETE", _BUCKET, bucket_api.delete, ("storage.buckets.delete",)),
    Route("GET", f"{_BUCKET}/iam", bucket_api.get_policy, ("storage.buckets.getIamPolicy",)),
    Route("PUT", f"{_BUCKET}/iam", bucket_api.set_policy, ("storage.buckets.setIamPolicy",)),
    Route("GET", f"{_BUCKET}/iam/testPermissions", bucket_api.test_permissions, HANDLER_ASKS),
    Route("GET", "/storage/v1/projects/{project}/serviceAccount", bucket_api.service_account, ("resourcemanager.projects.get",)),
    Route("GET", f"{_BUCKET}/o", object_api.list_all, ("storage.objects.list",)),
    Route("GET", _OBJECT, object_api.get, ("storage.objects.get",)),
    Route("PATCH", _OBJECT, object_api.patch, ("storage.objects.get", "storage.objects.update")),
    Route("PUT", _OBJECT, object_api.update, ("storage.objects.update",)),
    Route("DELETE", _OBJECT, object_api.delete, ("storage.objects.delete",)),
    Route("POST", f"{_OBJECT}/compose", object_api.compose, HANDLER_ASKS),
    Route("POST", f"{_OBJECT}/copyTo{_TO}", object_api.copy, HANDLER_ASKS),
    Route("POST", f"{_OBJECT}/rewriteTo{_TO}", object_api.rewrite, HANDLER_ASKS),
]
