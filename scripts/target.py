"""Which stack is meant, where it runs and how it is protected, read from its file; and who acts on it from this laptop."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from local import client as local_cloud
from local.iam.principals import OWNER
from scripts import stack

_OWN = "sd-for-designers:"


class UnknownStack(Exception):
    """The text says which stacks there are."""


@dataclass(frozen=True)
class Target:
    """`protected` is what the stack's file says now; what the last `up` made of it is in the state."""

    name: str
    project: str
    region: str
    base_model: str
    protected: bool
    root: Path = stack.ROOT

    @classmethod
    def read(cls, name: str, root: Path = stack.ROOT) -> Self:
        """Raises UnknownStack."""
        file = Path(f"Pulumi.{name}.yaml")
        if not file.exists():
            known = ", ".join(sorted(path.name.split(".")[1] for path in Path().glob("Pulumi.*.yaml")))
            raise UnknownStack(f"there is no {file}; the stacks here are {known or 'none: run this in the repository'}")
        values = {**_defaults(), **(yaml.safe_load(file.read_text()) or {}).get("config", {})}
        return cls(
            name=name,
            project=str(values["gcp:project"]),
            region=str(values["gcp:region"]),
            base_model=str(values.get(f"{_OWN}baseModel", "")),
            protected=str(values.get(f"{_OWN}protectData", True)).lower() == "true",
            root=root,
        )

    @property
    def is_local(self) -> bool:
        return self.name == stack.LOCAL

    @property
    def database(self) -> str:
        return f"sd-{self.name}"

    @property
    def parent(self) -> str:
        return f"projects/{self.project}/locations/{self.region}"

    def environment(self) -> dict[str, str]:
        """Of a process that acts on this stack: the owner's identity and the gateway on the local one, one's own on Google Cloud.

        Raises local.client.NotRunning.
        """
        return {**os.environ, **self._identity()}  # noqa: TID251

    def become_operator(self) -> None:
        """Google's libraries read who they are when they are imported: this process starts again, as the operator, if it is not yet."""
        if not self._identity().items() <= os.environ.items():  # noqa: TID251
            os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], self.environment())  # noqa: S606

    def _identity(self) -> dict[str, str]:
        return local_cloud.environment(self.root, OWNER) if self.is_local else {}


def _defaults() -> dict[str, Any]:
    declared = yaml.safe_load(Path("Pulumi.yaml").read_text()).get("config", {})
    return {f"{_OWN}{key}": schema["default"] for key, schema in declared.items() if isinstance(schema, dict) and "default" in schema}
