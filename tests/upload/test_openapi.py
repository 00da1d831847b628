"""The description of the API: what it says is so, and nothing of it is missing or stale."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis

from services.upload import contract, description, problem_pages
from services.upload.problem_guides import GUIDES
from services.upload.problem_kinds import KINDS, code
from tests.upload.conftest import Service

SPEC = json.loads(description.text())
OPERATIONS = {operation["operationId"]: operation for _, operation in description.operations(SPEC)}
COMPONENTS = SPEC["components"]
# sent as files, or answered as something else than JSON
BARE = {"uploadForm", "putPicture"}


def test_the_committed_description_is_what_the_routes_are() -> None:
    assert description.FILE.read_text() == description.text(), "run `python -m services.upload.description`"


def test_it_is_openapi() -> None:
    schemathesis.openapi.from_dict(SPEC).validate()

    assert SPEC["openapi"].startswith("3.1")


def test_every_operation_says_which_problems_it_can_answer() -> None:
    assert contract.PROBLEMS.keys() == OPERATIONS.keys()
    for table in (contract.PARAMETERS, contract.HEADERS, contract.CONTENT, contract.OTHER_ANSWERS, contract.LINKS):
        assert table.keys() <= OPERATIONS.keys()


def test_every_operation_has_a_name_and_a_summary_of_its_own() -> None:
    assert len(OPERATIONS) == len(list(description.operations(SPEC)))
    assert len({operation["summary"] for operation in OPERATIONS.values()}) == len(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_shows_what_is_sent_and_what_is_answered(name: str) -> None:
    operation = OPERATIONS[name]
    bodies = [operation.get("requestBody", {}), *(each for status, each in operation["responses"].items() if status.startswith("2"))]
    json_bodies = [body["content"]["application/json"] for body in bodies if "application/json" in body.get("content", {})]

    assert ("requestBody" in operation) <= (bool(json_bodies) or name in BARE)
    assert all(body.get("examples") or "$ref" not in body["schema"] for body in json_bodies)
    assert "default" not in operation["responses"]
    assert all("example" in parameter or "example" in parameter["schema"] for parameter in operation["parameters"] if parameter["required"])


def test_an_example_fits_its_model() -> None:
    for name, shown in COMPONENTS["examples"].items():
        model = name if name in COMPONENTS["schemas"] else "Problem"
        schema = {"$ref": f"#/components/schemas/{model}", "components": COMPONENTS}
        jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(shown["value"])


def test_every_link_leads_somewhere() -> None:
    for _, link in _links():
        target = OPERATIONS[link["operationId"]]
        asked = {parameter["name"] for parameter in target["parameters"] if parameter["in"] == "path"}
        assert link["parameters"].keys() == asked, link


def test_every_id_that_an_operation_takes_is_linked_to() -> None:
    """So that a walk along the links comes everywhere."""
    linked = {link["operationId"] for _, link in _links()}
    taking = {
        name for name, operation in OPERATIONS.items() if any(each["name"] in {"job_id", "model_id"} for each in operation["parameters"])
    }

    assert taking - linked == set()


def _links() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, operation in OPERATIONS.items():
        for response in operation["responses"].values():
            yield from ((name, link) for link in response.get("links", {}).values())


def test_every_type_has_a_guide_and_an_operation_that_answers_it() -> None:
    answered = {slug for slugs in contract.PROBLEMS.values() for slug in slugs}

    assert GUIDES.keys() == KINDS.keys()
    assert KINDS.keys() - answered == {"method-not-allowed"}
    assert answered <= KINDS.keys()


def test_every_type_that_the_service_raises_is_known() -> None:
    raised = set()
    for path in Path(description.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"Problem", "_answer"} and node.args
            if named and isinstance(node.args[0], ast.Constant):
                raised.add(node.args[0].value)

    assert len(raised) > 20
    assert raised <= KINDS.keys()


def test_whoever_may_try_again_is_told_when() -> None:
    """Unless at once is as good: the bytes broke on the way."""
    hurried = {slug for slug, kind in KINDS.items() if kind.retryable and kind.wait_s is None}

    assert hurried == {"checksum", "cut-short", "internal"}
    assert all(kind.retryable for kind in KINDS.values() if kind.wait_s is not None)
    assert all(GUIDES[slug].repeat.startswith("Yes" if kind.retryable else "No") for slug, kind in KINDS.items())


def test_the_pages_of_problems_are_as_the_code_has_them() -> None:
    there = {path.name: path.read_text() for path in problem_pages.FOLDER.iterdir()}

    assert there == problem_pages.files(), "run `python -m services.upload.problem_pages`"


@pytest.mark.parametrize("slug", KINDS)
def test_a_type_is_an_address_that_tells_anybody_what_it_means(service: Service, slug: str) -> None:
    told = service.http.get(f"/problems/{slug}")

    assert (told.status_code, told.content_type) == (200, "text/markdown; charset=utf-8")
    assert told.text == (problem_pages.FOLDER / f"{slug}.md").read_text()
    assert code(slug) in told.text


def test_a_problem_leads_to_its_page(service: Service) -> None:
    problem = service.call("GET", f"/v1/jobs/{'0' * 26}").json

    assert service.http.get(problem["type"]).text.startswith("# NOT_FOUND")
    assert service.http.get("/problems/none-of-ours").json["code"] == "NOT_FOUND"


def test_a_method_that_an_address_does_not_have_is_told_which_it_has(service: Service) -> None:
    answer = service.call("PUT", "/v1/jobs")

    assert (answer.status_code, answer.json["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
