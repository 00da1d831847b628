"""A provider for the scenarios: a cloud that is a directory, where a resource is a JSON file.

`test:index:Folder` gets a name of its own when none is given; its `location` cannot be changed. `test:index:File` stands in a
folder under a fixed name, so that a change of `kind` must delete it before it can be made again. `fail` makes an operation
fail: `create`, `update`, `delete`, or `init` (made, but never ready); `delay` makes it last. Every call leaves a line in
`calls.jsonl`.
"""

import json
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from google.rpc import status_pb2
from grpc_status import rpc_status
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

Json = dict[str, Any]
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
FORCE_NEW = {"Folder": ("name", "location"), "File": ("folder", "name", "kind")}
PROPERTIES = {
    "Folder": ("name", "location", "labels", "fail", "delay", "token"),
    "File": ("folder", "name", "kind", "content", "source", "labels", "fail", "delay"),
}


def plain(struct: struct_pb2.Struct) -> Json:
    result: Json = json_format.MessageToDict(struct)
    return result


def struct(values: Json) -> struct_pb2.Struct:
    result = struct_pb2.Struct()
    result.update(values)
    return result


class FolderCloud(provider_pb2_grpc.ResourceProviderServicer):
    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.log = root / "calls.jsonl"

    # what the scenarios look at

    def things(self, kind: str) -> Json:
        return {path.stem: json.loads(path.read_text()) for path in sorted((self.root / kind).glob("*.json"))}

    def calls(self, *methods: str) -> list[Json]:
        lines = [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []
        return [line for line in lines if line["method"] in methods]

    def order(self, *methods: str) -> list[tuple[str, str]]:
        return [(call["method"], call["name"]) for call in self.calls(*methods)]

    def forget_calls(self) -> None:
        self.log.unlink(missing_ok=True)

    def put(self, kind: str, id_: str, values: Json) -> None:
        folder = self.root / kind
        folder.mkdir(exist_ok=True)
        (folder / f"{id_.replace('/', '@')}.json").write_text(json.dumps(values))

    def take(self, kind: str, id_: str) -> None:
        (self.root / kind / f"{id_.replace('/', '@')}.json").unlink(missing_ok=True)

    def get(self, kind: str, id_: str) -> Json | None:
        path = self.root / kind / f"{id_.replace('/', '@')}.json"
        return json.loads(path.read_text()) if path.exists() else None

    # the protocol

    def Handshake(self, request: Any, context: Any) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "an older provider")

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version="1.0.0")

    def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, context: Any) -> provider_pb2.CheckResponse:
        if "bad" in plain(request.news):
            failure = provider_pb2.CheckFailure(property="bad", reason="is never right")
            return provider_pb2.CheckResponse(failures=[failure])
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> provider_pb2.DiffResponse:
        olds, news = plain(request.old_inputs), plain(request.news)
        changed = [key for key in sorted({*olds, *news} - {"version"}) if olds.get(key) != news.get(key)]
        changes = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=changes, diffs=changed, replaces=[key for key in changed if key == "account"])

    def Configure(self, request: Any, context: Any) -> provider_pb2.ConfigureResponse:
        self._note("Configure", request.urn, time.time(), args=plain(request.args))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, acceptResources=True)

    def Check(self, request: Any, context: Any) -> provider_pb2.CheckResponse:
        kind = request.type.split(":")[-1] or request.urn.split("::")[2].split(":")[-1]
        news, olds = plain(request.news), plain(request.olds)
        if kind not in PROPERTIES:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the resource type {request.type} is not known here")
        failures = [
            provider_pb2.CheckFailure(property=key, reason="is not a property of this type")
            for key in news
            if key not in PROPERTIES[kind] and not key.startswith("__")
        ]
        if "name" not in news:
            suffix = request.randomSeed.hex()[:7]
            news["name"] = olds.get("name") or f"{request.urn.split('::')[-1]}-{suffix}"
        return provider_pb2.CheckResponse(inputs=struct(news), failures=failures)

    def Diff(self, request: Any, context: Any) -> provider_pb2.DiffResponse:
        kind = request.urn.split("::")[2].split("$")[-1].split(":")[-1]
        olds, news = plain(request.old_inputs), plain(request.news)
        changed = [key for key in sorted({*olds, *news}) if olds.get(key) != news.get(key) and key not in request.ignoreChanges]
        replaces = [key for key in changed if key in FORCE_NEW[kind]]
        response = provider_pb2.DiffResponse(diffs=changed, replaces=replaces, deleteBeforeReplace=kind == "File")
        response.changes = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        response.hasDetailedDiff = True
        for key in changed:
            verb = "ADD" if key not in olds else "DELETE" if key not in news else "UPDATE"
            response.detailedDiff[key].kind = provider_pb2.PropertyDiff.Kind.Value(verb + ("_REPLACE" if key in replaces else ""))
            response.detailedDiff[key].inputDiff = True
        return response

    def Create(self, request: Any, context: Any) -> provider_pb2.CreateResponse:
        kind, values = self._kind(request.urn), plain(request.properties)
        outputs = self._outputs(kind, values)
        if request.preview:
            unknown = {"path": UNKNOWN} if kind == "Folder" else {}
            return provider_pb2.CreateResponse(properties=struct({**outputs, **unknown}))
        with self._call("Create", request.urn, values, timeout=request.timeout):
            id_ = outputs["path"]
            if values.get("fail") == "create":
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, "the cloud is full")
            if self.get(kind, id_) is not None:
                context.abort(grpc.StatusCode.ALREADY_EXISTS, f"{id_} already exists")
            self.put(kind, id_, outputs)
            if values.get("fail") == "init":
                self._not_ready(context, id_, outputs, values)
        return provider_pb2.CreateResponse(id=id_, properties=struct(outputs))

    def Read(self, request: Any, context: Any) -> provider_pb2.ReadResponse:
        kind = self._kind(request.urn)
        found = self.get(kind, request.id)
        self._note("Read", request.urn, time.time())
        if found is None:
            return provider_pb2.ReadResponse()
        inputs = {key: value for key, value in found.items() if key in PROPERTIES[kind]}
        return provider_pb2.ReadResponse(id=request.id, properties=struct(found), inputs=struct(inputs))

    def Update(self, request: Any, context: Any) -> provider_pb2.UpdateResponse:
        kind, values = self._kind(request.urn), plain(request.news)
        outputs = self._outputs(kind, values)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=struct(outputs))
        with self._call("Update", request.urn, values, timeout=request.timeout):
            if values.get("fail") == "update":
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, "the cloud says no")
            self.put(kind, request.id, outputs)
        return provider_pb2.UpdateResponse(properties=struct(outputs))

    def Delete(self, request: Any, context: Any) -> empty_pb2.Empty:
        values = plain(request.properties)
        with self._call("Delete", request.urn, values, timeout=request.timeout):
            if values.get("fail") == "delete":
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, "it is in use")
            self.take(self._kind(request.urn), request.id)
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> provider_pb2.InvokeResponse:
        args = plain(request.args)
        if request.tok != "test:index:shout":
            failure = provider_pb2.CheckFailure(reason=f"the function {request.tok} is not known here")
            return provider_pb2.InvokeResponse(failures=[failure])
        return provider_pb2.InvokeResponse(**{"return": struct({"text": str(args["text"]).upper()})})

    def _kind(self, urn: str) -> str:
        return urn.split("::")[2].rsplit("$", maxsplit=1)[-1].rsplit(":", maxsplit=1)[-1]

    def _outputs(self, kind: str, values: Json) -> Json:
        if kind == "Folder":
            return {**values, "path": f"/{bare(values['name'])}"}
        folder = bare(values.get("folder", ""))
        return {**values, "path": UNKNOWN if UNKNOWN in (folder, values["name"]) else f"{folder}/{values['name']}"}

    @contextmanager
    def _call(self, method: str, urn: str, values: Json, **more: Any) -> Iterator[None]:
        started = time.time()
        try:
            time.sleep(float(values.get("delay", 0)))
            yield
        finally:
            self._note(method, urn, started, **more)

    def _note(self, method: str, urn: str, started: float, **more: Any) -> None:
        line = {"method": method, "name": urn.rsplit("::", maxsplit=1)[-1], "urn": urn, "from": started, "to": time.time(), **more}
        with self.log.open("a") as log:
            log.write(json.dumps(line) + "\n")

    def _not_ready(self, context: Any, id_: str, outputs: Json, inputs: Json) -> None:
        detail = provider_pb2.ErrorResourceInitFailed(
            id=id_, properties=struct(outputs), inputs=struct(inputs), reasons=["it never became ready"]
        )
        status = status_pb2.Status(code=2, message="it was made but is not ready")
        status.details.add().Pack(detail)
        context.abort_with_status(rpc_status.to_status(status))


def bare(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and value.get(SIGNATURE) == SECRET else value


def serve(root: Path) -> tuple[FolderCloud, int, Callable[[], None]]:
    cloud = FolderCloud(root)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=32))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(cloud, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return cloud, port, lambda: server.stop(0).wait()
