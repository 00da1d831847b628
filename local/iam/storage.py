"""Cloud Storage's resources as IAM sees them, and the words in which it refuses."""

from local.iam.needs import Need, Resource
from local.layout import Project

_SERVICE = "storage.googleapis.com"
# these are asked for on the project: there is no bucket yet, or all of them are meant
_ON_PROJECT = frozenset({"storage.buckets.create", "storage.buckets.list"})
_KINDS = {"Object": "object", "Bucket": "bucket", "Project": "project"}


def need(project: Project, permission: str, bucket: str = "", name: str = "") -> Need:
    """`name` is an object's; permissions on buckets leave it out of account."""
    above = f"projects/{project.id}"
    if permission in _ON_PROJECT or not bucket:
        return Need(permission, Resource(above, "cloudresourcemanager.googleapis.com/Project", _SERVICE, (above,)))
    at = f"projects/_/buckets/{bucket}"
    if name and permission.startswith("storage.objects."):
        return Need(permission, Resource(f"{at}/objects/{name}", f"{_SERVICE}/Object", _SERVICE, (at, above)))
    return Need(permission, Resource(at, f"{_SERVICE}/Bucket", _SERVICE, (at, above)))


def refusal(principal: str, need: Need) -> str:
    kind = _KINDS[need.resource.type.rpartition("/")[2]]
    return (
        f"{principal or 'Anonymous caller'} does not have {need.permission} access to the Google Cloud Storage {kind}. "
        f"Permission '{need.permission}' denied on resource (or it may not exist)."
    )
