"""The model to fine-tune: is it where the stack says, and is it a diffusers folder of safetensors."""

from collections.abc import Iterator

from images.trainer.base_files import MANIFEST
from scripts.doctor.finding import Finding, fail, ok
from scripts.doctor.google import Google, Unanswered
from scripts.doctor.stack import Stack

# what the trainer will not start without
FILES = (
    "model_index.json",
    "scheduler/scheduler_config.json",
    "text_encoder/model.safetensors",
    "tokenizer/tokenizer_config.json",
    "unet/diffusion_pytorch_model.safetensors",
    "vae/diffusion_pytorch_model.safetensors",
)
_FORBIDDEN, _NOT_FOUND = 403, 404


def base_model(stack: Stack, google: Google) -> Iterator[Finding]:
    source = stack.value("baseModel")
    try:
        there = _in_bucket(google, source) if source.startswith("gs://") else _in_folder(stack, source)
    except Unanswered as error:
        if error.status not in (_FORBIDDEN, _NOT_FOUND):
            raise
        bucket = source.removeprefix("gs://").partition("/")[0]
        yield fail(f"gs://{bucket} is not there, or may not be read", f"gcloud storage buckets describe gs://{bucket}")
        return
    missing = [name for name in FILES if name not in there and name.replace(".safetensors", ".fp16.safetensors") not in there]
    if missing:
        yield fail(f"{source} has no {', '.join(missing)}", f"make base-model MODEL=OWNER/NAME TO={source}")
    else:
        pinned = f"pinned by {MANIFEST}" if MANIFEST in there else f"pinned by nothing: it has no {MANIFEST}"
        yield ok(f"{source}, a diffusers folder of {len(there)} files, {pinned}")


def _in_folder(stack: Stack, source: str) -> set[str]:
    folder = stack.folder / source
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _in_bucket(google: Google, source: str) -> set[str]:
    bucket, _, path = source.removeprefix("gs://").partition("/")
    prefix = f"{path.rstrip('/')}/"
    # a base model has a few dozen files, far fewer than a page
    found = google.get(f"storage.googleapis.com/storage/v1/b/{bucket}/o", prefix=prefix, fields="items(name)")
    return {item["name"].removeprefix(prefix) for item in found.get("items", [])}
