"""Cloud DNS: zones and their records. Nothing here resolves a name by them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from local.provider import addresses, refusals
from local.provider.catalog.compute import NETWORK
from local.provider.catalog.members import one
from local.provider.names import Autoname, now, short
from local.provider.records import State
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
    at_least_one,
    block,
    block_set,
    blocks,
    deletion_policy,
    exactly_one,
    flag,
    integer,
    mapping,
    number,
    text,
    texts,
)
from local.provider.types import Inputs, Reference, Type
from local.provider.validation import Failure

ZONE = "gcp:dns/managedZone:ManagedZone"
_API = "https://www.googleapis.com/compute/v1/"
_KINDS = ("A", "AAAA", "ALIAS", "CAA", "CNAME", "DNSKEY", "DS", "HTTPS", "IPSECKEY", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV")
_MORE_KINDS = ("SSHFP", "SVCB", "TLSA", "TXT")
_NETWORK_URL = text(REQUIRED, form=short)

_SECURITY = block(
    {
        "defaultKeySpecs": blocks(
            {
                "algorithm": text(FREE, "ecdsap256sha256", "ecdsap384sha384", "rsasha1", "rsasha256", "rsasha512"),
                "keyLength": integer(),
                "keyType": text(FREE, "keySigning", "zoneSigning"),
                "kind": text(default="dns#dnsKeySpec"),
            },
            FILLED,
        ),
        "kind": text(default="dns#managedZoneDnsSecConfig"),
        "nonExistence": text(FILLED, "nsec", "nsec3"),
        "state": text(FREE, "off", "on", "transfer"),
    },
    FILLED,
    at_least_one("defaultKeySpecs", "kind", "nonExistence", "state"),
)

_FORWARDING = block(
    {
        "targetNameServers": block_set(
            {"domainName": text(), "forwardingPath": text(FREE, "default", "private"), "ipv4Address": text(), "ipv6Address": text()},
            REQUIRED,
        )
    }
)

_VISIBILITY = block(
    {"gkeClusters": blocks({"gkeClusterName": text(REQUIRED)}), "networks": block_set({"networkUrl": _NETWORK_URL})},
    FREE,
    at_least_one("gkeClusters", "networks"),
)

_HEALTH = block(
    {
        "externalEndpoints": texts(),
        "internalLoadBalancers": blocks(
            {
                "ipAddress": text(REQUIRED),
                "ipProtocol": text(REQUIRED, "tcp", "udp"),
                "loadBalancerType": text(FREE, "regionalL4ilb", "regionalL7ilb", "globalL7ilb"),
                "networkUrl": _NETWORK_URL,
                "port": text(REQUIRED),
                "project": text(REQUIRED),
                "region": text(),
            }
        ),
    }
)
_BY_PLACE = blocks({"healthCheckedTargets": _HEALTH, "location": text(REQUIRED), "rrdatas": texts()})

_ROUTING = block(
    {
        "enableGeoFencing": flag(),
        "geos": _BY_PLACE,
        "healthCheck": text(FIXED),
        "primaryBackup": block(
            {
                "backupGeos": _BY_PLACE,
                "enableGeoFencingForBackups": flag(),
                "primary": _HEALTH,
                "trickleRatio": number(),
            }
        ),
        "wrrs": blocks({"healthCheckedTargets": _HEALTH, "rrdatas": texts(), "weight": number(REQUIRED)}),
    },
    FREE,
    exactly_one("geos", "primaryBackup", "wrrs"),
)


def _zone_checks(inputs: Inputs) -> Iterable[Failure]:
    """A private zone names the networks that see it."""
    if inputs.get("visibility") == "private" and inputs.get("privateVisibilityConfig") is None:
        yield Failure("privateVisibilityConfig", "'privateVisibilityConfig' must name the networks that see a zone with visibility private")


def _record_checks(inputs: Inputs) -> Iterable[Failure]:
    """A and AAAA hold addresses, CNAME, NS and PTR names with a dot at their end; there is one CNAME."""
    kind, data = inputs.get("type"), inputs.get("rrdatas")
    if kind == "CNAME" and isinstance(data, list) and len(data) != 1:
        yield Failure("rrdatas", f"'rrdatas' must have one entry for a CNAME, not {len(data)}")
    for index, entry in enumerate(data if isinstance(data, list) else []):
        reason = addresses.record(str(kind), entry) if isinstance(entry, str) else ""
        if reason:
            yield Failure(f"rrdatas[{index}]", f"'rrdatas[{index}]' {reason}")


def _networks(state: State) -> Iterable[Reference]:
    visible: Mapping[str, Any] = state.get("privateVisibilityConfig") or {}
    networks: Sequence[Mapping[str, Any]] = visible.get("networks") or ()
    for network in networks:
        path = str(network["networkUrl"]).removeprefix(_API)
        yield Reference(NETWORK, path, f"network {path}")


TYPES = (
    Type(
        ZONE,
        id="projects/{project}/managedZones/{name}",
        properties={
            "cloudLoggingConfig": block({"enableLogging": flag(REQUIRED)}, FILLED),
            "deletionPolicy": deletion_policy(),
            "description": text(default="Managed by Pulumi", length=(1, 1024)),
            "dnsName": text(REQUIRED | FIXED, refuses=addresses.dns_name),
            "dnssecConfig": _SECURITY,
            "forceDestroy": flag(default=False),
            "forwardingConfig": _FORWARDING,
            "labels": mapping(refuses=refusals.labels),
            "name": text(FIXED, refuses=refusals.compute_name),
            "peeringConfig": block({"targetNetwork": block({"networkUrl": _NETWORK_URL}, REQUIRED)}),
            "privateVisibilityConfig": _VISIBILITY,
            "project": text(FIXED | FILLED),
            "reverseLookup": flag(FIXED),
            "serviceDirectoryConfig": block({"namespace": block({"namespaceUrl": text(REQUIRED)}, REQUIRED)}),
            "visibility": text(FIXED, "private", "public", default="public"),
        },
        autoname=Autoname(longest=63, lower=True),
        made={"creationTime": now},
        labelled=True,
        checks=_zone_checks,
        references=_networks,
    ),
    Type(
        "gcp:dns/recordSet:RecordSet",
        id="projects/{project}/managedZones/{managedZone:short}/rrsets/{name}/{type}",
        properties={
            "deletionPolicy": deletion_policy(),
            "managedZone": text(REQUIRED | FIXED, form=short),
            "name": text(REQUIRED | FIXED, refuses=addresses.dns_name),
            "project": text(FIXED | FILLED),
            "routingPolicy": _ROUTING,
            "rrdatas": texts(form=str.lower),
            "ttl": integer(between=(0, 2_147_483_647)),
            "type": text(REQUIRED, *_KINDS, *_MORE_KINDS),
        },
        groups=(exactly_one("rrdatas", "routingPolicy"),),
        adopts=True,
        checks=_record_checks,
        references=one(ZONE, "projects/{project}/managedZones/{managedZone:short}", "zone"),
    ),
)
