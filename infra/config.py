"""The stack's configuration, read once. Keys, types, defaults and descriptions stand in Pulumi.yaml."""

import difflib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

import pulumi
from pulumi.runtime import config as stack_config

_NAMESPACE = "sd-for-designers:"


class InvalidConfig(pulumi.RunError):
    """The stack's configuration cannot be built; the text names each wrong key, its value and what is allowed."""


class Images(StrEnum):
    """Where container images come from."""

    DOCKER = "docker"
    CLOUD_BUILD = "cloud-build"
    PREBUILT = "prebuilt"


@dataclass(frozen=True)
class Config:
    """The field `project_number` is the key `projectNumber`; `project` and `region` are gcp's own."""

    stack: str
    project: str
    region: str
    project_number: str
    designers: tuple[str, ...]
    protect_data: bool
    base_model: str
    resolution: int
    training_steps: int
    batch_size: int
    learning_rate: float
    lora_learning_rate: float
    class_pictures: int
    sampling_steps: int
    guidance: float
    training_machine: str
    training_accelerator: str
    serving_machine: str
    serving_accelerator: str
    poll_seconds: float
    min_pictures: int
    open_jobs: int
    idle_hours: float
    daily_pictures: int
    daily_mebibytes: int
    daily_gpu_minutes: int
    safety_check: bool
    private_webhooks: bool
    billed: bool
    operators: tuple[str, ...]
    billing_account: str
    monthly_budget: int
    images: Images
    image_digests: Mapping[str, str]
    cmek: bool
    private_egress: bool
    binary_authorization: bool
    audit_data_access: bool
    api_wait: str

    @classmethod
    def load(cls) -> Self:
        """What the stack's file says, of the right types; whether it can be built is for infra.checks. Raises InvalidConfig."""
        wrong = unknown_keys()
        values: dict[str, Any] = {"stack": pulumi.get_stack()}
        for item in fields(cls)[1:]:
            try:
                values[item.name] = _value(item.name, item.type)
            except InvalidConfig as fault:
                wrong.append(str(fault))
        if wrong:
            raise InvalidConfig("\n".join([f"Pulumi.{pulumi.get_stack()}.yaml:", *wrong]))
        return cls(**values)


def unknown_keys() -> list[str]:
    """A misspelt key would otherwise leave its default in force without a word."""
    known = {key_of(item.name) for item in fields(Config)[3:]}
    # Pulumi's CLI hands the configuration over in the environment, the embedded engine in memory
    keys = {*stack_config.CONFIG.get(), *stack_config.get_config_env()}
    given = [key.removeprefix(_NAMESPACE) for key in keys if key.startswith(_NAMESPACE)]
    return [f"  {key}: no such key; {_meant(key, known)}" for key in sorted(set(given) - known)]


def _meant(key: str, known: set[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"did you mean {near[0]}?" if near else "Pulumi.yaml lists them"


def key_of(name: str) -> str:
    return re.sub(r"_(.)", lambda match: match.group(1).upper(), name)


def _value(name: str, kind: Any) -> Any:
    """Raises InvalidConfig for one key."""
    if name in {"project", "region"}:
        return _given("gcp", name)
    text = _given("", key_of(name))
    try:
        return _KINDS[kind].read(text)
    except ValueError as error:
        raise InvalidConfig(f"  {key_of(name)} {text!r}: expected {_KINDS[kind].expected}") from error


def _given(namespace: str, key: str) -> str:
    text = pulumi.Config(namespace or None).get(key)
    if text is None:
        name = f"{namespace}:{key}" if namespace else key
        raise InvalidConfig(f"  {name}: not set; `pulumi config set {name} ...` (Pulumi.yaml says what it is)")
    return text


def _truth(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


def _words(text: str) -> tuple[str, ...]:
    words = json.loads(text)
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(text)
    return tuple(words)


def _table(text: str) -> Mapping[str, str]:
    table = json.loads(text)
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise ValueError(text)
    return table


@dataclass(frozen=True)
class _Kind:
    """How a key's text is read, and what the refusal says that it should have been."""

    read: Callable[[str], Any]
    expected: str


_KINDS: Mapping[Any, _Kind] = {
    str: _Kind(str, "text"),
    int: _Kind(int, "a whole number"),
    float: _Kind(float, "a number"),
    bool: _Kind(_truth, "true or false"),
    Images: _Kind(Images, f"one of {', '.join(Images)}"),
    tuple[str, ...]: _Kind(_words, "a list of texts"),
    Mapping[str, str]: _Kind(_table, "a table of texts"),
}
