"""Networks, their subnetworks and firewall rules, which are records: workloads here listen on this machine alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from local.provider import addresses, refusals
from local.provider.catalog.members import one
from local.provider.names import Autoname, filled, now, number, short
from local.provider.records import State
from local.provider.regions import Service, location
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
    apart,
    at_least_one,
    block,
    block_set,
    blocks,
    deletion_policy,
    exactly_one,
    flag,
    integer,
    mapping,
    text,
    text_set,
    texts,
)
from local.provider.schema import number as decimal
from local.provider.types import Inputs, Reference, Type
from local.provider.validation import Failure

NETWORK = "gcp:compute/network:Network"
_API = "https://www.googleapis.com/compute/v1/"
_NETWORK = "projects/{project}/global/networks/{name}"
_SUBNETWORK = "projects/{project}/regions/{region}/subnetworks/{name}"
_FIREWALL = "projects/{project}/global/firewalls/{name}"

_PARAMS = block({"resourceManagerTags": mapping(FIXED)}, FIXED)
_RULES = block_set({"ports": texts(), "protocol": text(REQUIRED, form=str.lower)})
_SOURCES = ("sourceRanges", "sourceTags", "sourceServiceAccounts")

_LOGS = block(
    {
        "aggregationInterval": text(
            FREE,
            "INTERVAL_5_SEC",
            "INTERVAL_30_SEC",
            "INTERVAL_1_MIN",
            "INTERVAL_5_MIN",
            "INTERVAL_10_MIN",
            "INTERVAL_15_MIN",
            default="INTERVAL_5_SEC",
        ),
        "filterExpr": text(default="true"),
        "flowSampling": decimal(default=0.5, between=(0, 1)),
        "metadata": text(FREE, "EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA", "CUSTOM_METADATA", default="INCLUDE_ALL_METADATA"),
        "metadataFields": text_set(),
    },
    FREE,
    at_least_one("aggregationInterval", "filterExpr", "flowSampling", "metadata"),
)

_SECONDARY = blocks(
    {
        "ipCidrRange": text(FILLED, refuses=addresses.network_range),
        "ipCollection": text(),
        "ipVersion": text(FILLED, "IPV4", "IPV6"),
        "rangeName": text(REQUIRED, refuses=refusals.compute_name),
        "reservedInternalRange": text(),
    },
    FILLED,
    items=(0, 170),
)


def link(state: State) -> Any:
    """A network's full address, given its name, its id or that address."""
    network = state.get("network")
    if not isinstance(network, str):
        return network
    path = network.removeprefix(_API)
    return _API + path if "/" in path else filled(f"{_API}projects/{{project}}/global/networks/{path}", state)


def _of_network(state: State) -> Iterable[Reference]:
    return one(NETWORK, "{network}", "network")({**state, "network": str(link(state)).removeprefix(_API)})


def _gateway(state: State) -> Any:
    """The first address of the range."""
    given = state.get("ipCidrRange")
    return addresses.first(given) if isinstance(given, str) else given


def _firewall_checks(inputs: Inputs) -> Iterable[Failure]:
    """Direction INGRESS has one of `sourceRanges`, `sourceTags` and `sourceServiceAccounts`, EGRESS none; ports are for tcp,
    udp and sctp."""
    sources = [name for name in _SOURCES if inputs.get(name) is not None]
    if inputs.get("direction") == "EGRESS" and sources:
        yield Failure(sources[0], f"'{sources[0]}' says where traffic comes from, which a rule with direction EGRESS has no use for")
    if inputs.get("direction", "INGRESS") == "INGRESS" and not sources:
        yield Failure(_SOURCES[0], f"one of {', '.join(f'{name!r}' for name in _SOURCES)} must be given with direction INGRESS")
    for name in ("allows", "denies"):
        rules = inputs.get(name)
        yield from _rule_failures(name, rules if isinstance(rules, list) else [])


def _rule_failures(name: str, rules: list[Any]) -> Iterable[Failure]:
    for index, rule in enumerate(rules):
        if isinstance(rule, Mapping) and rule.get("ports") and str(rule.get("protocol")).lower() not in ("tcp", "udp", "sctp", "6", "17"):
            path = f"{name}[{index}].ports"
            yield Failure(path, f"'{path}' means something for tcp, udp and sctp alone, not for {rule.get('protocol')!r}")


TYPES = (
    Type(
        NETWORK,
        id=_NETWORK,
        properties={
            "autoCreateSubnetworks": flag(FIXED, default=True),
            "bgpAlwaysCompareMed": flag(FILLED),
            "bgpBestPathSelectionMode": text(FILLED, "LEGACY", "STANDARD"),
            "bgpInterRegionCost": text(FILLED, "DEFAULT", "ADD_COST_TO_MED"),
            "deleteBgpAlwaysCompareMed": flag(default=False),
            "deleteDefaultRoutesOnCreate": flag(default=False),
            "deletionPolicy": deletion_policy(),
            "description": text(FIXED),
            "enableUlaInternalIpv6": flag(),
            "internalIpv6Range": text(FIXED | FILLED),
            "mtu": integer(FILLED, between=(1300, 8896), fills=1460),
            "name": text(FIXED, refuses=refusals.compute_name),
            "networkFirewallPolicyEnforcementOrder": text(
                FREE, "BEFORE_CLASSIC_FIREWALL", "AFTER_CLASSIC_FIREWALL", default="AFTER_CLASSIC_FIREWALL"
            ),
            "networkProfile": text(FIXED),
            "params": _PARAMS,
            "project": text(FIXED | FILLED),
            "routingMode": text(FILLED, "REGIONAL", "GLOBAL", fills="REGIONAL"),
        },
        autoname=Autoname(longest=63, lower=True),
        outputs={"selfLink": f"{_API}{_NETWORK}"},
        made={"networkId": number, "numericId": number},
    ),
    Type(
        "gcp:compute/subnetwork:Subnetwork",
        id=_SUBNETWORK,
        properties={
            "allowSubnetCidrRoutesOverlap": flag(FILLED),
            "deletionPolicy": deletion_policy(),
            "description": text(FIXED),
            "externalIpv6Prefix": text(FIXED | FILLED),
            "internalIpv6Prefix": text(FIXED | FILLED, refuses=addresses.network_range),
            "ipCidrRange": text(FILLED, refuses=addresses.subnet),
            "ipCollection": text(),
            "ipv6AccessType": text(FREE, "EXTERNAL", "INTERNAL"),
            "logConfig": _LOGS,
            "name": text(FIXED, refuses=refusals.compute_name),
            "network": text(REQUIRED | FIXED, form=short),
            "params": _PARAMS,
            "privateIpGoogleAccess": flag(FILLED, fills=False),
            "privateIpv6GoogleAccess": text(FILLED, fills="DISABLE_GOOGLE_ACCESS"),
            "project": text(FIXED | FILLED),
            "purpose": text(FILLED, fills="PRIVATE"),
            "region": text(FIXED | FILLED, refuses=location(Service.COMPUTE)),
            "reservedInternalRange": text(FIXED),
            "resolveSubnetMask": text(
                FIXED, "ARP_ALL_RANGES", "ARP_PRIMARY_RANGE", "ARP_BROADCAST_PRIMARY_RANGE", "ARP_BROADCAST_PRIMARY_RANGE_WITH_LEARNING"
            ),
            "role": text(FREE, "ACTIVE", "BACKUP"),
            "secondaryIpRanges": _SECONDARY,
            "sendSecondaryIpRangeIfEmpty": flag(),
            "stackType": text(FILLED, "IPV4_ONLY", "IPV4_IPV6", "IPV6_ONLY", fills="IPV4_ONLY"),
        },
        autoname=Autoname(longest=63, lower=True),
        outputs={"network": link, "selfLink": f"{_API}{_SUBNETWORK}", "gatewayAddress": _gateway},
        made={"creationTimestamp": now},
        references=_of_network,
    ),
    Type(
        "gcp:compute/firewall:Firewall",
        id=_FIREWALL,
        properties={
            "allows": _RULES,
            "deletionPolicy": deletion_policy(),
            "denies": _RULES,
            "description": text(),
            "destinationRanges": text_set(FILLED, refuses=addresses.network_range),
            "direction": text(FIXED | FILLED, "INGRESS", "EGRESS", fills="INGRESS"),
            "disabled": flag(),
            "enableLogging": flag(FILLED),
            "logConfig": block({"metadata": text(REQUIRED, "EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA")}),
            "name": text(FIXED, refuses=refusals.compute_name),
            "network": text(REQUIRED, form=short),
            "params": _PARAMS,
            "priority": integer(between=(0, 65535), default=1000),
            "project": text(FIXED | FILLED),
            "sourceRanges": text_set(refuses=addresses.network_range),
            "sourceServiceAccounts": text_set(items=(0, 10)),
            "sourceTags": text_set(),
            "targetServiceAccounts": text_set(items=(0, 10)),
            "targetTags": text_set(),
        },
        groups=(
            exactly_one("allows", "denies"),
            apart("sourceServiceAccounts", "sourceTags"),
            apart("sourceServiceAccounts", "targetTags"),
            apart("targetServiceAccounts", "sourceTags"),
            apart("targetServiceAccounts", "targetTags"),
        ),
        autoname=Autoname(longest=63, lower=True),
        outputs={"network": link, "selfLink": f"{_API}{_FIREWALL}"},
        made={"creationTimestamp": now},
        checks=_firewall_checks,
        references=_of_network,
    ),
)
