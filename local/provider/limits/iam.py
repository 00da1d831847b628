"""Bindings of roles to members."""

from collections.abc import Iterator

from local.provider import expressions
from local.provider.types import Inputs
from local.provider.validation import Failure
from local.provider.within import blocks, every, wrong

_BASIC = ("roles/owner", "roles/editor", "roles/viewer")
_EVERYBODY = ("allUsers", "allAuthenticatedUsers")
_LENGTHS = {"title": 100, "description": 256}


def expression(inputs: Inputs) -> Iterator[Failure]:
    """A condition's `expression` has at most 12 logical operators, and its quotes and brackets are closed; its `title` has at most 100
    characters, its `description` 256."""
    for path, condition in blocks(inputs, "condition"):
        given = condition.get("expression")
        reason = expressions.condition(given) if isinstance(given, str) else ""
        if reason:
            yield wrong(f"{path}.expression", reason)
        for name, longest in _LENGTHS.items():
            if isinstance(condition.get(name), str) and len(condition[name]) > longest:
                yield wrong(f"{path}.{name}", f"must have at most {longest} characters, not {len(condition[name])}")


def nobody_in_particular(inputs: Inputs) -> Iterator[Failure]:
    """A condition goes with neither a basic role (owner, editor, viewer) nor allUsers and allAuthenticatedUsers."""
    for path, _ in blocks(inputs, "condition"):
        if inputs.get("role") in _BASIC:
            yield wrong(path, f"cannot be given with the basic role {inputs['role']}")
        if inputs.get("member") in _EVERYBODY:
            yield wrong(path, f"cannot be given with {inputs['member']}")


binding = every(expression, nobody_in_particular)
