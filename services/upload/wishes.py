"""Pictures asked of a tuned model: written down, and handed to whoever draws them."""

import secrets
from typing import TypeVar

from google.api_core.exceptions import GoogleAPICallError, RetryError

from jobs.documents import Job
from jobs.library import Generation, GenerationState
from jobs.log import log
from jobs.message import Wish
from services.upload import endpoints, wire
from services.upload.parts import Parts
from services.upload.problems import Problem

_SEEDS = 2**31
_PUBLISH_S = 10.0
T = TypeVar("T")


def ask(parts: Parts, job: Job, asked: wire.NewGeneration, generation_id: str) -> Generation:
    """`waiting`, and on its way to be drawn. The same id again is the same pictures. Raises Problem."""
    there = parts.generations.get(generation_id)
    if there is None:
        endpoints.need_awake(parts, job)
        there = parts.generations.open(_wanted(parts, job, asked, generation_id))
        endpoints.touch(parts, job)
    elif asked.prompt not in {None, there.prompt}:
        raise Problem("key-reused", "This Idempotency-Key belongs to pictures of another prompt. Use a new key for new pictures.")
    if there.state is GenerationState.WAITING:
        _hand_on(parts, there)
    return there


def _hand_on(parts: Parts, generation: Generation) -> None:
    """Before the caller hears of it: what is not handed on now nobody would draw."""
    wish = Wish(generation.id)
    try:
        sent = parts.publisher.publish(parts.settings.generations_topic, wish.data(), timeout=_PUBLISH_S, **wish.attributes())
        sent.result(timeout=_PUBLISH_S)
    except (GoogleAPICallError, RetryError, TimeoutError) as error:
        log("wish not published", severity="ERROR", job_id=generation.job_id, generationId=generation.id, error=repr(error))
        parts.generations.forget(generation.id)
        raise Problem("unavailable", "The pictures could not be asked for. Nothing was started; try again in a moment.") from error


def _wanted(parts: Parts, job: Job, asked: wire.NewGeneration, generation_id: str) -> Generation:
    """What is asked; else what it is a remix of; else what the stack's settings say. Raises Problem."""
    before = _before(parts, job.owner, asked.remix_of)
    prompt = asked.prompt or (before.prompt if before else "")
    if not prompt:
        raise _invalid("prompt", "is needed, unless remixOf names pictures that have one")
    return Generation(
        id=generation_id,
        job_id=job.id,
        owner=job.owner,
        version=job.attempt,
        prompt=prompt,
        negative_prompt=_first(asked.negative_prompt, before.negative_prompt if before else "", ""),
        seed=_first(asked.seed, before.seed if before else None, secrets.randbelow(_SEEDS)),
        steps=_first(asked.steps, before.steps if before else None, parts.settings.sampling_steps),
        guidance=_first(asked.guidance, before.guidance if before else None, parts.settings.guidance),
        count=_first(asked.count, before.count if before else None, 1),
        base=asked.base,
        remix_of=before.id if before else "",
    )


def _before(parts: Parts, owner: str, remix_of: str | None) -> Generation | None:
    if remix_of is None:
        return None
    found = parts.generations.get(remix_of)
    if found is None or found.owner != owner:
        raise _invalid("remixOf", "names no pictures of yours")
    return found


def _first(asked: T | None, before: T | None, otherwise: T) -> T:
    if asked is not None:
        return asked
    return otherwise if before is None else before


def _invalid(field: str, text: str) -> Problem:
    return Problem("validation", f"{field} {text}", errors=[{"pointer": f"#/{field}", "detail": text}])
