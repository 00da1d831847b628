"""The operations on bytes, which run on the loop, and the routes that stand before those of JSON."""

from local.storage import resumable, uploads, xml_api
from local.storage.batch import batch
from local.storage.calls import Stream
from local.storage.downloads import download
from local.storage.routing import HANDLER_ASKS, Access, Route

_UPLOAD = "/upload/storage/v1/b/{bucket}/o"
_DOWNLOAD = "/download/storage/v1/b/{bucket}/o/{object}"
_OBJECT = "/storage/v1/b/{bucket}/o/{object}"
_BY_PATH = "/{bucket}/{object*}"
_SESSION = (("upload_id", None),)
_READ = ("storage.objects.get",)
# whoever started the session was asked
_STARTED: tuple[str, ...] = ()

STREAM_ROUTES: list[Route[Stream]] = [
    Route("PUT", _UPLOAD, resumable.put, _STARTED, _SESSION, Access.SESSION),
    Route("DELETE", _UPLOAD, resumable.cancel, _STARTED, _SESSION, Access.SESSION),
    Route("POST", _UPLOAD, uploads.media, HANDLER_ASKS, (("uploadType", "media"),)),
    Route("POST", _UPLOAD, uploads.multipart, HANDLER_ASKS, (("uploadType", "multipart"),)),
    Route("POST", _UPLOAD, uploads.session, HANDLER_ASKS, (("uploadType", "resumable"),)),
    Route("GET", _DOWNLOAD, download, _READ),
    Route("GET", _OBJECT, download, _READ, (("alt", "media"),)),
    Route("POST", "/batch/storage/v1", batch, HANDLER_ASKS),
]

BY_PATH_ROUTES: list[Route[Stream]] = [
    Route("PUT", _BY_PATH, resumable.put, _STARTED, _SESSION, Access.SESSION),
    Route("DELETE", _BY_PATH, resumable.cancel, _STARTED, _SESSION, Access.SESSION),
    Route("GET", _BY_PATH, download, _READ, access=Access.SIGNED),
    Route("HEAD", _BY_PATH, download, _READ, access=Access.SIGNED),
    Route("PUT", _BY_PATH, xml_api.put, HANDLER_ASKS, access=Access.SIGNED),
    Route("POST", _BY_PATH, xml_api.start, HANDLER_ASKS, access=Access.SIGNED),
    Route("DELETE", _BY_PATH, xml_api.delete, ("storage.objects.delete",), access=Access.SIGNED),
]
