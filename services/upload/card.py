"""The card of a model: what it is, where it comes from, how good it is, what it may be used for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobs import names
from jobs.documents import Job
from services.upload.weights import File

_LIMITS = """It has learnt one subject from a few pictures. It draws that subject best in settings like those it was shown; it may change
details, mix the subject with others of its kind, and repeat a background that many of the pictures share. What the base model does
badly (hands, writing, crowds), and what it has taken over from the pictures it was trained on, it does as before."""
_ADAPTERS = """What was learnt also lies alone in `adapters`, to be laid over the base model: `kohya_lora_weights.safetensors` for ComfyUI
and most other tools, `pytorch_lora_weights.safetensors` for diffusers: `pipeline.load_lora_weights("FOLDER/adapters")`."""
_USE = """These weights are a derivative of the base model: its licence holds for them too, with its restrictions on use, and must be
passed on with them. Models of the Stable Diffusion 1 family come under CreativeML Open RAIL-M. The rights in the training pictures
stay with whoever holds them; whoever shares the weights, or pictures drawn with them, needs their leave, and that of any person shown."""


def text(job: Job, figures: Mapping[str, Any], files: Sequence[File], adapters: Sequence[File]) -> str:
    sections = {
        "What it is": _what(job),
        "How it was trained": _training(job, figures),
        "How good it is": _quality(job),
        "Files": _files(files, adapters),
        "Limits": _LIMITS,
        "Licence and use": _USE,
    }
    body = "\n\n".join(f"## {title}\n\n{section}" for title, section in sections.items())
    return f"{_front(job)}\n# {_plain(job.name)}\n\n{body}\n"


def _front(job: Job) -> str:
    return f"""---
library_name: diffusers
pipeline_tag: text-to-image
tags: [stable-diffusion, {job.method}]
---"""


def _what(job: Job) -> str:
    prompt = names.prompt(job.subject, job.class_word)
    return f"A text-to-image model that knows one subject, a {job.class_word}, by the word `{job.subject}`. Try `{prompt}`."


def _training(job: Job, figures: Mapping[str, Any]) -> str:
    facts = {
        "Method": job.method,
        "Pictures": job.pictures,
        "Steps": _steps(job, figures.get("steps")),
        "Loss": _from_to(figures.get("loss_first"), figures.get("loss_last")),
        "Base model": _code(job.result.base),
        "Job": f"`{job.id}`, attempt {job.attempt}",
        "Pipeline run": _code(job.pipeline),
        "Registered as": _code(job.result.model),
        "Trained": f"{job.finished:%Y-%m-%d}" if job.finished else None,
    }
    return "\n".join(f"- {name}: {value}" for name, value in facts.items() if value)


def _steps(job: Job, done: Any) -> str | None:
    stopped = f" of {job.steps}, then stopped on request" if job.finishing and done != job.steps else ""
    return f"{done}{stopped}" if done else None


def _quality(job: Job) -> str:
    likeness = _from_to(job.result.likeness_before, job.result.likeness_after)
    if likeness is None:
        return "Not measured: the base model brings no network that could tell likeness."
    return f"Likeness of what it draws to the training pictures (mean cosine of features, 1 is the same): {likeness} by training."


def _files(files: Sequence[File], adapters: Sequence[File]) -> str:
    rows: Iterator[str] = (f"| `{file.name}` | {file.size} | `{file.crc32c}` |" for file in (*files, *adapters))
    load = "All weights are safetensors: loading them runs no code. Keep the folders as they are named here, then load with\n"
    code = '`diffusers.StableDiffusionPipeline.from_pretrained("FOLDER")`.'
    return "\n".join(["| file | bytes | crc32c |", "|---|---|---|", *rows, "", load + code, *(["", _ADAPTERS] if adapters else [])])


def _from_to(first: Any, last: Any) -> str | None:
    known = isinstance(first, int | float) and isinstance(last, int | float)
    return f"{first:.4g} to {last:.4g}" if known else None


def _code(text: str) -> str | None:
    return f"`{text}`" if text else None


def _plain(name: str) -> str:
    """A name is the designer's own text: it must not become Markdown of ours."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+-.!|" else char for char in name)
