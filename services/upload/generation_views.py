"""Prints: pictures asked of a ready model."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from apiflask import APIBlueprint
from flask import request

from jobs import names
from jobs.documents import Generation, Job, new_id
from jobs.job import State
from jobs.log import log
from services.upload import answers, wire
from services.upload.identifiers import derived
from services.upload.parts import Parts, caller, owned, the
from services.upload.problems import Problem

api = APIBlueprint("generations", __name__, url_prefix="/v1/jobs/<job_id>/generations")


@api.post("")
@api.input(wire.NewGeneration, location="json", arg_name="asked")
@api.output(wire.Generation, status_code=201)
@api.doc(operation_id="generate", summary="Up to four pictures of a prompt; with an Idempotency-Key, a repeat answers like the first call")
def generate(job_id: str, asked: wire.NewGeneration) -> Any:
    job, parts = owned(job_id), the()
    key = request.headers.get("Idempotency-Key") or new_id()
    generation_id = derived("generation", caller().id, job.id, key)
    made = parts.generations.get(generation_id)
    if made is None:
        if job.state is not State.READY:
            raise Problem("not-ready", f"This job is {job.state}. Pictures can be made once it is ready.")
        made = _make(parts, job, generation_id, asked)
    if made.prompt != asked.prompt:
        raise Problem("key-reused", "This Idempotency-Key belongs to another prompt. Use a new key for new pictures.")
    return answers.generation(job, made)


def _make(parts: Parts, job: Job, generation_id: str, asked: wire.NewGeneration) -> Generation:
    seed = secrets.randbelow(2**31 - asked.count) if asked.seed is None else asked.seed
    generation = Generation(
        id=generation_id,
        job_id=job.id,
        owner=job.owner,
        prompt=asked.prompt,
        negative_prompt=asked.negative_prompt,
        seed=seed,
        steps=asked.steps or parts.settings.sampling_steps,
        guidance=parts.settings.guidance if asked.guidance is None else asked.guidance,
        pictures=tuple(f"gs://{parts.models.name}/{names.generation(job.id, generation_id, number)}" for number in range(asked.count)),
    )
    _store(parts, generation)
    parts.jobs.touch(job, timedelta(hours=parts.settings.idle_hours))
    parts.generations.keep(generation)
    log("pictures generated", job_id=job.id, generationId=generation_id, count=asked.count, steps=generation.steps)
    return generation


def _store(parts: Parts, generation: Generation) -> None:
    """One call a picture: an answer of Vertex AI holds 1.5 MB."""
    for number in range(len(generation.pictures)):
        instance = {
            "prompt": generation.prompt,
            "negative_prompt": generation.negative_prompt,
            "seed": generation.seed + number,
            "steps": generation.steps,
            "guidance": generation.guidance,
        }
        made = parts.predict(generation.job_id, instance)
        parts.models.write(names.generation(generation.job_id, generation.id, number), made.png, "image/png")


@api.get("")
@api.output(wire.GenerationList)
@api.doc(operation_id="listGenerations", summary="A job's generated pictures, newest first")
def list_generations(job_id: str) -> Any:
    job = owned(job_id)
    made: Sequence[Generation] = the().generations.of_job(job.id)
    return wire.GenerationList(generations=[answers.generation(job, each) for each in made])
