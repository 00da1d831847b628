"""A provider over Pulumi's provider protocol: one configured instance of one package."""

from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from local.engine import answers, assets, urns, values, wire
from local.engine.diff import Diff
from local.engine.errors import EngineError, InitFailed, InvalidInputs, ResourceFailed
from local.engine.resource import Resource
from local.engine.values import Properties
from local.engine.wire import Form

Answer = TypeVar("Answer")


class Provider:
    def __init__(self, channel: grpc.aio.Channel, package: str) -> None:
        self._stub: Any = provider_pb2_grpc.ResourceProviderStub(channel)
        self._package = package
        self._secrets = True
        self._references = True
        self._previews = True
        # False while its configuration holds something unknown: it is then asked nothing (previews only)
        self.configured = False

    async def attach(self, engine: str, program: Path) -> None:
        """As the CLI does: a provider may not know Handshake, but must take Attach. Relative paths of assets start at `program`."""
        shake = provider_pb2.ProviderHandshakeRequest(
            engine_address=engine, program_directory=str(program), configure_with_urn=True, invoke_with_preview=True
        )
        try:
            await self._stub.Handshake(shake)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.UNIMPLEMENTED:
                raise EngineError(f"the provider of {self._package} does not answer: {error.details()}") from error
        await answers.call(self._stub.Attach(plugin_pb2.PluginAttach(address=engine)))

    async def check_config(self, urn: str, olds: Properties, news: Properties) -> Properties:
        form = Form(secrets=False)
        request = provider_pb2.CheckRequest(
            urn=urn, name=urns.name_of(urn), type=urns.type_of(urn), olds=wire.encode(olds, form), news=wire.encode(news, form)
        )
        return self._checked(
            await answers.call_or(self._stub.CheckConfig(request), provider_pb2.CheckResponse(inputs=request.news)), news, urn
        )

    async def diff_config(self, old: Resource, news: Properties) -> Diff:
        form = Form(secrets=False)
        request = provider_pb2.DiffRequest(
            urn=old.urn,
            id=old.id,
            old_inputs=wire.encode(old.inputs, form),
            olds=wire.encode(old.outputs, form),
            news=wire.encode(news, form),
        )
        response = await answers.call_or(self._stub.DiffConfig(request), provider_pb2.DiffResponse())
        return answers.diff_of(response, old.inputs, news)

    async def configure(self, urn: str, id_: str, inputs: Properties) -> None:
        self.configured = not values.has_unknown(inputs)
        if not self.configured:
            return
        request = provider_pb2.ConfigureRequest(
            urn=urn,
            name=urns.name_of(urn),
            type=urns.type_of(urn),
            id=id_,
            args=wire.encode(inputs),
            variables={f"{self._package}:config:{key}": answers.variable(value) for key, value in inputs.items() if key != "version"},
            acceptSecrets=True,
            acceptResources=True,
            sends_old_inputs=True,
            sends_old_inputs_to_delete=True,
        )
        response = await answers.call(self._stub.Configure(request))
        self._secrets, self._references, self._previews = response.acceptSecrets, response.acceptResources, response.supportsPreview

    async def check(self, urn: str, olds: Properties, news: Properties, seed: bytes) -> Properties:
        if not self.configured:
            return news
        request = provider_pb2.CheckRequest(
            urn=urn, name=urns.name_of(urn), type=urns.type_of(urn), olds=self._encode(olds), news=self._encode(news), randomSeed=seed
        )
        return self._checked(await answers.call(self._stub.Check(request)), news, urn)

    async def diff(self, old: Resource, news: Properties) -> Diff:
        if not self.configured:
            return Diff(changes=True)
        request = provider_pb2.DiffRequest(
            id=old.id,
            urn=old.urn,
            name=urns.name_of(old.urn),
            type=old.type,
            old_inputs=self._encode(old.inputs, contents=False),
            olds=self._encode(old.outputs, contents=False),
            news=self._encode(news, contents=False),
            ignoreChanges=old.ignore_changes,
        )
        return answers.diff_of(await answers.call(self._stub.Diff(request)), old.inputs, news)

    async def create(self, new: Resource, preview: bool) -> tuple[str, Properties]:
        if preview and not (self.configured and self._previews):
            return "", dict(new.inputs) if self.configured else {}
        request = provider_pb2.CreateRequest(
            urn=new.urn,
            name=urns.name_of(new.urn),
            type=new.type,
            properties=self._encode(new.inputs),
            timeout=new.custom_timeouts.get("create", 0),
            preview=preview,
        )
        response = await self._act(self._stub.Create(request), new.inputs)
        if not response.id and not preview:
            raise ResourceFailed("the provider made it but gave it no id")
        return response.id, self._outputs(response.properties, new.inputs, preview)

    async def update(self, old: Resource, new: Resource, preview: bool) -> Properties:
        if preview and not (self.configured and self._previews):
            return {**old.outputs, **new.inputs} if self.configured else {}
        request = provider_pb2.UpdateRequest(
            id=old.id,
            urn=new.urn,
            name=urns.name_of(new.urn),
            type=new.type,
            old_inputs=self._encode(old.inputs, contents=False),
            olds=self._encode(old.outputs, contents=False),
            news=self._encode(new.inputs),
            timeout=new.custom_timeouts.get("update", 0),
            ignoreChanges=new.ignore_changes,
            preview=preview,
        )
        response = await self._act(self._stub.Update(request), new.inputs)
        return self._outputs(response.properties, new.inputs, preview)

    async def delete(self, old: Resource) -> None:
        request = provider_pb2.DeleteRequest(
            id=old.id,
            urn=old.urn,
            name=urns.name_of(old.urn),
            type=old.type,
            properties=self._encode(old.outputs),
            old_inputs=self._encode(old.inputs),
            timeout=old.custom_timeouts.get("delete", 0),
        )
        await answers.call(self._stub.Delete(request))

    async def read(self, old: Resource) -> tuple[str, Properties, Properties | None]:
        """Its id, outputs and, where the provider tells, inputs as they are now; no id if it is gone."""
        request = provider_pb2.ReadRequest(
            id=old.id,
            urn=old.urn,
            name=urns.name_of(old.urn),
            type=old.type,
            properties=self._encode(old.outputs, contents=False),
            inputs=self._encode(old.inputs, contents=False),
            timeout=old.custom_timeouts.get("read", 0),
        )
        response = await self._act(self._stub.Read(request), old.inputs)
        outputs = assets.restore(self._outputs(response.properties, old.outputs, preview=False), old.inputs)
        if not response.HasField("inputs"):
            return response.id, outputs, None
        inputs = self._outputs(response.inputs, old.inputs, preview=False)
        return response.id, outputs, assets.restore(inputs, old.inputs)

    async def invoke(self, token: str, args: Properties, preview: bool) -> Properties:
        request = provider_pb2.InvokeRequest(tok=token, args=self._encode(args), preview=preview)
        response = await answers.call(self._stub.Invoke(request))
        if response.failures:
            raise InvalidInputs([f"{token}: {failure.property} {failure.reason}".replace(":  ", ": ") for failure in response.failures])
        return wire.decode(getattr(response, "return"))

    async def cancel(self) -> None:
        await answers.call_or(self._stub.Cancel(empty_pb2.Empty()), empty_pb2.Empty())

    def _encode(self, properties: Properties, contents: bool = True) -> Any:
        return wire.encode(properties, Form(secrets=self._secrets, references=self._references, asset_contents=contents))

    def _checked(self, response: Any, news: Properties, urn: str) -> Properties:
        if response.failures:
            type_, name = urns.type_of(urn), urns.name_of(urn)
            raise InvalidInputs([answers.invalid(type_, name, failure) for failure in response.failures])
        inputs = wire.decode(response.inputs)
        return inputs if self._secrets and self.configured else values.mark_like(inputs, news)

    def _outputs(self, struct: Any, like: Properties, preview: bool) -> Properties:
        outputs = wire.decode(struct)
        if not preview and values.has_unknown(outputs):
            unknown = sorted(key for key, value in outputs.items() if values.has_unknown(value))
            raise ResourceFailed(f"the provider does not know its own outputs: {', '.join(unknown)}")
        return outputs if self._secrets else values.mark_like(outputs, like)

    async def _act(self, call: Awaitable[Answer], inputs: Properties) -> Answer:
        try:
            return await call
        except grpc.aio.AioRpcError as error:
            detail = answers.init_failure(error)
            if detail is None:
                raise answers.failure(error) from error
            raise InitFailed(detail.id, self._outputs(detail.properties, inputs, preview=False), list(detail.reasons)) from error
