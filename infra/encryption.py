"""Optional: a key of the stack's own under which Google encrypts what it keeps for it."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_gcp as gcp

from infra.access import Agent, Resource
from infra.bindings import Access
from infra.component import Component, labels
from infra.config import Config

_NINETY_DAYS = "7776000s"


class Encryption(Component):
    """Ring and key have names that Pulumi makes up: Google never forgets a ring, so that a fixed name could not be brought up twice."""

    def __init__(self, name: str, config: Config, agents: Mapping[Agent, pulumi.Input[str]], after: Sequence[pulumi.Resource]) -> None:
        super().__init__(name, after=after)
        protect = config.protect_data
        ring = gcp.kms.KeyRing(f"sd-{config.stack}", location=config.region, opts=self.child(protect=protect))
        made = gcp.kms.CryptoKey(
            f"sd-{config.stack}-data",
            key_ring=ring.id,
            rotation_period=_NINETY_DAYS,
            labels=labels(config),
            deletion_policy="PREVENT" if protect else "DELETE",
            opts=self.child(protect=protect),
        )
        usable = Access("key-access", config, {agent: [member] for agent, member in agents.items()}, {Resource.KEY: made.id})
        # what is made under a key that Google's agents may not use yet is refused
        self.key = pulumi.Output.all(made.id, *[binding.id for binding in usable.bindings]).apply(lambda known: str(known[0]))
        self.register_outputs({"key": self.key})
