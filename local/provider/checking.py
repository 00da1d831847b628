"""Check: names, defaults, and everything that can be said against a resource before anything is made."""

import asyncio
from typing import Any

from local.provider.assets import with_hashes
from local.provider.defaults import DEFAULTED, Naming, completed, named
from local.provider.types import Inputs, Settings, Type
from local.provider.validation import Failure, failures
from local.provider.wire import revealed


async def checked(kind: Type, settings: Settings, news: Inputs, olds: Inputs, naming: Naming) -> tuple[Inputs, list[Failure]]:
    """The inputs that the engine goes on with, marks of secrets kept, and what is wrong with them."""
    given = {name: value for name, value in news.items() if value is not None and name != DEFAULTED}
    inputs, found = named(kind, given, olds, naming)
    plain = revealed(inputs)
    found += failures(kind.properties, kind.groups, plain)
    if not found and kind.checks:
        found += kind.checks(plain)
    if found:
        return given, found
    return await asyncio.to_thread(_prepared, kind, settings, given, inputs), []


def _prepared(kind: Type, settings: Settings, given: Inputs, inputs: dict[str, Any]) -> Inputs:
    """Reads files: what an asset holds, what an image is built from."""
    full = completed(kind, given, with_hashes(inputs, settings.directory))
    return kind.prepare(full, settings) if kind.prepare else full


def keeps_name(kind: Type, inputs: Inputs) -> bool:
    """Whether a replacement would have to take the very name that is in use."""
    return kind.autoname is None or kind.autoname.property not in (inputs.get(DEFAULTED) or [])
