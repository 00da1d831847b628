"""What a provider answers, read: its diffs, its refusals, its failures."""

import json
from collections.abc import Awaitable
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2

from local.engine import diff, values
from local.engine.diff import Diff
from local.engine.errors import ResourceFailed
from local.engine.values import Properties

_DETAILED = {number: name.lower().replace("_", "-") for name, number in provider_pb2.PropertyDiff.Kind.items()}


async def call(call: Awaitable[Any]) -> Any:
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        raise failure(error) from error


async def call_or(call: Awaitable[Any], otherwise: Any) -> Any:
    """For what a provider may leave out of the protocol."""
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        if error.code() is grpc.StatusCode.UNIMPLEMENTED:
            return otherwise
        raise failure(error) from error


def failure(error: grpc.aio.AioRpcError) -> Exception:
    if error.code() is grpc.StatusCode.UNAVAILABLE:
        return ResourceFailed(f"the provider does not answer: {error.details()}")
    return ResourceFailed(error.details() or error.code().name)


def init_failure(error: grpc.aio.AioRpcError) -> Any:
    from google.rpc import status_pb2

    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for packed in status_pb2.Status.FromString(value).details:
                detail = provider_pb2.ErrorResourceInitFailed()
                if packed.Unpack(detail):
                    return detail
    return None


def invalid(type_: str, name: str, failure: Any) -> str:
    if failure.property:
        return f"{type_} resource '{name}' has a problem: property {failure.property} {failure.reason}"
    return f"{type_} resource '{name}' has a problem: {failure.reason}"


def diff_of(response: Any, olds: Properties, news: Properties) -> Diff:
    if response.changes == provider_pb2.DiffResponse.DIFF_UNKNOWN:
        found = diff.of_inputs(olds, news)
        return Diff(found.changes, tuple(response.replaces), found.changed_keys, found.detail, response.deleteBeforeReplace)
    return Diff(
        changes=response.changes == provider_pb2.DiffResponse.DIFF_SOME,
        replace_keys=tuple(response.replaces),
        changed_keys=tuple(response.diffs),
        detail={path: _DETAILED[entry.kind] for path, entry in response.detailedDiff.items()},
        delete_before_replace=response.deleteBeforeReplace,
    )


def variable(value: Any) -> str:
    plain = values.reveal(value)
    return plain if isinstance(plain, str) else json.dumps(plain)
