"""Firestore's methods: what each asks for on the database. Google's own table is in its page on IAM for server client libraries."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from local.iam import wire
from local.iam.apis import UnknownMethod, Unreadable, by_id, plain
from local.iam.needs import Need, Resource
from local.layout import Project

_SERVICE = "firestore.googleapis.com"
_RPC = "/google.firestore.v1.Firestore/"
_DATABASE = re.compile(r"(projects/[^/]+/databases/[^/]+)(?:/.*)?", re.DOTALL)

_GET, _LIST, _CREATE, _UPDATE, _DELETE = (f"datastore.entities.{verb}" for verb in ("get", "list", "create", "update", "delete"))
_ENTER = "datastore.databases.get"

METHODS: Mapping[str, tuple[str, ...]] = {
    "GetDocument": (_GET,),
    "BatchGetDocuments": (_GET,),
    "ListDocuments": (_GET, _LIST),
    "RunQuery": (_GET, _LIST),
    "RunAggregationQuery": (_GET, _LIST),
    "PartitionQuery": (_GET, _LIST),
    "ListCollectionIds": (_LIST,),
    "Listen": (_GET, _LIST),
    "BeginTransaction": (_ENTER,),
    "Rollback": (_ENTER,),
    "CreateDocument": (_CREATE,),
    "DeleteDocument": (_DELETE,),
    # what is written comes in later messages
    "Write": (_CREATE, _UPDATE, _DELETE),
    "ExecutePipeline": (_GET, _LIST, _CREATE, _UPDATE, _DELETE),
}
# these ask for what they hold
_WRITING = {"UpdateDocument", "Commit", "BatchWrite"}
COVERED = frozenset(METHODS) | _WRITING

_ACTIONS = {
    "batchGet": "BatchGetDocuments",
    "batchWrite": "BatchWrite",
    "beginTransaction": "BeginTransaction",
    "commit": "Commit",
    "executePipeline": "ExecutePipeline",
    "listCollectionIds": "ListCollectionIds",
    "partitionQuery": "PartitionQuery",
    "rollback": "Rollback",
    "runAggregationQuery": "RunAggregationQuery",
    "runQuery": "RunQuery",
}
_PATH = re.compile(rf"/v1/(projects/[^/]+/databases/[^/]+)/documents(?:/(.*?))?(?::({'|'.join(_ACTIONS)}))?")
_ON_ONE = {"GET": "GetDocument", "PATCH": "UpdateDocument", "DELETE": "DeleteDocument"}
_ON_MANY = {"GET": "ListDocuments", "POST": "CreateDocument"}


class Firestore:
    """Satisfies `apis.Api`."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def called(self, method: str, message: bytes) -> Sequence[Need]:
        name, fields = method.removeprefix(_RPC), wire.read(message)
        if name == "UpdateDocument":
            document = wire.message(fields, 1) or b""
            return self._needs(wire.text(document, 1), _placed(wire.message(fields, 4)))
        asked: Iterable[str] = METHODS.get(name, ())
        within: Iterable[str] = ()
        if name in _WRITING:
            writes = [wire.read(write) for write in wire.messages(fields, 2)]
            asked, within = _committing(map(_writing, writes)), [document for write in writes for document in _documents(write)]
        elif not asked:
            raise UnknownMethod(method)
        elif name == "BatchGetDocuments":
            within = wire.texts(fields, 2)
        return self._needs(wire.last(fields, 1), asked, within)

    def requested(self, verb: str, path: str, query: Mapping[str, str], body: bytes) -> Sequence[Need]:
        found = _PATH.fullmatch(plain(path))
        if found is None:
            raise UnknownMethod(f"{verb} {path}")
        database, document, action = found.groups(default="")
        name = _ACTIONS.get(action) or (_ON_MANY if document.count("/") % 2 == 0 else _ON_ONE).get(verb, "")
        if name == "UpdateDocument":
            return self._needs(database, _placing(query.get("currentDocument.exists"), "currentDocument.updateTime" in query))
        if name in _WRITING:
            writes = _writes(body)
            return self._needs(database, _committing(map(_writing_json, writes)), map(_document_json, writes))
        if name not in METHODS:
            raise UnknownMethod(f"{verb} {path}")
        return self._needs(database, METHODS[name])

    def words(self, need: Need) -> str:
        return "Missing or insufficient permissions."

    def _needs(self, name: str, permissions: Iterable[str], within: Iterable[str] = ()) -> Sequence[Need]:
        """`within` are documents that must be in the database: Google's emulator does not look."""
        found = _DATABASE.fullmatch(by_id(self._project, name))
        if found is None:
            raise Unreadable(f"{name!r} is in no database: projects/PROJECT/databases/DATABASE is wanted")
        for document in within:
            if not by_id(self._project, document).startswith(f"{found[1]}/documents/"):
                raise Unreadable(f"{document!r} is not in {found[1]}, which the request names")
        resource = Resource(found[1], f"{_SERVICE}/Database", _SERVICE, (f"projects/{found[1].split('/')[1]}",))
        return [Need(permission, resource) for permission in permissions]


def _committing(writes: Iterable[Iterable[str]]) -> Sequence[str]:
    """What all of them need, each once; a commit without a write only ends a transaction."""
    return list(dict.fromkeys(permission for write in writes for permission in write)) or [_ENTER]


def _writing(write: wire.Fields) -> Sequence[str]:
    """`google.firestore.v1.Write`: update = 1, delete = 2, current_document = 4, verify = 5, transform = 6."""
    return _kinds(lambda field: field in write, _placed(wire.message(write, 4)))


def _documents(write: wire.Fields) -> Sequence[str]:
    """In an update and a transform the name is the first field; a deletion and a verification are names."""
    inner = (wire.message(write, field) for field in (1, 6))
    return [*(wire.text(one, 1) for one in inner if one is not None), *wire.texts(write, 2), *wire.texts(write, 5)]


def _document_json(write: Mapping[str, Any]) -> str:
    inner = write.get("update") or write.get("transform") or {}
    return str(write.get("delete") or write.get("verify") or inner.get("name") or inner.get("document") or "")


def _writing_json(write: Mapping[str, Any]) -> Sequence[str]:
    names = {1: "update", 2: "delete", 5: "verify", 6: "transform"}
    before = write.get("currentDocument") or {}
    return _kinds(lambda field: names[field] in write, _placing(before.get("exists"), "updateTime" in before))


def _kinds(has: Callable[[int], bool], placed: Sequence[str]) -> Sequence[str]:
    written = placed if has(1) or has(6) else ()
    return [*written, *([_DELETE] if has(2) else ()), *([_GET] if has(5) else ())]


def _placed(condition: bytes | None) -> Sequence[str]:
    """`google.firestore.v1.Precondition`: exists = 1, update_time = 2."""
    fields = wire.read(condition or b"")
    exists = wire.numbers(fields, 1)
    return _placing(bool(exists[-1]) if exists else None, 2 in fields)


def _placing(exists: object, timed: bool) -> Sequence[str]:
    """Without a condition it may be either: both are asked for."""
    if timed or exists in (True, "true"):
        return [_UPDATE]
    return [_CREATE] if exists in (False, "false") else [_CREATE, _UPDATE]


def _writes(body: bytes) -> Sequence[Mapping[str, Any]]:
    try:
        writes = json.loads(body or b"{}").get("writes", [])
    except (ValueError, AttributeError) as error:
        raise Unreadable(f"the body is no commit: {error}") from error
    if not isinstance(writes, list) or not all(isinstance(write, dict) for write in writes):
        raise Unreadable("the body's writes are no list of objects")
    return writes
