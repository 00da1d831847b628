"""Files of gigabytes, from the store itself by links that soon end: what broke off goes on where it stopped."""

from collections.abc import Callable
from pathlib import Path

import google_crc32c
import requests

from services.upload import wire
from services.upload.client.calls import SILENT, Calls
from services.upload.identifiers import checksum

# of a file: its name, bytes here, bytes in all
Told = Callable[[str, int, int], None]
_PIECE = 2**20
_LINKS = 8


class Damaged(Exception):
    """What came is not what the service has."""


def fetch(calls: Calls, file: wire.WeightsFile, folder: Path, told: Told) -> Path:
    """Raises Damaged, and as Calls does."""
    path = folder / file.name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise Damaged(f"{file.name} would lie outside of {folder}")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not _is_whole(path, file):
        part = path.with_name(f"{path.name}.part")
        _pour_all(calls, file, part, told)
        if not _is_whole(part, file):
            part.unlink()
            raise Damaged(f"{file.name} came otherwise than it is stored. Download it again.")
        part.replace(path)
    told(file.name, file.size, file.size)
    return path


def _pour_all(calls: Calls, file: wire.WeightsFile, part: Path, told: Told) -> None:
    """A link that ended, or broke off, is followed by another, as long as each brings something."""
    for links in range(_LINKS):
        before = _size(part)
        link = calls.send("GET", file.url, may_lead=True).headers["Location"]
        try:
            return _pour(calls.session, link, file, part, told)
        except (*SILENT, requests.HTTPError):
            if links == _LINKS - 1 or (links and _size(part) <= before):
                raise
    return None


def _pour(session: requests.Session, link: str, file: wire.WeightsFile, part: Path, told: Told) -> None:
    there = _size(part)
    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={there}-"} if there else {})}
    with session.get(link, headers=headers, stream=True, timeout=(10.0, 60.0)) as answer:
        if there and answer.status_code == 416:
            return
        answer.raise_for_status()
        there = there if answer.status_code == 206 else 0
        with part.open("ab" if there else "wb") as out:
            for piece in answer.iter_content(_PIECE):
                out.write(piece)
                there += len(piece)
                told(file.name, there, file.size)
    if there < file.size:
        raise requests.ConnectionError(f"{file.name} broke off at {there} of {file.size} bytes")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _is_whole(path: Path, file: wire.WeightsFile) -> bool:
    if _size(path) != file.size or not path.exists():
        return False
    crc = 0
    with path.open("rb") as stored:
        while piece := stored.read(_PIECE):
            crc = google_crc32c.extend(crc, piece)
    return checksum(crc) == file.crc32c
