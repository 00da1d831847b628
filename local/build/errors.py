"""What is refused at the door, and what makes a build fail."""

from local.interfaces import Json


class ApiError(Exception):
    """An answer other than success, in Google's shape."""

    code, status = 400, "INVALID_ARGUMENT"

    def json(self) -> Json:
        return {"error": {"code": self.code, "message": str(self), "status": self.status}}


class Invalid(ApiError):
    pass


class Denied(ApiError):
    code, status = 403, "PERMISSION_DENIED"


class NotFound(ApiError):
    code, status = 404, "NOT_FOUND"


class Unserved(ApiError):
    code, status = 501, "UNIMPLEMENTED"


class Failed(Exception):
    """Ends a build. `kind` is a name of google.devtools.cloudbuild.v1.Build.FailureInfo.FailureType."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind
