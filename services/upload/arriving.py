"""Bodies of requests as they arrive: piece by piece into memory that the budget has room for, never whole in the heap."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import IO, Any

import flask
from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import ClientDisconnected

from services.upload.bodies import Budget, Full, Held
from services.upload.parts import the
from services.upload.problems import Problem

# Of one process, for pictures as they came and their clean copies. A Cloud Run instance has three GiB, of which two children may take one.
ROOM = Budget(192 * 2**20, patience_s=5.0)
FORM_BYTES = 30 * 2**20
SOON = {"Retry-After": "2"}
# the server below copies what it has read ahead for each piece that is taken of it
_PIECE = 2**20
_FILES = "services.upload.files"
# a sender who pauses longer than this, or is slower than this on the whole, keeps others out
_STALL_S, _SLOWEST = 10.0, 16 * 1024


class Request(flask.Request):
    """Files of a form are held as pictures are."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        stream = os.fdopen(os.memfd_create("form", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "w+b")
        self.environ.setdefault(_FILES, []).append(stream)
        return stream

    def close(self) -> None:
        super().close()
        for stream in self.environ.get(_FILES, ()):  # of a form that was cut off, nobody else knows them
            stream.close()


@contextmanager
def room(size: int) -> Iterator[None]:
    """Raises Problem."""
    try:
        with ROOM.hold(size):
            yield
    except Full as error:
        raise Problem(
            "busy", "More pictures arrive at once than there is room for. Send this one again in a moment.", headers=SOON
        ) from error


def clean_room() -> int:
    """The most that a clean copy takes (decode.kept): PNG never grows what it cannot shrink by more than this hundredth."""
    side = 2 * the().settings.picture_size
    return side * side * 3 * 101 // 100


@contextmanager
def picture(size: int) -> Iterator[Held]:
    """The body of a PUT, as long as it says and as was announced. A server hands on a body that was cut off as if it were all, so lengths
    are compared before anything is done with it. Raises Problem."""
    length = request.content_length
    if length is None:
        raise Problem("length-required", "Send a Content-Length header.")
    if length > the().settings.max_picture_bytes:
        raise Problem("too-large", f"{length} bytes; {the().settings.max_picture_bytes} are the most for one picture.")
    if length != size:
        raise Problem("size-mismatch", f"{size} bytes were announced; Content-Length says {length}.")
    request.max_content_length = length
    with room(length + clean_room()), Held() as held:
        _take(held, length)
        held.seal()
        yield held


def _take(held: Held, length: int) -> None:
    began = time.monotonic()
    with _patience():
        while held.size < length and held.write(request.stream.read(min(_PIECE, length - held.size))):
            if time.monotonic() - began > _STALL_S + held.size / _SLOWEST:
                break
    if held.size < length:
        _hang_up()
        raise Problem("cut-short", f"{length} bytes were announced; {held.size} came. Send it again.")


@contextmanager
def _patience() -> Iterator[None]:
    """Reading the body ends when its sender pauses for too long or goes away: whoever reads it sees that some of it is missing."""
    connection = request.environ.get("gunicorn.socket")
    try:
        if connection:
            connection.settimeout(_STALL_S)
        yield
    except (ClientDisconnected, OSError):
        pass
    finally:
        if connection:
            connection.settimeout(None)


def _hang_up() -> None:
    """The server would wait for the rest of the body before it reads the next request."""
    connection = request.environ.get("gunicorn.socket")
    with suppress(OSError):
        if connection:
            connection.shutdown(socket.SHUT_RD)


def held_form(view: Any) -> Any:
    """Of a route that takes a form: there is room for it, and it is read only as far as it may be large."""

    @wraps(view)
    def admitted(*args: Any, **kwargs: Any) -> Any:
        length = request.content_length
        if length is None:
            raise Problem("length-required", "Send a Content-Length header.")
        if length > FORM_BYTES:
            raise Problem("too-large", f"{length} bytes; a form takes {FORM_BYTES // 2**20} MiB. Send the pictures one by one instead.")
        request.max_content_length = FORM_BYTES
        with room(length):
            _parse(length)
            return view(*args, **kwargs)

    return admitted


def _parse(length: int) -> None:
    with _patience():
        if request.files is not None:
            return
    _hang_up()
    raise Problem("cut-short", f"{length} bytes were announced, and not all of them came. Send them again.")


def part(file: FileStorage) -> Held:
    """A file of a form, which is the caller's to close."""
    file.stream.flush()
    held = Held(os.dup(file.stream.fileno()))
    held.made(os.fstat(held.fd).st_size)
    return held
