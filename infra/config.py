"""The stack's configuration, read once. Keys, types, defaults and descriptions stand in Pulumi.yaml."""

import re
from dataclasses import dataclass, fields
from typing import Any, Self

import pulumi

_STACK = re.compile(r"[a-z][a-z0-9-]{0,11}")


class InvalidConfig(Exception):
    """The stack's configuration cannot be built; the text names the key, its value and what is allowed."""


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

    @classmethod
    def load(cls) -> Self:
        """Raises InvalidConfig."""
        own, gcp = pulumi.Config(), pulumi.Config("gcp")
        values = {item.name: _value(own, item.name, item.type) for item in fields(cls)[3:]}
        config = cls(stack=pulumi.get_stack(), project=gcp.require("project"), region=gcp.require("region"), **values)
        config.check()
        return config

    def check(self) -> None:
        if not _STACK.fullmatch(self.stack):
            raise InvalidConfig(f"stack {self.stack!r}: a name of at most 12 lower-case letters, digits and hyphens, a letter first")
        if not self.project_number.isdigit():
            raise InvalidConfig(f"projectNumber {self.project_number!r}: the project's number, digits only, not its id")
        if not self.designers:
            raise InvalidConfig("designers []: name at least one IAM member, such as group:designers@example.com")
        for member in self.designers:
            if not re.match(r"(user|group|domain|serviceAccount):.+", member):
                raise InvalidConfig(f"designers {member!r}: user:..., group:..., domain:... or serviceAccount:...")


def _value(own: pulumi.Config, name: str, kind: Any) -> Any:
    key = re.sub(r"_(.)", lambda match: match.group(1).upper(), name)
    if kind is bool:
        return own.require_bool(key)
    if kind == tuple[str, ...]:
        return tuple(own.require_object(key))
    text = own.get(key)
    if text is None:
        raise InvalidConfig(f"{key} is not set: `pulumi config set {key} ...`; Pulumi.yaml says what it is")
    try:
        return kind(text)
    except ValueError as error:
        raise InvalidConfig(f"{key} {text!r}: expected {kind.__name__}") from error
