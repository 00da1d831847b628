"""An example of everything that goes over the wire: one designer's cat, told by the functions that tell real jobs."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from jobs.account import Erasure, Scope
from jobs.documents import Event, Job, Progress, Result, Upload
from jobs.job import State, UploadState
from jobs.library import Generation, GenerationState
from jobs.methods import Method
from jobs.presets import PresetId
from services.upload import answers, erasing, library, wire
from services.upload.weights import FORMATS

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
JOB_ID, UPLOAD_ID = "06fm3t8w2c9k5n1x7q4zr0hdvj", "0b1s7kq4e9w2m5x8tz3c6nvhdr"
GENERATION_ID, RECEIPT_ID = "1c4y8dn2w6r9k3q7x5tz0mhvbs", "2d7z5fp9e3s6m1w4k8qx0thvcr"
IDS = {"job_id": JOB_ID, "model_id": JOB_ID, "upload_id": UPLOAD_ID, "generation_id": GENERATION_ID, "receipt_id": RECEIPT_ID}
_FILE = "unet/diffusion_pytorch_model.safetensors"
# of path parameters that are no ids
PLACES: Mapping[str, Any] = {"picture": f"uploads/{UPLOAD_ID}", "file": _FILE, "number": 1, "slug": "not-found"}

_AT = datetime(2025, 3, 2, 9, 30, tzinfo=UTC)
_LATER = _AT + timedelta(minutes=41)
_OWNER, _RUN = "accounts.google.com:104118219182712", f"gs://models/runs/{JOB_ID}/1"
_DRAFT = Job(
    *(JOB_ID, _OWNER, "Ginger cat", "sks", "cat", Method.LORA), created=_AT, updated=_AT, consented=_AT, steps=800, state=State.UPLOADING
)
_READY = Job(
    **{name: getattr(_DRAFT, name) for name in ("id", "owner", "name", "subject", "class_word", "method", "created")},
    state=State.READY,
    pictures=5,
    steps=800,
    consented=_AT,
    updated=_LATER,
    deadline=_LATER + timedelta(hours=2),
    submitted=_AT,
    finished=_LATER,
    pipeline="projects/p/locations/us-central1/pipelineJobs/run",
    progress=Progress(
        *("training", 800, 800, 0.11, 0.0, (f"{_RUN}/samples/0400.png", f"{_RUN}/samples/0800.png")),
        loss_steps=(200, 400, 800),
        losses=(0.19, 0.14, 0.11),
    ),
    result=Result(
        model="projects/p/locations/us-central1/models/m@1",
        base="gs://base/stable-diffusion-v1-5",
        endpoint=f"sd-{JOB_ID}",
        before=f"{_RUN}/before.png",
        after=f"{_RUN}/after.png",
        likeness_before=0.31,
        likeness_after=0.84,
    ),
)
_UPLOAD = Upload(
    *(UPLOAD_ID, JOB_ID, _OWNER, "one.png", "image/png", 243, "UaXVHg==", UploadState.VERIFIED, 96, 80, "ffd8b1c3a0005e7f"),
    caption="on the sofa",
)
_MADE = Generation(
    *(GENERATION_ID, JOB_ID, _OWNER, "a photo of a sks cat in the snow", "blurry", 7, 30, 7.5, 2),
    state=GenerationState.DRAWING,
    pictures=(f"gs://models/generations/{JOB_ID}/{GENERATION_ID}/0.png",),
    favourites=(0,),
    created=_LATER,
)
_EVENTS = (Event(State.DRAFT, 1, _AT, "upload"), Event(State.UPLOADING, 1, _AT, "upload"))
_ERASURE = Erasure(
    *(RECEIPT_ID, JOB_ID, _OWNER, Scope.JOB, _LATER, _LATER + timedelta(minutes=1)),
    removed=(f"gs://uploads/clean/{JOB_ID}/{UPLOAD_ID}.png", f"firestore:jobs/{JOB_ID}"),
    kept=("gs://uploads: deleted objects can be restored for 7 days",),
)
_PRICE = wire.Money(low=0.12, high=0.55, currency="USD", as_of="2025-03-01")


def _deployment() -> wire.Deployment:
    return wire.Deployment(state="awake", since=_LATER, until=_READY.deadline, hourly_price=0.71, currency="USD", failure=None)


def _model() -> wire.Model:
    told = answers.job(_READY, ())
    shared = {name: getattr(told, name) for name in ("id", "name", "subject", "class_word", "method", "prompt")}
    covers = [answers.picture_url(_READY, "after")]
    return wire.Model(**shared, created=_LATER, versions=1, generations=1, deployment=_deployment(), covers=covers)


def _quota() -> wire.Quota:
    used = (wire.Allowance(used=5, limit=500), wire.Allowance(used=8_123_456, limit=4 * 2**30), wire.Allowance(used=47, limit=720))
    return wire.Quota(pictures=used[0], bytes=used[1], gpu_minutes=used[2], resets=datetime(2025, 3, 3, tzinfo=UTC))


def _config() -> wire.Config:
    sizes = {"max_picture_bytes": 25 * 2**20, "min_side": 32, "max_side": 12000, "good_side": 512}
    counts = {"min_pictures": 5, "max_pictures": 20, "max_open_jobs": 3, "max_prints": 4, "picture_days": 30}
    return wire.Config(
        limits=wire.Limits(**sizes, **counts, content_types=list(wire.CONTENT_TYPES)),
        presets=[
            wire.Preset(id=preset, method=method, steps=preset.steps(800), resolution=512) for method in Method for preset in PresetId
        ],
        prompts=wire.Prompts(
            train="a photo of a {subject} {classWord}", hints=["a painting of {subject} {classWord}"], steps=30, guidance=7.5
        ),
        prices=wire.Prices(training=0.71, serving=0.71, currency="USD", as_of="2025-03-01"),
        subject="sks",
        intake_open=True,
        intake_reason="",
    )


def _all() -> list[wire.Wire]:
    job, upload, generation = answers.job(_READY, ()), answers.upload(_DRAFT, _UPLOAD), answers.generation(_READY, _MADE)
    version = library.answer_version(_READY)
    file = wire.WeightsFile(name=_FILE, size=1_719_327_893, crc32c="yZRlqg==", url=f"{version.weights}/{_FILE}")
    alone = "adapters/kohya_lora_weights.safetensors"
    adapter = wire.Adapter(name=alone, size=13_294_480, crc32c="M5pCVg==", url=f"{version.weights}/{alone}", format=FORMATS[alone])
    receipt = erasing.receipt(_ERASURE)
    return [
        wire.NewJob(name="Ginger cat", subject="sks", class_word="cat", method=Method.LORA, preset=PresetId.STANDARD, consent=True),
        wire.JobChange(name="Ginger cat, younger"),
        wire.NewUploads(uploads=[wire.NewUpload(file_name="one.png", size=_UPLOAD.size, crc32c=_UPLOAD.crc32c, content_type="image/png")]),
        wire.UploadChange(caption="on the sofa"),
        wire.NewGeneration.model_validate({"prompt": _MADE.prompt, "negativePrompt": _MADE.negative_prompt, "seed": 7, "count": 2}),
        wire.NewWebhook(url="https://example.com/hooks/training"),
        wire.Webhook(url="https://example.com/hooks/training", created=_AT, secret="whsec_EXAMPLE"),  # noqa: S106
        wire.Me(id=_OWNER, email="ada@example.com", open_jobs=1, max_open_jobs=3, quota=_quota()),
        _config(),
        answers.detail(_DRAFT, [_UPLOAD], _EVENTS),
        wire.JobList(jobs=[job], next_cursor=None),
        wire.Estimate(low_seconds=620.0, high_seconds=2780.0, basis="config", jobs=2, gpu_minutes=47, price=_PRICE),
        upload,
        wire.Uploads(uploads=[upload]),
        wire.Accepted(message="5 pictures are here; training starts.", job_id=JOB_ID),
        _model(),
        wire.ModelList(models=[_model()], next_cursor=None),
        version,
        wire.VersionList(versions=[version]),
        wire.Weights(files=[file], adapters=[adapter], minutes=10),
        _deployment(),
        generation,
        wire.GenerationList(generations=[generation], next_cursor=None),
        receipt,
        wire.ReceiptList(receipts=[receipt]),
    ]


def by_model() -> Mapping[str, Any]:
    """As JSON, by the name of its model; what nobody sets is left out of what is sent."""
    return {type(each).__name__: each.model_dump(mode="json", by_alias=True, exclude_unset=_sent(each)) for each in _all()}


def _sent(example: wire.Wire) -> bool:
    return type(example).__name__.startswith("New") or isinstance(example, wire.JobChange)
