"""What a call is refused with, in Google's words: a canonical code, its HTTP status and a message that names the resource."""

from enum import IntEnum

from local.iam.denials import Denial


class Code(IntEnum):
    """google.rpc.Code, which gRPC's status codes are too."""

    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    UNAUTHENTICATED = 16


_HTTP = {
    Code.CANCELLED: 499,
    Code.UNKNOWN: 500,
    Code.INVALID_ARGUMENT: 400,
    Code.DEADLINE_EXCEEDED: 504,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.PERMISSION_DENIED: 403,
    Code.RESOURCE_EXHAUSTED: 429,
    Code.FAILED_PRECONDITION: 400,
    Code.ABORTED: 409,
    Code.OUT_OF_RANGE: 400,
    Code.UNIMPLEMENTED: 501,
    Code.INTERNAL: 500,
    Code.UNAVAILABLE: 503,
    Code.UNAUTHENTICATED: 401,
}

# How a proxied HTTP status reads as a canonical code; the families cover the rest.
_CANONICAL = {
    400: Code.INVALID_ARGUMENT,
    401: Code.UNAUTHENTICATED,
    403: Code.PERMISSION_DENIED,
    404: Code.NOT_FOUND,
    409: Code.ABORTED,
    412: Code.FAILED_PRECONDITION,
    429: Code.RESOURCE_EXHAUSTED,
    499: Code.CANCELLED,
    501: Code.UNIMPLEMENTED,
    502: Code.UNAVAILABLE,
    503: Code.UNAVAILABLE,
    504: Code.DEADLINE_EXCEEDED,
}


_LONGEST = 2000


class ApiError(Exception):
    """The answer to a call that cannot be served."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def http_status(self) -> int:
        return _HTTP[self.code]


class PermissionDenied(ApiError):
    """By IAM; carries what is lacked."""

    def __init__(self, denial: Denial) -> None:
        super().__init__(Code.PERMISSION_DENIED, denial.message)
        self.denial = denial


class ContainerRefused(ApiError):
    """A serving container answered a prediction with an error. `rawPredict` passes it on as it came."""

    def __init__(self, status: int, body: bytes, content_type: str) -> None:
        # gRPC carries a message in headers, which take 8 KB in all.
        super().__init__(canonical(status), body[:_LONGEST].decode(errors="replace"))
        self.status = status
        self.body = body
        self.content_type = content_type


def canonical(status: int) -> Code:
    family = Code.FAILED_PRECONDITION if status < 500 else Code.INTERNAL
    return _CANONICAL.get(status, family)


def invalid(message: str) -> ApiError:
    return ApiError(Code.INVALID_ARGUMENT, message)


def unmet(message: str) -> ApiError:
    return ApiError(Code.FAILED_PRECONDITION, message)


def missing(name: str) -> ApiError:
    return ApiError(Code.NOT_FOUND, f"The resource `{name}` is not found.")


def taken(name: str) -> ApiError:
    return ApiError(Code.ALREADY_EXISTS, f"The resource `{name}` already exists.")
