"""Pictures: announced, sent, described, removed; and the one-call form that does it all."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from apiflask import APIBlueprint
from flask import request

from jobs.documents import Job, Upload, new_id
from jobs.job import OPEN_FOR_PICTURES, NotAllowed, State, UploadState
from jobs.methods import Method
from services.upload import answers, arriving, pictures, receiving, submission, wire
from services.upload.bodies import Held
from services.upload.idempotency import form, idempotent, key
from services.upload.job_views import create
from services.upload.parts import owned, owned_upload, the
from services.upload.problems import Problem

api = APIBlueprint("uploads", __name__)
# of the form, where it leaves them open
_FIELDS = {"name": "Sheet", "subject": "sks", "classWord": "thing", "method": Method.DREAMBOOTH}


@api.post("/v1/jobs/<job_id>/uploads")
@api.input(wire.NewUploads, location="json", arg_name="announced")
@api.output(wire.Uploads, status_code=201)
@api.doc(operation_id="registerUploads", summary="Announce pictures; each answer says where its bytes go")
def register_uploads(job_id: str, announced: wire.NewUploads) -> Any:
    job = owned(job_id)
    uploads = receiving.register(the(), job, announced.uploads)
    return wire.Uploads(uploads=[answers.upload(job, upload, uploads) for upload in uploads])


@api.get("/v1/jobs/<job_id>/uploads/<upload_id>")
@api.output(wire.Upload)
@api.doc(operation_id="readUpload", summary="One picture, and which others of the job look like it")
def read_upload(job_id: str, upload_id: str) -> Any:
    job, upload, _ = owned_upload(job_id, upload_id)
    if upload.state is UploadState.REMOVED:
        raise Problem("not-found", f"{upload.file_name} was removed from this job.")
    return _told(job, upload)


@api.put("/v1/jobs/<job_id>/uploads/<upload_id>")
@api.output(wire.Upload)
@api.doc(operation_id="putPicture", summary="The bytes of one picture; may be repeated")
def put_picture(job_id: str, upload_id: str) -> Any:
    job, upload, version = owned_upload(job_id, upload_id)
    with arriving.picture(upload.size) as raw:
        upload = receiving.receive(the(), job, upload, raw, version)
    return answers.upload(job, upload)  # what looks like it is told to who reads it: here that would be the dearest part after the decode


@api.patch("/v1/jobs/<job_id>/uploads/<upload_id>")
@api.input(wire.UploadChange, location="json", arg_name="change")
@api.output(wire.Upload)
@api.doc(operation_id="describeUpload", summary="Say in words what a picture shows, as long as its job takes pictures")
def describe_upload(job_id: str, upload_id: str, change: wire.UploadChange) -> Any:
    job, upload, _ = owned_upload(job_id, upload_id)
    if job.state not in OPEN_FOR_PICTURES:
        raise NotAllowed(job.id, job.state, State.UPLOADING)
    if upload.state not in receiving.LIVE:
        raise Problem("picture-removed", f"{upload.file_name} is not among the pictures of this job.")
    return _told(job, the().uploads.describe(upload, change.caption))


@api.delete("/v1/jobs/<job_id>/uploads/<upload_id>")
@api.output({}, status_code=204)
@api.doc(operation_id="removeUpload", summary="Leave a picture out and forget its bytes")
def remove_upload(job_id: str, upload_id: str) -> Any:
    job, upload, _ = owned_upload(job_id, upload_id)
    receiving.remove(the(), job, upload)
    return ""


def _told(job: Job, upload: Upload) -> wire.Upload:
    return answers.upload(job, upload, the().uploads.of_job(job.id))


@api.post("/upload")
@arriving.held_form
@idempotent(form, required=False)
@api.output(wire.Accepted, status_code=202)
@api.doc(operation_id="uploadForm", summary="A whole job in one form: 5 to 20 pictures, 30 MiB in all")
def upload_form() -> Any:
    given = {name: request.form[name] for name in _FIELDS if request.form.get(name)}
    asked = wire.NewJob.model_validate({**_FIELDS, **given, "consent": True})  # whoever sends the whole job at once says so by sending it
    with ExitStack() as held:
        sent = _sent(held)
        looked = _looked_at(held, sent)
        job = create(asked, key() or new_id())
        announced = [wire.NewUpload(file_name=name, size=raw.size, crc32c=raw.crc32c, content_type="image/*") for name, raw in sent]
        kept = zip(announced, sent, looked, strict=True)
        found = {(item.file_name, item.crc32c): (raw, picture) for item, (_, raw), picture in kept}
        for upload in receiving.register(the(), job, announced):
            pending = upload.state is UploadState.PENDING
            receiving.usable(the(), receiving.keep(the(), upload, *found[upload.file_name, upload.crc32c]) if pending else upload)
    submission.submit(the(), job)
    return wire.Accepted(message=f"{len(sent)} pictures are here; training starts.", job_id=job.id)


def _sent(held: ExitStack) -> Sequence[tuple[str, Held]]:
    settings, files = the().settings, request.files.getlist("images")
    if not settings.min_pictures <= len(files) <= settings.max_pictures:
        slug = "too-many-pictures" if len(files) > settings.max_pictures else "too-few-pictures"
        raise Problem(slug, f"{len(files)} pictures under `images`; send {settings.min_pictures} to {settings.max_pictures}.")
    names = [wire.printable(file.filename or "") or f"picture {number + 1}" for number, file in enumerate(files)]
    return [(name, held.enter_context(arriving.part(file))) for name, file in zip(names, files, strict=True)]


def _looked_at(held: ExitStack, sent: Sequence[tuple[str, Held]]) -> Sequence[pictures.Picture]:
    """Before anything is written: the form is taken whole or not at all."""
    looked, errors = [], []
    for name, raw in sent:
        held.enter_context(arriving.room(arriving.clean_room()))
        try:
            looked.append(held.enter_context(receiving.inspect(the(), raw, name)))
        except pictures.NotUsable as error:
            errors.append({"fileName": name, "code": error.code, "detail": str(error)})
    if errors:
        raise Problem("picture-refused", errors[0]["detail"], errors=errors)
    return looked
