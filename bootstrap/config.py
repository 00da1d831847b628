"""The environment's configuration, read once. Keys, types, defaults and descriptions stand in Pulumi.yaml."""

import difflib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import pulumi
from pulumi.runtime import config as stack_config

_NAMESPACE = "sd-bootstrap:"


class InvalidConfig(Exception):
    """The text names each wrong key, its value and what is allowed."""


class Switch(StrEnum):
    """What a stack may turn on and that takes its deployer more roles."""

    CMEK = "cmek"
    PRIVATE_EGRESS = "privateEgress"
    BINARY_AUTHORIZATION = "binaryAuthorization"
    CLOUD_BUILD = "cloudBuild"


@dataclass(frozen=True)
class Config:
    """`stack` is the environment's name, for Pulumi and for GitHub."""

    stack: str
    project: str
    region: str
    project_number: str
    repository_id: str
    owner_id: str
    branch: str
    switches: tuple[Switch, ...]
    protect: bool

    @classmethod
    def load(cls) -> Self:
        """Raises InvalidConfig, which names everything that is wrong at once."""
        texts = {key: _text(key) for key in _KEYS}
        wrong = _strangers()
        wrong += [f"  {key} {text!r}: {_KEYS[key].allowed}" for key, text in texts.items() if not _KEYS[key].holds(text)]
        if wrong:
            raise InvalidConfig("\n".join([f"bootstrap/Pulumi.{pulumi.get_stack()}.yaml:", *wrong]))
        return cls(*(_KEYS[key].read(text) for key, text in texts.items()))


@dataclass(frozen=True)
class _Key:
    holds: Callable[[str], bool]
    allowed: str
    read: Callable[[str], Any] = str


def _like(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text) is not None


def _switches(text: str) -> tuple[Switch, ...]:
    return tuple(Switch(name) for name in json.loads(text))


def _are_switches(text: str) -> bool:
    names = json.loads(text or "null")
    return isinstance(names, list) and set(names) <= set(Switch)


# in the order of Config's fields
_KEYS = {
    "stack": _Key(
        _like(r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?"), "at most 12 lower-case letters, digits and hyphens, as the stack that it is for"
    ),
    "gcp:project": _Key(_like(r"[a-z][a-z0-9-]{4,28}[a-z0-9]"), "a project's id"),
    "gcp:region": _Key(_like(r"[a-z]+-[a-z]+\d+"), "a region such as us-central1"),
    "projectNumber": _Key(_like(r"\d{6,}"), "the project's number, digits only"),
    "repositoryId": _Key(_like(r"\d+"), "the repository's number: a name could be taken over"),
    "ownerId": _Key(_like(r"\d+"), "the owner's number: a name could be taken over"),
    "branch": _Key(_like(r"[\w./-]+"), "one branch, by its whole name"),
    "switches": _Key(_are_switches, f"a list of {', '.join(Switch)}", _switches),
    "protect": _Key(_like("true|false"), "true or false", lambda text: text == "true"),
}


def _strangers() -> list[str]:
    """A misspelt key would otherwise leave its default in force without a word."""
    # Pulumi's CLI hands the configuration over in the environment, the embedded engine in memory
    given = {key for key in (*stack_config.CONFIG.get(), *stack_config.get_config_env()) if key.startswith(_NAMESPACE)}
    unknown = sorted(key.removeprefix(_NAMESPACE) for key in given if key.removeprefix(_NAMESPACE) not in _KEYS)
    return [f"  {key}: no such key; {_meant(key)}" for key in unknown]


def _meant(key: str) -> str:
    near = difflib.get_close_matches(key, _KEYS, n=1)
    return f"did you mean {near[0]}?" if near else "Pulumi.yaml lists them"


def _text(key: str) -> str:
    if key == "stack":
        return pulumi.get_stack()
    namespace, _, name = key.rpartition(":")
    return pulumi.Config(namespace or None).get(name) or ""
