"""Models: listed, read, deleted; their versions, weights and cards."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, redirect

from jobs.account import Scope
from services.upload import card, erasing, library, paging, wire
from services.upload.bucket import NoObject
from services.upload.parts import caller, the
from services.upload.problems import Problem
from services.upload.weights import FORMATS, MINUTES, File, file_name

api = APIBlueprint("models", __name__, url_prefix="/v1/models")


@api.get("")
@api.input(wire.ModelsPage, location="query", arg_name="page")
@api.output(wire.ModelList)
@api.doc(operation_id="listModels", summary="The caller's models, newest first")
def list_models(page: wire.ModelsPage) -> Any:
    rows = the().library.of_owner(caller().id, page.limit + 1, paging.mark(page.cursor))
    shown, cursor = paging.page(rows, page.limit)
    models = [library.answer(the(), job) for job in shown if library.has_model(job) and not job.erased]
    return wire.ModelList(models=models, next_cursor=cursor)


@api.get("/<model_id>")
@api.output(wire.Model)
@api.doc(operation_id="readModel", summary="One model, and whether it is awake; ETag and If-None-Match")
def read_model(model_id: str) -> Any:
    return library.answer(the(), library.model(model_id))


@api.delete("/<model_id>")
@api.output(wire.Receipt, status_code=202)
@api.doc(operation_id="deleteModel", summary="Erase a model and all that it drew; its job stays, with its pictures and history")
def delete_model(model_id: str) -> Any:
    erasure = erasing.erase(the(), model_id, Scope.MODEL)
    return erasing.receipt(erasure), 202, {"Location": f"/v1/receipts/{erasure.id}"}


@api.get("/<model_id>/versions")
@api.output(wire.VersionList)
@api.doc(operation_id="listVersions", summary="What training made of this model, with lineage and figures")
def list_versions(model_id: str) -> Any:
    return wire.VersionList(versions=[library.answer_version(library.model(model_id))])


@api.get("/<model_id>/versions/<int:number>")
@api.output(wire.Version)
@api.doc(operation_id="readVersion", summary="One version of a model: lineage and figures")
def read_version(model_id: str, number: int) -> Any:
    return library.answer_version(library.version(model_id, number))


@api.get("/<model_id>/versions/<int:number>/weights")
@api.output(wire.Weights)
@api.doc(operation_id="listWeights", summary="A version's files, and LoRA's adapters; each answers with a link that works for some minutes")
def list_weights(model_id: str, number: int) -> Any:
    job = library.version(model_id, number)
    base = f"{library.version_url(job)}/weights"

    def linked(file: File) -> dict[str, Any]:
        return {**vars(file), "url": f"{base}/{file.name}"}

    files = [wire.WeightsFile(**linked(file)) for file in the().weights.files(job)]
    adapters = [wire.Adapter(**linked(file), format=FORMATS[file.name]) for file in the().weights.adapters(job)]
    return wire.Weights(files=files, adapters=adapters, minutes=MINUTES)


@api.get("/<model_id>/versions/<int:number>/weights/<path:file>")
@api.doc(operation_id="readWeights", summary="One file of the weights, by a short-lived link", responses={302: "the link"})
def read_weights(model_id: str, number: int, file: str) -> Any:
    job = library.version(model_id, number)
    try:
        link = the().weights.link(job, file)
    except NoObject:
        raise Problem("not-found", f"Version {number} of model {job.id} has no file {file}.") from None
    return redirect(link, 302)


@api.get("/<model_id>/versions/<int:number>/card")
@api.doc(operation_id="readCard", summary="What a version is and where it comes from, as Markdown", responses={200: "the card"})
def read_card(model_id: str, number: int) -> Any:
    job = library.version(model_id, number)
    weights = the().weights
    text = card.text(job, weights.figures(job), weights.files(job), weights.adapters(job))
    headers = {"Content-Disposition": f'attachment; filename="{file_name(job, "card.md")}"'}
    return Response(text, content_type="text/markdown; charset=utf-8", headers=headers)
