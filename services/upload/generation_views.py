"""Pictures drawn with a model: asked for, listed, liked, deleted. Drawing takes minutes, so asking only starts it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from apiflask import APIBlueprint

from jobs import names
from jobs.documents import Job
from jobs.library import Generation
from jobs.log import log
from jobs.store import UnknownJob
from services.upload import answers, library, paging, wire, wishes
from services.upload.idempotency import idempotent, key
from services.upload.identifiers import derived
from services.upload.parts import caller, is_id, owned, the
from services.upload.problems import Problem

api = APIBlueprint("generations", __name__, url_prefix="/v1")


@api.post("/models/<model_id>/generations")
@idempotent()
@api.input(wire.NewGeneration, location="json", arg_name="asked")
@api.output(wire.Generation, status_code=202)
@api.doc(operation_id="generate", summary="Ask for up to four pictures; read the generation until they are drawn")
def generate(model_id: str, asked: wire.NewGeneration) -> Any:
    job = owned(model_id)
    library.need_ready(job)
    made = wishes.ask(the(), job, asked, derived("generation", caller().id, job.id, key()))
    return answers.generation(job, made), 202, {"Location": f"/v1/generations/{made.id}"}


@api.get("/generations")
@api.input(wire.GenerationsPage, location="query", arg_name="page")
@api.output(wire.GenerationList)
@api.doc(operation_id="listGenerations", summary="The caller's gallery, newest first; all of it, of one model, or what has favourites")
def list_generations(page: wire.GenerationsPage) -> Any:
    after = paging.mark(page.cursor)
    rows = the().generations.of_owner(caller().id, page.limit + 1, after, liked=page.favourite, job_id=page.model)
    shown, cursor = paging.page(rows, page.limit)
    jobs = _jobs(shown)
    listed = [answers.generation(jobs[made.job_id], made) for made in shown if made.job_id in jobs]
    return wire.GenerationList(generations=listed, next_cursor=cursor)


@api.get("/generations/<generation_id>")
@api.output(wire.Generation)
@api.doc(operation_id="readGeneration", summary="One generation, with the pictures that are drawn so far; ETag and If-None-Match")
def read_generation(generation_id: str) -> Any:
    job, made = _own(generation_id)
    return answers.generation(job, made)


@api.delete("/generations/<generation_id>")
@api.output({}, status_code=204)
@api.doc(operation_id="deleteGeneration", summary="Forget a generation and its pictures")
def delete_generation(generation_id: str) -> Any:
    """The document first: whoever draws it now sees that it is gone, and stores no more."""
    job, made = _own(generation_id)
    the().generations.forget(made.id)
    for number in range(made.count):
        the().models.delete(names.generation(job.id, made.id, number))
    log("generation deleted", job_id=job.id, generationId=made.id)
    return ""


@api.put("/generations/<generation_id>/pictures/<int:number>/favourite")
@api.output(wire.Generation)
@api.doc(operation_id="likePicture", summary="Mark a picture as a favourite")
def like_picture(generation_id: str, number: int) -> Any:
    return _like(generation_id, number, liked=True)


@api.delete("/generations/<generation_id>/pictures/<int:number>/favourite")
@api.output(wire.Generation)
@api.doc(operation_id="unlikePicture", summary="A favourite no more")
def unlike_picture(generation_id: str, number: int) -> Any:
    return _like(generation_id, number, liked=False)


def _like(generation_id: str, number: int, *, liked: bool) -> wire.Generation:
    job, made = _own(generation_id)
    if not number < len(made.pictures) or number in made.blocked:
        raise Problem("not-found", f"Generation {made.id} has no picture {number} yet, or none that is shown.")
    after = the().generations.like(made.id, number, liked)
    if after is None:
        raise _unknown(made.id)
    return answers.generation(job, after)


def _jobs(shown: Sequence[Generation]) -> Mapping[str, Job]:
    """Whose models are still there: what belonged to the others is about to be erased."""
    jobs = {}
    for job_id in {made.job_id for made in shown}:
        with suppress(UnknownJob, Problem):
            jobs[job_id] = library.model(job_id)
    return jobs


def _own(generation_id: str) -> tuple[Job, Generation]:
    """Raises Problem; for another owner's too."""
    found = the().generations.get(generation_id) if is_id(generation_id) else None
    if found is None or found.owner != caller().id:
        raise _unknown(generation_id)
    return library.model(found.job_id), found


def _unknown(generation_id: str) -> Problem:
    return Problem("not-found", f"There is no generation {generation_id}.")
