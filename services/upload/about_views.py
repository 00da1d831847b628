"""Who is asking, what this service allows, and whether it is well."""

from contextlib import suppress
from typing import Any

from apiflask import APIBlueprint

from jobs.documents import PICTURES_KEPT
from jobs.methods import Method
from jobs.presets import PresetId
from jobs.settings import UploadSettings
from jobs.store import UnknownJob
from services.upload import decode, quota, wire
from services.upload.parts import caller, the

api = APIBlueprint("about", __name__)
MAX_PRINTS = 4
_NOBODY = "0" * 26
_TRAIN = "a photo of a {subject} {classWord}"
_HINTS = (
    _TRAIN,
    "a photo of a {subject} {classWord} in the snow",
    "a photo of a {subject} {classWord} on a wooden table, studio light",
    "a painting of {subject} {classWord}",
)


@api.get("/v1/me")
@api.output(wire.Me)
@api.doc(operation_id="readMe", summary="The caller, the jobs they have open, and what is left of their day")
def read_me() -> Any:
    parts, user = the(), caller()
    return wire.Me(
        id=user.id,
        email=user.email,
        open_jobs=parts.jobs.open(user.id),
        max_open_jobs=parts.settings.max_open_jobs,
        quota=quota.of(parts, user.id),
    )


@api.get("/v1/config")
@api.output(wire.Config)
@api.doc(operation_id="readConfig", summary="Limits, presets, prompts, prices, and whether new jobs are taken")
def read_config() -> Any:
    settings, closed = the().settings, the().door.closed()
    return wire.Config(
        limits=_limits(settings),
        presets=_presets(settings),
        prompts=wire.Prompts(train=_TRAIN, hints=list(_HINTS), steps=settings.sampling_steps, guidance=settings.guidance),
        prices=wire.Prices(
            training=settings.training_price, serving=settings.serving_price, currency=settings.currency, as_of=settings.priced
        ),
        subject="sks",
        intake_open=not closed,
        intake_reason=closed,
    )


def _presets(settings: UploadSettings) -> list[wire.Preset]:
    return [
        wire.Preset(id=preset, method=method, steps=preset.steps(settings.training_steps), resolution=settings.picture_size)
        for method in Method
        for preset in PresetId
    ]


def _limits(settings: UploadSettings) -> wire.Limits:
    return wire.Limits(
        min_pictures=settings.min_pictures,
        max_pictures=settings.max_pictures,
        max_picture_bytes=settings.max_picture_bytes,
        min_side=decode.MIN_SIDE,
        max_side=decode.MAX_SIDE,
        good_side=settings.picture_size,
        max_open_jobs=settings.max_open_jobs,
        max_prints=MAX_PRINTS,
        content_types=list(wire.CONTENT_TYPES),
        picture_days=PICTURES_KEPT.days,
    )


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
