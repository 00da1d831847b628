"""The page of each type of problem, under the address that the type is: for everybody, since it says nothing of anybody."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from services.upload.problem_kinds import KINDS
from services.upload.problem_pages import page
from services.upload.problems import Problem

api = APIBlueprint("problems", __name__)


@api.get("/problems/<slug>")
@api.doc(
    operation_id="readProblem", summary="What a type of problem means and what to do about it, as Markdown", responses={200: "the page"}
)
def read_problem(slug: str) -> Any:
    if slug not in KINDS:
        raise Problem("not-found", "There is no such type of problem.")
    return Response(page(slug), content_type="text/markdown; charset=utf-8", headers={"Cache-Control": "public, max-age=3600"})
