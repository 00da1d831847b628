"""Who may do what: the one place that decides it."""


def authorize(principal: str, host: str, method: str) -> str | None:
    """The permission that `principal` lacks for `method` (a gRPC method's path, or `VERB /path`) on `host`, or None.

    Whoever has proven who they are may do everything: the roles that a program grants are not looked at.
    """
    return None
