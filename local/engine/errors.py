"""What can go wrong, by what the caller can do about it."""

from collections.abc import Sequence


class EngineError(Exception):
    """The command ends with this sentence."""


class Refused(EngineError):
    """This engine does not do that, by design."""


class StateError(EngineError):
    """The state file cannot be used as it is."""


class PassphraseError(EngineError):
    """A secret cannot be read or written."""


class ResourceFailed(Exception):
    """One resource cannot be brought where the program wants it; what depends on it is skipped."""


class InvalidInputs(ResourceFailed):
    """The provider's Check said no. One sentence per property."""

    def __init__(self, failures: Sequence[str]) -> None:
        super().__init__("\n".join(failures))
        self.failures = tuple(failures)


class InitFailed(ResourceFailed):
    """The resource exists but never became ready: it goes into the state, with the reasons."""

    def __init__(self, id_: str, properties: dict[str, object], reasons: Sequence[str]) -> None:
        super().__init__("\n".join(reasons) or "resource init failed")
        self.id = id_
        self.properties = properties
        self.reasons = tuple(reasons)
