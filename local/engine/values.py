"""Property values: JSON, and two things that JSON lacks: what is not known yet, and what must not be shown.

Assets, archives and references to resources stay the maps with a signature that they are on the wire and in the state.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

Properties = dict[str, Any]

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a marker, not a secret
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class Unknown:
    """The one value that will be known once something else has been made."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __deepcopy__(self, memo: object) -> "Unknown":
        return self


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Secret:
    element: Any
    # as it stands in the state, so that an unchanged secret is not encrypted anew at each write
    ciphertext: str | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return "Secret([secret])"


def signature(value: Any) -> str | None:
    return value.get(SIGNATURE) if isinstance(value, dict) else None


def is_asset(value: Any) -> bool:
    return signature(value) in (ASSET, ARCHIVE)


def walk(value: Any) -> Iterator[Any]:
    """The value and all that it holds; not into assets, whose parts are no properties."""
    yield value
    if isinstance(value, Secret):
        yield from walk(value.element)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)
    elif isinstance(value, dict) and not is_asset(value):
        for item in value.values():
            yield from walk(item)


def has_unknown(value: Any) -> bool:
    return any(part is UNKNOWN for part in walk(value))


def has_secret(value: Any) -> bool:
    return any(isinstance(part, Secret) for part in walk(value))


def rewrite(value: Any, change: Callable[[Any], Any]) -> Any:
    """A copy in which `change` has replaced every part, children first."""
    if isinstance(value, Secret):
        element = rewrite(value.element, change)
        value = value if element is value.element else Secret(element)
    elif isinstance(value, list):
        value = [rewrite(item, change) for item in value]
    elif isinstance(value, dict) and not is_asset(value):
        value = {key: rewrite(item, change) for key, item in value.items()}
    return change(value)


def reveal(value: Any) -> Any:
    """Without its secret marks; only for what stays in this process or goes to the provider."""
    return rewrite(value, lambda part: part.element if isinstance(part, Secret) else part)


def mark_like(outputs: Properties, inputs: Properties) -> Properties:
    """Outputs of a provider that does not know secrets: secret where the input of the same name is."""
    return {key: _mark_like(value, inputs[key]) if key in inputs else value for key, value in outputs.items()}


def _mark_like(output: Any, given: Any) -> Any:
    if isinstance(output, dict) and isinstance(given, dict) and not is_asset(output):
        return mark_like(output, given)
    return Secret(output) if has_secret(given) and not isinstance(output, Secret) else output
