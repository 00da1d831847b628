"""A refusal in Google's shape: a sentence, and beside it an ErrorInfo that names the permission and the resource."""

from dataclasses import dataclass
from typing import Any

from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2

from local.iam.needs import Need

_CODE = 7
_REASON = "IAM_PERMISSION_DENIED"


@dataclass(frozen=True)
class Denial:
    message: str
    need: Need

    def json(self) -> dict[str, Any]:
        """The body of a REST answer."""
        info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": _REASON, **self._info()}
        return {"error": {"code": 403, "message": self.message, "status": "PERMISSION_DENIED", "details": [info]}}

    def status(self) -> bytes:
        """`grpc-status-details-bin`."""
        detail = any_pb2.Any()
        detail.Pack(error_details_pb2.ErrorInfo(reason=_REASON, **self._info()))
        data: bytes = status_pb2.Status(code=_CODE, message=self.message, details=[detail]).SerializeToString()
        return data

    def _info(self) -> dict[str, Any]:
        need = self.need
        return {"domain": need.resource.service, "metadata": {"permission": need.permission, "resource": need.resource.name}}
