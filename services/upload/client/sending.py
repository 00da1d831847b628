"""Pictures on their way to the service, several at once; those that are there already are not sent again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import google_crc32c

from jobs.job import UploadState
from services.upload import wire
from services.upload.client.calls import Calls, Failed, model
from services.upload.identifiers import checksum

CONTENT_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".heif": "image/heif",
}
AT_ONCE = 4
_PIECE, _ANNOUNCED_AT_ONCE = 256 * 1024, 200
# of each picture: its path, bytes sent, bytes in all; from several threads
Progress = Callable[[Path, int, int], None]


class PicturesRefused(Failed):
    """Some cannot be used; the others are there."""

    def __init__(self, problems: Mapping[Path, wire.Problem]) -> None:
        super().__init__(next(iter(problems.values())))
        self.problems = problems


def pictures_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in CONTENT_TYPES)


def announce(path: Path) -> wire.NewUpload:
    crc = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            crc = google_crc32c.extend(crc, piece)
        size = file.tell()
    kind = CONTENT_TYPES.get(path.suffix.lower(), "application/octet-stream")
    return wire.NewUpload(file_name=path.name, size=size, crc32c=checksum(crc), content_type=kind)


def register(calls: Calls, job_id: str, announced: Sequence[wire.NewUpload]) -> list[wire.Upload]:
    """In the order of what is announced, of which no two may be the same."""
    found: list[wire.Upload] = []
    for first in range(0, len(announced), _ANNOUNCED_AT_ONCE):
        some = wire.NewUploads(uploads=list(announced[first : first + _ANNOUNCED_AT_ONCE]))
        found += calls.read(wire.Uploads, "POST", f"/v1/jobs/{job_id}/uploads", some).uploads
    return found


def send_all(calls: Calls, job_id: str, pictures: Sequence[Path], progress: Progress) -> list[wire.Upload]:
    """Raises Failed for what was refused before anything was sent, PicturesRefused once all the others are sent."""
    announced = {(item.file_name, item.size, item.crc32c): (item, path) for path in pictures for item in (announce(path),)}
    uploads = register(calls, job_id, [item for item, _ in announced.values()])
    paths = [path for _, path in announced.values()]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = list(pool.map(lambda upload, path: _tried(calls, upload, path, progress), uploads, paths))
    refused = {path: one for one, path in zip(sent, paths, strict=True) if isinstance(one, wire.Problem)}
    if refused:
        raise PicturesRefused(refused)
    return [one for one in sent if isinstance(one, wire.Upload)]


def _tried(calls: Calls, upload: wire.Upload, path: Path, progress: Progress) -> wire.Upload | wire.Problem:
    if upload.state is UploadState.REJECTED and upload.failure:
        return _known(upload, upload.failure)
    try:
        return _sent(calls, upload, path, progress)
    except Failed as failed:
        if failed.problem.code == "PICTURE_REFUSED":
            return failed.problem
        raise


def _sent(calls: Calls, upload: wire.Upload, path: Path, progress: Progress) -> wire.Upload:
    if upload.state is not UploadState.VERIFIED:
        progress(path, 0, upload.size)
        answer = calls.send("PUT", upload.url, data=lambda: _Body(path, upload.size, progress))
        upload = model(wire.Upload, answer)
    progress(path, upload.size, upload.size)
    return upload


def _known(upload: wire.Upload, failure: wire.Failure) -> wire.Problem:
    """As the service answered when the picture came the first time."""
    return wire.Problem(
        type="/problems/picture-refused",
        title="This picture cannot be used",
        status=422,
        detail=failure.text,
        instance=upload.url,
        code="PICTURE_REFUSED",
        retryable=False,
        trace_id="",
    )


class _Body:
    """A file that tells how far it was read; its length is what was announced."""

    def __init__(self, path: Path, size: int, progress: Progress) -> None:
        self._path, self._size, self._progress = path, size, progress
        self._file, self._read = path.open("rb"), 0

    def __len__(self) -> int:
        return self._size

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(_PIECE if size < 0 else max(size, _PIECE))
        self._read += len(piece)
        if not piece:
            self._file.close()
        elif self._read < self._size:
            self._progress(self._path, self._read, self._size)
        return piece

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.read, b"")
