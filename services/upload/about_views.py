"""Who is asking, what this service allows, and whether it is well."""

from contextlib import suppress
from typing import Any

from apiflask import APIBlueprint

from jobs.store import UnknownJob
from services.upload import decode, wire
from services.upload.job_views import open_jobs
from services.upload.parts import caller, the

api = APIBlueprint("about", __name__)
MAX_PRINTS = 4
_NOBODY = "0" * 26


@api.get("/v1/me")
@api.output(wire.Me)
@api.doc(operation_id="readMe", summary="The caller, and how many jobs they have open")
def read_me() -> Any:
    return wire.Me(id=caller().id, email=caller().email, open_jobs=open_jobs(), max_open_jobs=the().settings.max_open_jobs)


@api.get("/v1/config")
@api.output(wire.Config)
@api.doc(operation_id="readConfig", summary="Limits, presets and prompts")
def read_config() -> Any:
    settings = the().settings
    limits = wire.Limits(
        min_pictures=settings.min_pictures,
        max_pictures=settings.max_pictures,
        max_picture_bytes=settings.max_picture_bytes,
        min_side=decode.MIN_SIDE,
        max_side=decode.MAX_SIDE,
        good_side=settings.picture_size,
        max_open_jobs=settings.max_open_jobs,
        max_prints=MAX_PRINTS,
        content_types=list(wire.CONTENT_TYPES),
    )
    preset = wire.Preset(method="dreambooth", label="DreamBooth", steps=settings.training_steps, resolution=settings.picture_size)
    hints = [
        "a photo of a {subject} {classWord}",
        "a photo of a {subject} {classWord} in the snow",
        "a photo of a {subject} {classWord} on a wooden table, studio light",
        "a painting of {subject} {classWord}",
    ]
    prompts = wire.Prompts(
        train="a photo of a {subject} {classWord}", hints=hints, steps=settings.sampling_steps, guidance=settings.guidance
    )
    return wire.Config(limits=limits, presets=[preset], prompts=prompts, subject="sks")


@api.get("/healthz")
@api.doc(operation_id="readHealth", summary="The process answers")
def read_health() -> Any:
    return {"status": "ok"}


@api.get("/readyz")
@api.doc(operation_id="readReadiness", summary="The documents and both buckets answer")
def read_readiness() -> Any:
    parts = the()
    with suppress(UnknownJob):
        parts.jobs.get(_NOBODY)
    parts.pictures.answers()
    parts.models.answers()
    return {"status": "ok"}
