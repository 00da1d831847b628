"""Pictures: announced, sent, removed; and the one-call form that does it all."""

from collections.abc import Sequence
from typing import Any

from apiflask import APIBlueprint
from flask import request
from werkzeug.datastructures import FileStorage

from jobs.documents import new_id
from services.upload import answers, pictures, receiving, submission, wire
from services.upload.identifiers import crc32c
from services.upload.job_views import create
from services.upload.parts import owned, the
from services.upload.problems import Problem

api = APIBlueprint("uploads", __name__)
FORM_BYTES = 30 * 2**20


@api.post("/v1/jobs/<job_id>/uploads")
@api.input(wire.NewUploads, location="json", arg_name="announced")
@api.output(wire.Uploads, status_code=201)
@api.doc(operation_id="registerUploads", summary="Announce pictures; each answer says where its bytes go")
def register_uploads(job_id: str, announced: wire.NewUploads) -> Any:
    job = owned(job_id)
    uploads = receiving.register(the(), job, announced.uploads)
    return wire.Uploads(uploads=[answers.upload(job, upload) for upload in uploads])


@api.put("/v1/jobs/<job_id>/uploads/<upload_id>")
@api.output(wire.Upload)
@api.doc(operation_id="putPicture", summary="The bytes of one picture; may be repeated")
def put_picture(job_id: str, upload_id: str) -> Any:
    job = owned(job_id)
    upload = the().uploads.get(job.id, upload_id)
    return answers.upload(job, receiving.receive(the(), job, upload, _body(upload.size)))


def _body(size: int) -> bytes:
    """The whole body. A server hands on a body that was cut off as if it were all: so lengths are compared before anything is done."""
    announced = request.content_length
    if announced is None:
        raise Problem("length-required", "Send a Content-Length header.")
    if announced > the().settings.max_picture_bytes:
        raise Problem("too-large", f"{announced} bytes; {the().settings.max_picture_bytes} are the most for one picture.")
    if announced != size:
        raise Problem("size-mismatch", f"{size} bytes were announced; Content-Length says {announced}.")
    request.max_content_length = the().settings.max_picture_bytes
    return request.get_data(cache=False)


@api.delete("/v1/jobs/<job_id>/uploads/<upload_id>")
@api.output({}, status_code=204)
@api.doc(operation_id="removeUpload", summary="Leave a picture out and forget its bytes")
def remove_upload(job_id: str, upload_id: str) -> Any:
    job = owned(job_id)
    receiving.remove(the(), job, the().uploads.get(job.id, upload_id))
    return ""


@api.post("/upload")
@api.output(wire.Accepted, status_code=202)
@api.doc(operation_id="uploadForm", summary="A whole job in one form: 5 to 20 pictures, 30 MiB in all")
def upload_form() -> Any:
    request.max_content_length = FORM_BYTES
    files = request.files.getlist("images")
    asked = wire.NewJob(
        name=request.form.get("name") or "Sheet",
        subject=request.form.get("subject") or "sks",
        class_word=request.form.get("classWord") or "thing",
    )
    named = [(_name(file, number), file.read()) for number, file in enumerate(files)]
    _refuse_bad(named)
    job = create(asked, request.headers.get("Idempotency-Key") or new_id())
    announced = [wire.NewUpload(file_name=name, size=len(data), crc32c=crc32c(data), content_type="image/*") for name, data in named]
    bytes_of = {(item.file_name, item.crc32c): data for item, (_, data) in zip(announced, named, strict=True)}
    for upload in receiving.register(the(), job, announced):
        receiving.receive(the(), job, upload, bytes_of[upload.file_name, upload.crc32c])
    submission.submit(the(), job)
    return wire.Accepted(message=f"{len(named)} pictures are here; training starts.", job_id=job.id)


def _refuse_bad(named: Sequence[tuple[str, bytes]]) -> None:
    """Before anything is written: the form is taken whole or not at all."""
    settings = the().settings
    if not settings.min_pictures <= len(named) <= settings.max_pictures:
        slug = "too-many-pictures" if len(named) > settings.max_pictures else "too-few-pictures"
        raise Problem(slug, f"{len(named)} pictures under `images`; send {settings.min_pictures} to {settings.max_pictures}.")
    errors = []
    for name, data in named:
        try:
            pictures.check(data, name)
        except pictures.NotUsable as error:
            errors.append({"fileName": name, "code": error.code, "detail": str(error)})
    if errors:
        raise Problem("picture-refused", errors[0]["detail"], errors=errors)


def _name(file: FileStorage, number: int) -> str:
    return wire.printable(file.filename or "") or f"picture {number + 1}"
