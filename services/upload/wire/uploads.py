"""Pictures on their way in, on the wire."""

from pydantic import Field

from jobs.job import UploadState
from services.upload.wire.base import Caption, Failure, FileName, Wire

CONTENT_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")


class NewUpload(Wire):
    """`crc32c` is base64 of the four big-endian bytes."""

    file_name: FileName
    size: int = Field(gt=0)
    crc32c: str = Field(alias="crc32c", pattern=r"^[A-Za-z0-9+/]{6}==$")
    content_type: str = Field(max_length=100)


class NewUploads(Wire):
    uploads: list[NewUpload] = Field(min_length=1, max_length=200)


class UploadChange(Wire):
    caption: Caption


class Upload(Wire):
    """`url` takes the bytes by PUT; `picture` is there once they are verified. `alike` are other pictures of the job that show the same;
    the answer to the PUT itself does not look for them."""

    id: str
    file_name: str
    size: int
    state: UploadState
    width: int
    height: int
    url: str
    picture: str | None
    caption: str
    alike: list[str]
    failure: Failure | None


class Uploads(Wire):
    uploads: list[Upload]
