"""Long-running operations: kept with their resource's name in front, polled through `google.longrunning.Operations`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from local.interfaces import Json
from local.vertex.errors import ApiError, Code, unmet
from local.vertex.listing import answer
from local.vertex.methods import EMPTY, OPERATION, V1, Method, Rule
from local.vertex.names import Names, now, numeric_id
from local.vertex.store import Store

_KIND = "operation"
_LONGRUNNING = "google.longrunning"
# What a client may ask for is polled within minutes; the newest are kept.
_KEPT = 1000
_WAIT_S = 60.0

log = logging.getLogger(__name__)


class Operations:
    def __init__(self, store: Store, names: Names) -> None:
        self._store = store
        self._names = names
        self._running: dict[str, asyncio.Task[None]] = {}

    def recover(self) -> None:
        """Ends the operations that a dead daemon left open, and forgets old ones."""
        for operation in self._store.all(_KIND):
            if not operation.get("done"):
                error = ApiError(Code.ABORTED, "The local cloud stopped while this operation was running.")
                self._end(operation, error=error)
        ended = sorted(self._store.all(_KIND), key=_created)
        for operation in ended[:-_KEPT]:
            self._store.delete(operation["name"])

    async def stop(self) -> None:
        """Leaves the running ones open on disk: the next start ends them."""
        for task in list(self._running.values()):
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def finished(self, owner: str, verb: str, kind: str, response: Json) -> Json:
        """An operation on `owner` that is already done; `kind` names the response's message."""
        operation = self._new(owner, verb)
        self._end(operation, response=_typed(kind, response))
        return operation

    def begin(self, owner: str, verb: str, kind: str, work: Callable[[], Awaitable[Json]]) -> Json:
        """An operation on `owner` that ends with what `work` answers or raises."""
        operation = self._new(owner, verb)
        self._store.put(_KIND, operation["name"], operation)
        task = asyncio.create_task(self._run(dict(operation), kind, work), name=operation["name"])
        self._running[operation["name"]] = task
        task.add_done_callback(lambda _: self._running.pop(operation["name"], None))
        return operation

    def methods(self) -> list[Method]:
        service = f"{_LONGRUNNING}.Operations"

        def method(name: str, verb: str, suffix: str, serve: Callable[[Json], Awaitable[Json]], response: str) -> Method:
            body = "*" if verb == "POST" else ""
            # The REST transport of Google's client polls under /ui, everybody else under /v1.
            rules = tuple(Rule(verb, f"/{root}/{{name=projects/**/operations/*}}{suffix}", body) for root in ("v1", "ui"))
            return Method(service, name, rules, serve, response, request=f"{_LONGRUNNING}.{name}Request")

        listed = f"{_LONGRUNNING}.ListOperations"
        lists = tuple(
            Rule("GET", f"/{root}/{{name={owner}}}/operations")
            for root in ("v1", "ui")
            for owner in ("projects/*/locations/*", "projects/*/locations/*/*/*")
        )
        return [
            method("GetOperation", "GET", "", self._get, OPERATION),
            method("WaitOperation", "POST", ":wait", self._wait, OPERATION),
            method("CancelOperation", "POST", ":cancel", self._cancel, EMPTY),
            method("DeleteOperation", "DELETE", "", self._delete, EMPTY),
            Method(service, "ListOperations", lists, self._list, f"{listed}Response", request=f"{listed}Request"),
        ]

    async def _run(self, operation: Json, kind: str, work: Callable[[], Awaitable[Json]]) -> None:
        try:
            response = await work()
        except ApiError as error:
            self._end(operation, error=error)
        except Exception as error:
            log.exception("operation %s failed", operation["name"])
            self._end(operation, error=ApiError(Code.INTERNAL, f"Internal error: {error}"))
        else:
            self._end(operation, response=_typed(kind, response))

    async def _get(self, request: Json) -> Json:
        return self._store.get(self._name(request))

    async def _wait(self, request: Json) -> Json:
        task = self._running.get(self._name(request))
        if task:
            await asyncio.wait([task], timeout=float(request.get("timeout", f"{_WAIT_S}s").removesuffix("s")))
        return await self._get(request)

    async def _cancel(self, request: Json) -> Json:
        operation = await self._get(request)
        task = self._running.get(operation["name"])
        if not task:
            raise unmet(f"Operation {operation['name']} is not cancellable.")
        task.cancel()
        await asyncio.wait([task])
        self._end(operation, error=ApiError(Code.CANCELLED, "The operation was cancelled."))
        return {}

    async def _delete(self, request: Json) -> Json:
        operation = await self._get(request)
        if not operation.get("done"):
            raise unmet(f"Operation {operation['name']} is still running.")
        self._store.delete(operation["name"])
        return {}

    async def _list(self, request: Json) -> Json:
        prefix = self._names.operation(request["name"]).rstrip("/") + "/"
        found = [operation for operation in self._store.all(_KIND) if operation["name"].startswith(prefix)]
        return answer("operations", sorted(found, key=_created, reverse=True), "")

    def _name(self, request: Json) -> str:
        return self._names.operation(request.get("name", ""))

    def _new(self, owner: str, verb: str) -> Json:
        started = now()
        metadata = _typed(f"{V1}.{verb}OperationMetadata", {"genericMetadata": {"createTime": started, "updateTime": started}})
        return {"name": f"{owner}/operations/{numeric_id()}", "metadata": metadata}

    def _end(self, operation: Json, response: Json | None = None, error: ApiError | None = None) -> None:
        operation["done"] = True
        operation["metadata"]["genericMetadata"]["updateTime"] = now()
        if error:
            operation["error"] = {"code": int(error.code), "message": error.message}
        else:
            operation["response"] = response
        self._store.put(_KIND, operation["name"], operation)


def _typed(kind: str, body: Json) -> Json:
    return {"@type": f"type.googleapis.com/{kind}", **body}


def _created(operation: Json) -> str:
    return str(operation["metadata"]["genericMetadata"]["createTime"])
