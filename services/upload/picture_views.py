"""Every picture of a job by one route: never a link into a bucket, always image/png, always after the owner was checked."""

import io
import re
from typing import Any

from apiflask import APIBlueprint
from flask import Response
from PIL import Image
from pydantic import Field

from jobs import names
from jobs.documents import Job
from services.upload import wire
from services.upload.bucket import Bucket, NoObject
from services.upload.parts import Parts, owned, the
from services.upload.problems import Problem

api = APIBlueprint("pictures", __name__, url_prefix="/v1/jobs/<job_id>/pictures")
_UPLOAD = re.compile(r"uploads/([0-9a-z]{26})")
_SAMPLE = re.compile(r"samples/(\d{1,4})")
_GENERATION = re.compile(r"generations/([0-9a-z]{26})/(\d)")


class PictureQuery(wire.Wire):
    """`width` asks for a smaller copy, `attempt` only keeps the copies of browsers apart."""

    width: int | None = Field(None, ge=32, le=2048)
    attempt: int | None = None


@api.get("/<path:picture>")
@api.input(PictureQuery, location="query", arg_name="query")
@api.doc(
    operation_id="readPicture",
    summary="uploads/ID, samples/N, before, after or generations/ID/N as image/png",
    responses={200: "the picture"},
)
def read_picture(job_id: str, picture: str, query: PictureQuery) -> Any:
    bucket, name = _place(the(), owned(job_id), picture)
    try:
        png = bucket.read(name)
    except NoObject:
        raise Problem("not-found", f"This job's picture {picture} is not there any more.") from None
    if query.width:
        png = _smaller(png, query.width)
    return Response(png, content_type="image/png", headers={"Cache-Control": "private, max-age=86400, immutable"})


def _place(parts: Parts, job: Job, picture: str) -> tuple[Bucket, str]:
    if found := _UPLOAD.fullmatch(picture):
        return parts.pictures, names.clean(job.id, found.group(1))
    if found := _GENERATION.fullmatch(picture):
        return parts.models, names.generation(job.id, found.group(1), int(found.group(2)))
    uri = _written(job, picture)
    for bucket in (parts.models, parts.pictures):
        if uri.startswith(f"gs://{bucket.name}/"):
            return bucket, uri.removeprefix(f"gs://{bucket.name}/")
    raise Problem("not-found", f"This job has no picture {picture}.")


def _written(job: Job, picture: str) -> str:
    """Where the pipeline says that it left this one."""
    found = _SAMPLE.fullmatch(picture)
    if found:
        number = int(found.group(1))
        return job.progress.samples[number] if number < len(job.progress.samples) else ""
    return {"before": job.result.before, "after": job.result.after}.get(picture, "")


def _smaller(png: bytes, width: int) -> bytes:
    """Our own PNG, which needs no child process."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        if image.width <= width:
            return png
        small = image.convert("RGB")
    small.thumbnail((width, width * 4), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "PNG", compress_level=4)
    return out.getvalue()
