"""What can go wrong, in the shape in which Google says it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape


class StorageError(Exception):
    """An answer of Cloud Storage other than success. `xml_code` is what the XML API calls it."""

    status = 400
    reason = "invalid"
    xml_code = "InvalidArgument"
    headers: Mapping[str, str] = {}
    # what the XML API adds: element, text
    details: Mapping[str, str] = {}

    @property
    def message(self) -> str:
        return str(self)

    def json(self) -> dict[str, Any]:
        detail = {"message": self.message, "domain": "global", "reason": self.reason}
        return {"error": {"code": self.status, "message": self.message, "errors": [detail]}}

    def xml(self) -> str:
        details = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in self.details.items())
        reason = f"<Code>{self.xml_code}</Code><Message>{escape(self.message)}</Message>{details}"
        return f"<?xml version='1.0' encoding='UTF-8'?><Error>{reason}</Error>"


class Invalid(StorageError):
    """The request contradicts itself or the rules for names, settings and checksums."""


class Required(StorageError):
    reason = "required"


class ExpiredUrl(StorageError):
    xml_code = "ExpiredToken"

    def __init__(self, when: datetime) -> None:
        super().__init__("The provided token has expired.")
        self.details = {"Details": f"Request signature expired at: {when.isoformat()}"}


class Unauthenticated(StorageError):
    status = 401
    reason = "authError"
    xml_code = "AuthenticationRequired"
    headers: Mapping[str, str] = {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'}


class Forbidden(StorageError):
    status = 403
    reason = "forbidden"
    xml_code = "AccessDenied"


class AccessDenied(Forbidden):
    """By IAM. The XML API keeps the reason apart from the message."""

    def xml(self) -> str:
        reason = f"<Code>{self.xml_code}</Code><Message>Access denied.</Message><Details>{escape(self.message)}</Details>"
        return f"<?xml version='1.0' encoding='UTF-8'?><Error>{reason}</Error>"


class Occupied(Forbidden):
    """An object stands where a caller writes who may not delete it."""

    def __init__(self, bucket: str, name: str) -> None:
        super().__init__(f"{bucket}/{name} is there already, and may not be replaced.")
        self.bucket, self.name = bucket, name


class BadSignature(Forbidden):
    """The answer shows what should have been signed, so that a signer can find where its own differs."""

    xml_code = "SignatureDoesNotMatch"

    def __init__(self, stated: str, canonical: str) -> None:
        text = "The request signature we calculated does not match the signature you provided."
        super().__init__(f"{text} Check your Google secret key and signing method.")
        self.details = {"StringToSign": stated, "CanonicalRequest": canonical}


class NotFound(StorageError):
    status = 404
    reason = "notFound"
    xml_code = "NoSuchKey"


class NoSuchObject(NotFound):
    def __init__(self, bucket: str, name: str, generation: int | None = None) -> None:
        super().__init__(f"No such object: {bucket}/{name}" + (f"#{generation}" if generation is not None else ""))
        self.bucket, self.name = bucket, name


class MethodNotAllowed(StorageError):
    status = 405
    reason = "methodNotAllowed"
    xml_code = "MethodNotAllowed"


class Conflict(StorageError):
    status = 409
    reason = "conflict"
    xml_code = "BucketAlreadyExists"


class NotEmpty(Conflict):
    xml_code = "BucketNotEmpty"


class SessionGone(StorageError):
    status = 410
    reason = "gone"
    xml_code = "NoSuchUpload"


class ConditionNotMet(StorageError):
    status = 412
    reason = "conditionNotMet"
    xml_code = "PreconditionFailed"

    def __init__(self, message: str = "At least one of the pre-conditions you specified did not hold.") -> None:
        super().__init__(message)


class RangeNotSatisfiable(StorageError):
    status = 416
    reason = "requestedRangeNotSatisfiable"
    xml_code = "InvalidRange"

    def __init__(self, message: str, size: int) -> None:
        super().__init__(message)
        self.headers = {"Content-Range": f"bytes */{size}"}


class Cancelled(StorageError):
    """What Google answers to the DELETE of an upload session."""

    status = 499
    reason = "clientClosedRequest"


class NotModified(StorageError):
    status = 304
    reason = "notModified"


class InUse(Exception):
    """Another process serves the same folder."""
