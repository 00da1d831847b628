"""Why a binding cannot be enforced, and what is not there to be taken away."""


class IamError(Exception):
    """The common base, so that the provider can show the text as it is."""


class UnknownRole(IamError):
    def __init__(self, role: str) -> None:
        kind = "custom role of this project" if role.startswith("projects/") else "role that the local cloud knows"
        super().__init__(f"{role!r} is no {kind}, so what it gives cannot be enforced; predefined roles stand in local/iam/roles.py")


class BadCondition(IamError):
    """The text says what is wrong with which expression."""


class UnknownBinding(IamError):
    def __init__(self, identity: str) -> None:
        super().__init__(f"no binding has the id {identity!r}; `python -m local bindings` lists them")
