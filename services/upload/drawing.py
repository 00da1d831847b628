"""Pictures drawn, one call of the endpoint for each: an answer of Vertex AI holds 1.5 MB.

Pub/Sub delivers a wish at least once. A later delivery goes on where the one before stopped; two at once draw the same pictures, of which
the first that is stored counts.
"""

from contextlib import suppress

from google.api_core.exceptions import InvalidArgument

from jobs import names
from jobs.documents import Failure
from jobs.library import Generation, GenerationState
from jobs.log import log
from services.upload import safety
from services.upload.bucket import Different
from services.upload.parts import Parts, Print
from services.upload.problems import Problem

_ASLEEP = Failure("ASLEEP", "The model fell asleep before this was drawn. Wake it, then ask again.", retryable=True)
_REFUSED = "The model cannot draw this: {reason}. Ask for something else."


def draw(parts: Parts, generation_id: str) -> None:
    """All that is missing. Raises what a later delivery may mend: Problem, and what Google's clients raise."""
    generation = parts.generations.begin(generation_id)
    while generation is not None and generation.state is GenerationState.DRAWING:
        generation = _next(parts, generation)


def _next(parts: Parts, generation: Generation) -> Generation | None:
    made = _made(parts, generation, len(generation.pictures))
    if isinstance(made, Failure):
        log("pictures not drawn", severity="WARNING", job_id=generation.job_id, generationId=generation.id, reason=made.code)
        return parts.generations.fail(generation.id, made)
    return _kept(parts, generation, len(generation.pictures), made.png)


def _made(parts: Parts, generation: Generation, number: int) -> Print | Failure:
    instance = {
        "prompt": generation.prompt,
        "negative_prompt": generation.negative_prompt,
        "seed": generation.seed + number,
        "steps": generation.steps,
        "guidance": generation.guidance,
        **({"base": True} if generation.base else {}),
    }
    try:
        return parts.predict(generation.job_id, instance)
    except InvalidArgument as error:
        return Failure("REFUSED", _REFUSED.format(reason=error.message.rstrip(".")))
    except Problem as problem:
        if problem.slug != "asleep":
            raise
        return _ASLEEP


def _kept(parts: Parts, generation: Generation, number: int, png: bytes) -> Generation | None:
    """A picture that the safety check holds back is not stored at all."""
    if _unsafe(parts, png):
        log("picture held back", job_id=generation.job_id, generationId=generation.id, number=number)
        return parts.generations.drew(generation.id, number, "")
    name = names.generation(generation.job_id, generation.id, number)
    with suppress(Different):  # the other delivery of this wish has stored its own
        parts.models.keep(name, png, "image/png")
    after = parts.generations.drew(generation.id, number, f"gs://{parts.models.name}/{name}")
    if after is None:
        parts.models.delete(name)  # deleted while it was being drawn
    return after


def _unsafe(parts: Parts, png: bytes) -> bool:
    """Raises Problem."""
    try:
        return parts.safety.unsafe(safety.small(png))
    except safety.Unchecked as error:
        raise Problem("unavailable", f"Nothing is known about this picture yet: {error}.") from error
