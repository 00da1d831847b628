"""The operations on bytes, which run on the loop, and the routes that stand before those of JSON."""

from local.storage import resumable, uploads, xml_api
from local.storage.batch import batch
from local.storage.calls import Stream
from local.storage.downloads import download
from local.storage.routing import Access, Route

_UPLOAD = "/upload/storage/v1/b/{bucket}/o"
_DOWNLOAD = "/download/storage/v1/b/{bucket}/o/{object}"
_OBJECT = "/storage/v1/b/{bucket}/o/{object}"
_BY_PATH = "/{bucket}/{object*}"
_SESSION = (("upload_id", None),)

STREAM_ROUTES: list[Route[Stream]] = [
    Route("PUT", _UPLOAD, resumable.put, _SESSION, Access.SESSION),
    Route("DELETE", _UPLOAD, resumable.cancel, _SESSION, Access.SESSION),
    Route("POST", _UPLOAD, uploads.media, (("uploadType", "media"),)),
    Route("POST", _UPLOAD, uploads.multipart, (("uploadType", "multipart"),)),
    Route("POST", _UPLOAD, uploads.session, (("uploadType", "resumable"),)),
    Route("GET", _DOWNLOAD, download),
    Route("GET", _OBJECT, download, (("alt", "media"),)),
    Route("POST", "/batch/storage/v1", batch),
]

BY_PATH_ROUTES: list[Route[Stream]] = [
    Route("PUT", _BY_PATH, resumable.put, _SESSION, Access.SESSION),
    Route("DELETE", _BY_PATH, resumable.cancel, _SESSION, Access.SESSION),
    Route("GET", _BY_PATH, download, access=Access.SIGNED),
    Route("HEAD", _BY_PATH, download, access=Access.SIGNED),
    Route("PUT", _BY_PATH, xml_api.put, access=Access.SIGNED),
    Route("POST", _BY_PATH, xml_api.start, access=Access.SIGNED),
    Route("DELETE", _BY_PATH, xml_api.delete, access=Access.SIGNED),
]
