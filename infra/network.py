"""Optional: a network over which services and functions reach Google's APIs, and nothing else."""

from collections.abc import Mapping
from typing import Any

import pulumi_gcp as gcp

from infra.component import Component, labels
from infra.config import Config
from infra.foundation import Foundation

# private.googleapis.com, https://cloud.google.com/vpc/docs/configure-private-google-access
_GOOGLE = "199.36.153.8/30"
_GOOGLE_ADDRESSES = tuple(f"199.36.153.{last}" for last in range(8, 12))
# direct egress takes an address per instance and keeps it a while: 1,020 are enough for the instances that the stack may have
_SUBNET = "10.20.0.0/22"
_DOMAINS = ("googleapis.com", "run.app", "cloudfunctions.net")


class Network(Component):
    def __init__(self, name: str, config: Config, foundation: Foundation) -> None:
        super().__init__(name, after=foundation.apis)
        self._name = f"sd-{config.stack}"
        self._network = gcp.compute.Network("network", name=self._name, auto_create_subnetworks=False, opts=self.child())
        self._subnet = gcp.compute.Subnetwork(
            "subnet",
            name=self._name,
            region=config.region,
            network=self._network.id,
            ip_cidr_range=_SUBNET,
            private_ip_google_access=True,
            opts=self.child(),
        )
        self._firewall("allow-google", priority=1000, destination=_GOOGLE, allows=[{"protocol": "tcp", "ports": ["443"]}])
        self._firewall("deny-all", priority=65000, destination="0.0.0.0/0", denies=[{"protocol": "all"}])
        for domain in _DOMAINS:
            self._point_to_google(domain, labels(config))
        self.register_outputs({"network": self._network.id})

    def service(self) -> Mapping[str, Any]:
        """A Cloud Run template's `vpc_access`."""
        return {"egress": "ALL_TRAFFIC", "network_interfaces": [{"network": self._network.id, "subnetwork": self._subnet.id}]}

    def function(self) -> Mapping[str, Any]:
        """What a function's `service_config` has more."""
        return {
            "direct_vpc_egress": "VPC_EGRESS_ALL_TRAFFIC",
            "direct_vpc_network_interfaces": [{"network": self._network.id, "subnetwork": self._subnet.id}],
        }

    def _firewall(self, name: str, priority: int, destination: str, **verdict: Any) -> None:
        gcp.compute.Firewall(
            name,
            name=f"{self._name}-{name}",
            network=self._network.id,
            direction="EGRESS",
            priority=priority,
            destination_ranges=[destination],
            opts=self.child(),
            **verdict,
        )

    def _point_to_google(self, domain: str, labelled: Mapping[str, str]) -> None:
        slug = domain.replace(".", "-")
        zone = gcp.dns.ManagedZone(
            slug,
            name=f"{self._name}-{slug}",
            dns_name=f"{domain}.",
            description=f"{domain} stays within Google's network",
            visibility="private",
            labels=labelled,
            private_visibility_config={"networks": [{"network_url": self._network.id}]},
            opts=self.child(),
        )
        gcp.dns.RecordSet(
            f"{slug}-all",
            managed_zone=zone.name,
            name=f"*.{domain}.",
            type="A",
            ttl=300,
            rrdatas=list(_GOOGLE_ADDRESSES),
            opts=self.child(),
        )
