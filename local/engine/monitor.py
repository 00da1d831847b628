"""The services that the program talks to: ResourceMonitor, through which it asks for resources, and Engine, its log."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, resource_pb2, resource_pb2_grpc

from local.engine import assets, requests, urns, wire
from local.engine.deployment import Deployment, Outcome
from local.engine.display import Display
from local.engine.errors import EngineError, Refused, ResourceFailed
from local.engine.resource import Goal, Resource
from local.engine.values import Properties

_Result = TypeVar("_Result")
_FEATURES = {
    "secrets": resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    "resourceReferences": resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    "outputValues": resource_pb2.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
    "aliasSpecs": resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    "replacementTrigger": resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    "deletedWith": resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    "replaceWith": resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    # said to be there, so that a program that uses them is refused in our words and not told to update the CLI
    "transforms": resource_pb2.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
    "invokeTransforms": resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
    "resourceHooks": resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
    "errorHooks": resource_pb2.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
    "parameterization": resource_pb2.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
}


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    def __init__(self, deployment: Deployment, folder: Path) -> None:
        self._deployment = deployment
        self._folder = folder
        self._running: set[asyncio.Task[Any]] = set()

    async def settled(self) -> None:
        """Once nothing that the program asked for is under way."""
        while self._running:
            await asyncio.wait(self._running)

    async def SupportsFeature(self, request: Any, context: Any) -> Any:
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _FEATURES)

    async def GetDeploymentInfo(self, request: Any, context: Any) -> Any:
        history = self._deployment.history
        return resource_pb2.DeploymentInfo(
            project=history.project, stack=history.stack, dryRun=self._deployment.preview, supportedFeatures=list(_FEATURES.values())
        )

    async def RegisterResource(self, request: Any, context: Any) -> Any:
        return await self._answer(self._register(request), context)

    async def _register(self, request: Any) -> Any:
        requests.refuse_unsupported(request)
        goal = await self._with_assets(requests.goal_of(request, self._folder))
        resource, outcome = await self._deployment.register(goal)
        outputs = resource.outputs if resource.custom and outcome is Outcome.SUCCESS else {}
        return resource_pb2.RegisterResourceResponse(
            urn=resource.urn,
            # a provider's id is unknown in a preview, but the program must be able to name it
            id=resource.id,
            object=wire.encode(outputs),
            result=resource_pb2.SUCCESS if outcome is Outcome.SUCCESS else resource_pb2.FAIL,
        )

    async def _with_assets(self, goal: Goal) -> Goal:
        if assets.present(goal.properties):
            goal.properties = await asyncio.to_thread(assets.with_hashes, goal.properties, self._folder)
        return goal

    async def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:
        outputs = wire.decode(request.outputs)
        await self._answer(self._deployment.register_outputs(request.urn, outputs), context)
        return empty_pb2.Empty()

    async def ReadResource(self, request: Any, context: Any) -> Any:
        return await self._answer(self._read(request), context)

    async def _read(self, request: Any) -> Any:
        if urns.package_of(request.type) == "pulumi":
            raise Refused(f"{request.type} is not supported by this engine: it keeps one stack's state and reads no other's")
        goal = requests.read_goal_of(request, self._folder)
        resource, outcome = await self._deployment.read(goal, request.id)
        if outcome is not Outcome.SUCCESS:
            raise ResourceFailed(f"'{request.name}' could not be read")
        return resource_pb2.ReadResourceResponse(urn=resource.urn, properties=wire.encode(resource.outputs))

    async def Invoke(self, request: Any, context: Any) -> Any:
        return await self._answer(self._invoke(request), context)

    async def _invoke(self, request: Any) -> Any:
        package = urns.package_of(request.tok)
        if package == "pulumi":
            return resource_pb2.ResourceInvokeResponse(**{"return": wire.encode(self._builtin(request))})
        goal = Goal(type=request.tok, name="", custom=True, provider=request.provider, version=request.version, parent=request.parent)
        reference = await self._deployment.reference(package, goal)
        args = wire.decode(request.args)
        found = await self._deployment.registry.get(reference).invoke(request.tok, args, self._deployment.preview)
        return resource_pb2.ResourceInvokeResponse(**{"return": wire.encode(found)})

    def _builtin(self, request: Any) -> Properties:
        """How the SDK follows a reference to a resource in an output."""
        if request.tok != "pulumi:pulumi:getResource":
            raise Refused(f"{request.tok} is not supported by this engine: it keeps one stack's state and reads no other's")
        urn = str(wire.decode(request.args)["urn"])
        found: Resource | None = self._deployment.news.get(urn)
        if found is None:
            raise ResourceFailed(f"unknown resource {urn}")
        return {"urn": urn, "id": found.id, "state": found.outputs}

    async def SignalAndWaitForShutdown(self, request: Any, context: Any) -> Any:
        # nothing calls back into the program (no hooks, no transforms), so it need not stay
        return empty_pb2.Empty()

    async def Call(self, request: Any, context: Any) -> Any:
        await _refuse(context, f"the method {request.tok}: calls of a resource's methods are")

    async def RegisterPackage(self, request: Any, context: Any) -> Any:
        await _refuse(context, f"the package {request.name}: parameterized providers are")

    async def RegisterStackTransform(self, request: Any, context: Any) -> Any:
        await _refuse(context, "a transform of the stack: transforms are")

    async def RegisterStackInvokeTransform(self, request: Any, context: Any) -> Any:
        await _refuse(context, "an invoke transform of the stack: transforms are")

    async def RegisterResourceHook(self, request: Any, context: Any) -> Any:
        await _refuse(context, f"the hook {request.name}: resource hooks are")

    async def RegisterErrorHook(self, request: Any, context: Any) -> Any:
        await _refuse(context, f"the hook {request.name}: error hooks are")

    async def _answer(self, work: Coroutine[Any, Any, _Result], context: Any) -> _Result:
        """The work goes on when the program is gone: what has been started must get into the state."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            return await asyncio.shield(task)
        except (EngineError, ResourceFailed) as error:
            await _abort(context, str(error))


async def _refuse(context: Any, what: str) -> NoReturn:
    await _abort(context, f"{what} not supported by this engine. Use Pulumi's CLI, or leave it out of what runs locally.")


async def _abort(context: Any, text: str) -> NoReturn:
    await context.abort(grpc.StatusCode.FAILED_PRECONDITION, text)
    raise AssertionError("abort raises")


class Log(engine_pb2_grpc.EngineServicer):
    """What the program and its providers have to say."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._root = ""

    async def Log(self, request: Any, context: Any) -> Any:
        say = {engine_pb2.INFO: self._display.info, engine_pb2.WARNING: self._display.warning, engine_pb2.ERROR: self._display.error}
        if request.severity in say and not request.ephemeral:
            say[request.severity](request.message, request.urn)
        return empty_pb2.Empty()

    async def GetRootResource(self, request: Any, context: Any) -> Any:
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    async def SetRootResource(self, request: Any, context: Any) -> Any:
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()

    async def RequirePulumiVersion(self, request: Any, context: Any) -> Any:
        return engine_pb2.RequirePulumiVersionResponse()
