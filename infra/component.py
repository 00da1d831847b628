"""What every component of this program is."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from infra.config import Config


class Component(pulumi.ComponentResource):
    """A part of the architecture. Its children are made under it, and wait for what it waits for."""

    def __init__(self, name: str, after: Sequence[pulumi.Resource] = (), opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(f"sd:infra:{type(self).__name__}", name, None, opts)
        self._after = list(after)

    def child(self, **options: Any) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions.merge(
            pulumi.ResourceOptions(parent=self, depends_on=self._after or None), pulumi.ResourceOptions(**options)
        )


def labels(config: Config) -> Mapping[str, str]:
    """On everything that can carry labels: what a bill is split by, and what a stack's leftovers are found by."""
    return {"app": "sd-for-designers", "stack": config.stack}
