"""The gRPC edge: one handler for every method, which turns its bytes into the same JSON that REST carries."""

import logging
from collections.abc import Awaitable, Callable

import grpc

from local.vertex.access import PRINCIPAL, Access
from local.vertex.errors import ApiError, Code, PermissionDenied
from local.vertex.methods import Method, Methods
from local.vertex.schema import Schema

_DETAILS = "grpc-status-details-bin"
_STATUS = {status.value[0]: status for status in grpc.StatusCode}
# A pipeline's specification or a picture in a prediction outgrows gRPC's own limit of 4 MB.
_LARGEST = 64 * 1024 * 1024
OPTIONS = (("grpc.max_receive_message_length", _LARGEST), ("grpc.max_send_message_length", _LARGEST), ("grpc.so_reuseport", 0))

log = logging.getLogger(__name__)


class Handler(grpc.GenericRpcHandler):  # type: ignore[misc]
    def __init__(self, methods: Methods, schema: Callable[[], Awaitable[Schema]], access: Access) -> None:
        self._methods, self._access = methods, access
        self._schema = schema

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        path = handler_call_details.method
        principal = dict(handler_call_details.invocation_metadata or ()).get(PRINCIPAL)
        method = self._methods.called(path)

        async def serve(data: bytes, context: grpc.aio.ServicerContext) -> bytes:
            try:
                return await self._served(principal, method, path, data)
            except PermissionDenied as error:
                await context.abort(grpc.StatusCode.PERMISSION_DENIED, error.message, ((_DETAILS, error.denial.status()),))
            except ApiError as error:
                await context.abort(_STATUS[int(error.code)], error.message)
            except Exception:
                log.exception("%s", path)
                await context.abort(grpc.StatusCode.INTERNAL, "Internal error encountered.")
            raise AssertionError("abort raises")

        return grpc.unary_unary_rpc_method_handler(serve)

    async def _served(self, principal: str | None, method: Method | None, path: str, data: bytes) -> bytes:
        if not method:
            raise ApiError(Code.UNIMPLEMENTED, f"{path} is not served by the local Vertex AI.")
        schema = await self._schema()
        request = schema.decoded(method.request_type, data)
        self._access.check(principal, method, request)
        answer = await method.serve(request)
        return schema.encoded(method.answer, answer)
