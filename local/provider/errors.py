"""What the provider answers instead of doing what it was asked. Every text says what, which, and what to do."""


class Refused(Exception):
    """As Google's API answers 400."""

    status = "INVALID_ARGUMENT"


class AlreadyExists(Refused):
    """As 409."""

    status = "ALREADY_EXISTS"


class NotFound(Refused):
    """As 404."""

    status = "NOT_FOUND"


class Protected(Refused):
    """The resource says of itself that it must not be deleted."""

    status = "FAILED_PRECONDITION"


class PreviewOnly(Refused):
    """The server has no cloud behind it."""

    status = "FAILED_PRECONDITION"


class UnknownType(Refused):
    status = "UNIMPLEMENTED"
