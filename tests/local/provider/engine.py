"""The calls of Pulumi's engine for one resource, in the engine's order, over a real connection."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from local.provider.wire import decoded, encoded

Fields = dict[str, Any]


class CheckFailed(Exception):
    def __init__(self, failures: Any) -> None:
        super().__init__("; ".join(failure.reason for failure in failures))
        self.properties = [_quoted(failure.reason) for failure in failures]
        self.reasons = [failure.reason for failure in failures]


def _quoted(reason: str) -> str:
    """A reason names the path of its property first."""
    found = re.search(r"'([^']+)'", reason)
    return found[1] if found else ""


@dataclass
class Resource:
    token: str
    name: str
    id: str
    inputs: Fields
    outputs: Fields = field(default_factory=dict)


class Engine:
    def __init__(self, port: int) -> None:
        self.port = port
        self.channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)])
        self.stub = provider_pb2_grpc.ResourceProviderStub(self.channel)

    async def attach(self, directory: Path | None = None, **config: Any) -> Any:
        if directory:
            await self.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address="", program_directory=str(directory)))
        await self.stub.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:1"))
        await self.stub.GetPluginInfo(Empty())
        checked = await self.stub.CheckConfig(provider_pb2.CheckRequest(news=encoded(config)))
        if checked.failures:
            raise CheckFailed(checked.failures)
        return await self.stub.Configure(provider_pb2.ConfigureRequest(args=checked.inputs, acceptSecrets=True))

    async def check(self, token: str, name: str, inputs: Fields, olds: Fields | None = None, **more: Any) -> Fields:
        given = {"news": encoded(inputs), "olds": encoded(olds or {}), "randomSeed": b"seed", **more}
        answer = await self.stub.Check(provider_pb2.CheckRequest(urn=_urn(token, name), **given))
        if answer.failures:
            raise CheckFailed(answer.failures)
        return decoded(answer.inputs)

    async def preview(self, token: str, name: str, /, **inputs: Any) -> Fields:
        checked = await self.check(token, name, inputs)
        request = provider_pb2.CreateRequest(urn=_urn(token, name), properties=encoded(checked), preview=True)
        return decoded((await self.stub.Create(request)).properties)

    async def create(self, token: str, name: str, /, **inputs: Any) -> Resource:
        checked = await self.check(token, name, inputs, randomSeed=name.encode())
        made = await self.stub.Create(provider_pb2.CreateRequest(urn=_urn(token, name), properties=encoded(checked)))
        return Resource(token, name, made.id, checked, decoded(made.properties))

    async def diff(self, resource: Resource, ignore: tuple[str, ...] = (), /, **inputs: Any) -> Any:
        news = await self.check(resource.token, resource.name, inputs, resource.inputs)
        return await self.diff_checked(resource, news, ignore)

    async def diff_checked(self, resource: Resource, news: Fields, ignore: tuple[str, ...] = ()) -> Any:
        return await self.stub.Diff(
            provider_pb2.DiffRequest(
                id=resource.id,
                urn=_urn(resource.token, resource.name),
                olds=encoded(resource.outputs),
                old_inputs=encoded(resource.inputs),
                news=encoded(news),
                ignoreChanges=ignore,
            )
        )

    async def update(self, resource: Resource, /, *, preview: bool = False, **inputs: Any) -> Resource:
        news = await self.check(resource.token, resource.name, inputs, resource.inputs)
        request = provider_pb2.UpdateRequest(
            id=resource.id,
            urn=_urn(resource.token, resource.name),
            olds=encoded(resource.outputs),
            old_inputs=encoded(resource.inputs),
            news=encoded(news),
            preview=preview,
        )
        outputs = decoded((await self.stub.Update(request)).properties)
        return Resource(resource.token, resource.name, resource.id, news, outputs)

    async def read(self, resource: Resource) -> Resource | None:
        request = provider_pb2.ReadRequest(
            id=resource.id,
            urn=_urn(resource.token, resource.name),
            properties=encoded(resource.outputs),
            inputs=encoded(resource.inputs),
        )
        answer = await self.stub.Read(request)
        return Resource(resource.token, resource.name, answer.id, decoded(answer.inputs), decoded(answer.properties)) if answer.id else None

    async def delete(self, resource: Resource) -> None:
        request = provider_pb2.DeleteRequest(
            id=resource.id,
            urn=_urn(resource.token, resource.name),
            properties=encoded(resource.outputs),
            old_inputs=encoded(resource.inputs),
        )
        await self.stub.Delete(request)

    async def invoke(self, token: str, **args: Any) -> Fields:
        answer = await self.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=encoded(args)))
        return decoded(getattr(answer, "return"))


def _urn(token: str, name: str) -> str:
    return f"urn:pulumi:test::project::sd:infra:Uploads${token}::{name}"
