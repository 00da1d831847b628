"""Who sent a request, and what IAM lets them do. The answers are Google's."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from local.iam import storage
from local.iam.needs import EVERYBODY, Guard
from local.layout import Project
from local.storage.errors import AccessDenied, NoSuchObject, Occupied, StorageError
from local.storage.objects import Upload

_CREATE = "storage.objects.create"
_DELETE = "storage.objects.delete"
_LIST = "storage.objects.list"


@dataclass(frozen=True)
class Caller:
    """`principal` None: a program of this machine that did not come by the gateway, which may do everything."""

    principal: str | None
    project: Project
    guard: Guard = EVERYBODY

    def require(self, permissions: Iterable[str], bucket: str = "", name: str = "") -> None:
        """Raises AccessDenied."""
        lacked = self.guard.refused(self.principal, (storage.need(self.project, permission, bucket, name) for permission in permissions))
        if lacked:
            raise AccessDenied(storage.refusal(self.principal or "", lacked))

    def may(self, permission: str, bucket: str, name: str = "") -> bool:
        return self.guard.allows(self.principal, storage.need(self.project, permission, bucket, name))

    def writing(self, upload: Upload) -> Upload:
        """What is overwritten is deleted first, which takes a permission of its own. Raises AccessDenied."""
        self.require([_CREATE], upload.bucket, upload.name)
        return replace(upload, replaces=self.may(_DELETE, upload.bucket, upload.name))

    def told(self, error: StorageError) -> StorageError:
        """What this caller learns of an error: whoever may not list does not learn what is missing."""
        try:
            if isinstance(error, Occupied):
                self.require([_DELETE], error.bucket, error.name)
            elif isinstance(error, NoSuchObject):
                self.require([_LIST], error.bucket)
        except AccessDenied as denied:
            return denied
        return error
