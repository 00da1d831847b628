"""From what the SDK asks to what this engine works with."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from local.engine import wire
from local.engine.errors import Refused, ResourceFailed
from local.engine.resource import Alias, Goal
from local.engine.values import Properties

_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def refuse_unsupported(request: Any) -> None:
    wanted = {
        "transforms": bool(request.transforms),
        "state migrations": bool(request.state_migrations),
        "hooks": request.HasField("hooks") and request.hooks.ByteSize() > 0,
        "the import option": bool(request.importId),
        "remote components": request.remote,
        "environment variable mappings": bool(request.envVarMappings),
        "parameterized providers": bool(request.packageRef),
        "stack references": request.type == "pulumi:pulumi:StackReference",
    }
    for what, asked in wanted.items():
        if asked:
            raise Refused(f"{request.type} '{request.name}' uses {what}, which this engine does not support. Use Pulumi's CLI for it.")


def goal_of(request: Any, folder: Path) -> Goal:
    properties, depends = _properties_of(request)
    return Goal(
        type=request.type,
        name=request.name,
        custom=request.custom,
        properties=properties,
        parent=request.parent,
        provider=request.provider,
        providers=dict(request.providers),
        version=request.version,
        dependencies=sorted(set(request.dependencies)),
        property_dependencies=depends,
        protect=request.protect if request.HasField("protect") else None,
        retain_on_delete=request.retainOnDelete if request.HasField("retainOnDelete") else None,
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined or request.deleteBeforeReplace else None,
        deleted_with=request.deletedWith,
        replace_with=list(request.replace_with),
        replacement_trigger=wire.decode_value(request.replacement_trigger) if request.HasField("replacement_trigger") else None,
        ignore_changes=list(request.ignoreChanges),
        replace_on_changes=list(request.replaceOnChanges),
        additional_secret_outputs=list(request.additionalSecretOutputs),
        aliases=[*(Alias(urn=urn) for urn in request.aliasURNs), *(_alias(alias) for alias in request.aliases)],
        custom_timeouts=_timeouts(request.customTimeouts) if request.HasField("customTimeouts") else {},
        source_position=_position(request, folder),
    )


def _properties_of(request: Any) -> tuple[Properties, dict[str, list[str]]]:
    """With what each comes from: as the SDK says, and as output values within it say; without either, from everything."""
    said = {key: set(entry.urns) for key, entry in request.propertyDependencies.items()}
    properties: Properties = {}
    for key in sorted(request.object.fields):
        properties[key] = wire.decode_value(request.object.fields[key], said.setdefault(key, set()))
    if not request.propertyDependencies:
        said = {key: set(request.dependencies) for key in properties}
    return properties, {key: sorted(given) for key, given in sorted(said.items()) if given}


def read_goal_of(request: Any, folder: Path) -> Goal:
    return Goal(
        type=request.type,
        name=request.name,
        custom=True,
        properties=wire.decode(request.properties),
        parent=request.parent,
        provider=request.provider,
        version=request.version,
        dependencies=sorted(set(request.dependencies)),
        additional_secret_outputs=list(request.additionalSecretOutputs),
        source_position=_position(request, folder),
    )


def _alias(alias: Any) -> Alias:
    if alias.WhichOneof("alias") == "urn":
        return Alias(urn=alias.urn)
    spec = alias.spec
    return Alias(name=spec.name, type=spec.type, stack=spec.stack, project=spec.project, parent=spec.parentUrn, no_parent=spec.noParent)


def _timeouts(timeouts: Any) -> dict[str, float]:
    given = {name: getattr(timeouts, name) for name in ("create", "update", "delete", "read")}
    return {name: seconds(text) for name, text in given.items() if text}


def seconds(duration: str) -> float:
    """Go's durations: `1h30m`, `90s`, `1.5m`."""
    parts = re.findall(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)", duration)
    if "".join(number + unit for number, unit in parts) != duration or not parts:
        raise ResourceFailed(f"the timeout {duration!r} is not a duration such as 30s, 5m or 1h30m")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def _position(request: Any, folder: Path) -> str:
    """Where in the program, relative to the project."""
    position = request.sourcePosition
    if not position.uri:
        return ""
    path = os.path.relpath(unquote(urlsplit(position.uri).path), folder)
    return f"project:///{path}#{position.line}" + (f",{position.column}" if position.column else "")
