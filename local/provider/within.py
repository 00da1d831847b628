"""Walking through inputs whose shape is the program's own: what is missing, unknown or of another form is passed over."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from local.provider.types import Inputs
from local.provider.validation import Failure, joined
from local.provider.wire import Unknown

Check = Callable[[Inputs], Iterable[Failure]]


def within(inputs: Inputs, path: str) -> Iterator[tuple[str, Any]]:
    """What is known at `path`, with its own path; `a.b[].c` goes through every member of the list `b`."""
    yield from _walk(inputs, path.split("."), "")


def _walk(value: Any, steps: list[str], path: str) -> Iterator[tuple[str, Any]]:
    if value is None or isinstance(value, Unknown):
        return
    if not steps:
        yield path, value
    elif isinstance(value, Mapping):
        name, each = steps[0].removesuffix("[]"), steps[0].endswith("[]")
        yield from _members(value.get(name), steps[1:], joined(path, name), each)


def _members(value: Any, steps: list[str], path: str, each: bool) -> Iterator[tuple[str, Any]]:
    if not each:
        yield from _walk(value, steps, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, steps, f"{path}[{index}]")


def blocks(inputs: Inputs, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """As `within`, but blocks of properties alone."""
    yield from ((at, value) for at, value in within(inputs, path) if isinstance(value, Mapping))


def amount(block: Mapping[str, Any], name: str, otherwise: float | None = None) -> float | None:
    """A number that is known; `otherwise` when it is left out."""
    value = block.get(name, otherwise)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def every(*checks: Check) -> Check:
    """One check of several. What each holds against a resource is what its docstring says."""

    def check(inputs: Inputs) -> Iterator[Failure]:
        for one in checks:
            yield from one(inputs)

    check.__doc__ = "\n\n".join((one.__doc__ or "").strip() for one in checks)
    return check


def wrong(path: str, reason: str) -> Failure:
    """`reason` goes on after the name of the property."""
    return Failure(path, f"'{path}' {reason}")
