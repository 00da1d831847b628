import re
from inspect import getsource
from typing import Any

import pytest
from google.cloud.firestore_v1.services.firestore.transports import grpc as transport
from google.cloud.firestore_v1.types import (
    BatchGetDocumentsRequest,
    BatchWriteRequest,
    CommitRequest,
    GetDocumentRequest,
    UpdateDocumentRequest,
)

from local.iam.apis import UnknownMethod, Unreadable
from local.iam.firestore import COVERED, Firestore
from tests.local.iam.conftest import PROJECT

DATABASE = "projects/sd-local/databases/sd-local"
DOCUMENT = f"{DATABASE}/documents/jobs/one"
RPC = "/google.firestore.v1.Firestore/"
FIRESTORE = Firestore(PROJECT)


def permissions(needs: Any) -> list[str]:
    return [need.permission.removeprefix("datastore.") for need in needs]


def committed(*writes: dict[str, Any], method: Any = CommitRequest) -> list[str]:
    message = method.serialize(method(database=DATABASE, writes=writes))
    return permissions(FIRESTORE.called(RPC + method.__name__.removesuffix("Request"), message))


def test_every_method_of_googles_client_is_in_the_table() -> None:
    methods = set(re.findall(r'"/google\.firestore\.v1\.Firestore/(\w+)"', getsource(transport)))

    assert len(methods) > 12
    assert methods - COVERED == set()


def test_the_database_is_what_conditions_see() -> None:
    (need,) = FIRESTORE.called(RPC + "GetDocument", GetDocumentRequest.serialize(GetDocumentRequest(name=DOCUMENT)))

    assert need.permission == "datastore.entities.get"
    assert (need.resource.name, need.resource.type) == (DATABASE, "firestore.googleapis.com/Database")
    assert need.resource.within == ("projects/sd-local",)


def test_the_projects_number_means_the_project() -> None:
    name = DOCUMENT.replace("sd-local/databases", "100000000001/databases")

    (need,) = FIRESTORE.called(RPC + "GetDocument", GetDocumentRequest.serialize(GetDocumentRequest(name=name)))

    assert need.resource.name == DATABASE


@pytest.mark.parametrize("method", [CommitRequest, BatchWriteRequest])
@pytest.mark.parametrize(
    ("write", "asked"),
    [
        ({"update": {"name": DOCUMENT}}, ["entities.create", "entities.update"]),
        ({"update": {"name": DOCUMENT}, "current_document": {"exists": False}}, ["entities.create"]),
        ({"update": {"name": DOCUMENT}, "current_document": {"exists": True}}, ["entities.update"]),
        ({"update": {"name": DOCUMENT}, "current_document": {"update_time": {"seconds": 1}}}, ["entities.update"]),
        ({"delete": DOCUMENT}, ["entities.delete"]),
        ({"transform": {"document": DOCUMENT}}, ["entities.create", "entities.update"]),
    ],
)
def test_a_commit_asks_for_what_its_writes_do(method: Any, write: dict[str, Any], asked: list[str]) -> None:
    assert committed(write, method=method) == asked


def test_a_commit_asks_for_each_of_its_writes_once() -> None:
    update, delete = {"update": {"name": DOCUMENT}, "current_document": {"exists": True}}, {"delete": DOCUMENT}

    assert committed(update, delete, update, delete) == ["entities.update", "entities.delete"]


def test_a_commit_that_writes_nothing_ends_a_transaction() -> None:
    assert committed() == ["databases.get"]


ELSEWHERE = "projects/sd-local/databases/other/documents/jobs/one"


@pytest.mark.parametrize("write", [{"update": {"name": ELSEWHERE}}, {"delete": ELSEWHERE}, {"transform": {"document": ELSEWHERE}}])
def test_a_write_to_another_database_than_the_commits_is_refused(write: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match="is not in"):
        committed(write)


def test_a_document_of_another_database_is_not_fetched_along() -> None:
    request = BatchGetDocumentsRequest(database=DATABASE, documents=[DOCUMENT, ELSEWHERE])

    with pytest.raises(Unreadable, match="is not in"):
        FIRESTORE.called(RPC + "BatchGetDocuments", BatchGetDocumentsRequest.serialize(request))


def test_an_update_of_one_document_asks_by_its_precondition() -> None:
    request = UpdateDocumentRequest(document={"name": DOCUMENT}, current_document={"exists": True})

    asked = FIRESTORE.called(RPC + "UpdateDocument", UpdateDocumentRequest.serialize(request))

    assert (permissions(asked), asked[0].resource.name) == (["entities.update"], DATABASE)


@pytest.mark.parametrize(
    "method", [RPC + "Invent", "/google.firestore.v1beta1.Firestore/GetDocument", "/google.iam.v1.IAMPolicy/SetIamPolicy"]
)
def test_a_method_that_the_table_has_not_is_unknown(method: str) -> None:
    with pytest.raises(UnknownMethod, match=re.escape(method)):
        FIRESTORE.called(method, b"")


def test_a_request_that_names_no_database_cannot_be_read() -> None:
    with pytest.raises(Unreadable, match="in no database"):
        FIRESTORE.called(RPC + "GetDocument", b"")


@pytest.mark.parametrize(
    ("verb", "path", "query", "body", "asked"),
    [
        ("GET", "documents/jobs/one", {}, b"", ["entities.get"]),
        ("GET", "documents/jobs", {}, b"", ["entities.get", "entities.list"]),
        ("GET", "documents/jobs/one/parts", {}, b"", ["entities.get", "entities.list"]),
        ("POST", "documents/jobs", {}, b"{}", ["entities.create"]),
        ("PATCH", "documents/jobs/one", {}, b"{}", ["entities.create", "entities.update"]),
        ("PATCH", "documents/jobs/one", {"currentDocument.exists": "true"}, b"{}", ["entities.update"]),
        ("DELETE", "documents/jobs/one", {}, b"", ["entities.delete"]),
        ("POST", "documents:runQuery", {}, b"{}", ["entities.get", "entities.list"]),
        ("POST", "documents/jobs/one:runQuery", {}, b"{}", ["entities.get", "entities.list"]),
        ("POST", "documents:batchGet", {}, b"{}", ["entities.get"]),
        ("POST", "documents:beginTransaction", {}, b"{}", ["databases.get"]),
        ("POST", "documents:commit", {}, f'{{"writes": [{{"delete": "{DOCUMENT}"}}]}}'.encode(), ["entities.delete"]),
        (
            "POST",
            "documents:commit",
            {},
            f'{{"writes": [{{"update": {{"name": "{DOCUMENT}"}}, "currentDocument": {{"exists": false}}}}]}}'.encode(),
            ["entities.create"],
        ),
    ],
)
def test_rest_asks_for_the_same(verb: str, path: str, query: dict[str, str], body: bytes, asked: list[str]) -> None:
    needs = FIRESTORE.requested(verb, f"/v1/{DATABASE}/{path}", query, body)

    assert permissions(needs) == asked
    assert {need.resource.name for need in needs} == {DATABASE}


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        (f"/v1/{DATABASE}", b"", UnknownMethod),
        (f"/v1/{DATABASE}/documents/jobs", b"", UnknownMethod),
        (f"/v1/{DATABASE}/documents/../../other/documents:commit", b"{}", Unreadable),
        (f"/v1/{DATABASE}/documents/%2e%2e/other/documents:commit", b"{}", Unreadable),
        (f"/v1/{DATABASE}/documents:commit", b"[", Unreadable),
        (f"/v1/{DATABASE}/documents:commit", b'{"writes": 3}', Unreadable),
        (f"/emulator/v1/{DATABASE}/documents", b"", UnknownMethod),
    ],
)
def test_rest_that_cannot_be_placed_is_refused(path: str, body: bytes, error: type[Exception]) -> None:
    verb = "PUT" if path.endswith("jobs") else "POST"

    with pytest.raises(error):
        FIRESTORE.requested(verb, path, {}, body)
