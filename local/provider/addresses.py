"""What only Google's API refuses, for addresses: of networks, in DNS and on the web."""

import re
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def network_range(value: str) -> str:
    """a range like '10.0.0.0/24'"""
    try:
        ip_network(value)
    except ValueError as error:
        return f"must be a range of addresses like '10.0.0.0/24': {error}"
    return "" if "/" in value else f"must be a range of addresses like '10.0.0.0/24', not one address {value!r}"


def subnet(value: str) -> str:
    """a private range of /8 to /29"""
    reason = network_range(value)
    if reason:
        return reason
    network = ip_network(value)
    if network.version == 4 and not 8 <= network.prefixlen <= 29:
        return f"must be a range of /8 to /29; {value!r} is not"
    return "" if network.is_private else f"must be a range of private addresses like '10.0.0.0/24'; {value!r} is not"


def first(value: str) -> str:
    """The first address that a range can give away."""
    return str(ip_network(value)[1])


def is_one(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def dns_name(value: str) -> str:
    """a DNS name with a dot at its end"""
    if not value.endswith("."):
        return f"must end with a dot, like 'googleapis.com.'; {value!r} does not"
    labels = value[:-1].split(".")
    if len(value) > 254 or not all(re.fullmatch(r"\*|[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?", label) for label in labels):
        return f"must be a DNS name like 'googleapis.com.'; {value!r} is not"
    return ""


def record(kind: str, value: str) -> str:
    """What a record of this kind may hold."""
    if kind in ("A", "AAAA"):
        fits = is_one(value) and (":" in value) == (kind == "AAAA")
        return "" if fits else f"must be an address for a record {kind}; {value!r} is not"
    return dns_name(value) if kind in ("CNAME", "NS", "PTR") else ""


def endpoint(value: str) -> str:
    """https://; plain http:// on this machine alone"""
    host = _host(value)
    if not host or re.search(r"\s", value):
        return f"must be a URL that starts with https://; {value!r} is not"
    if value.startswith("http://") and host not in _LOOPBACK and not host.endswith(".localhost"):
        return f"must start with https://; {value!r} does not"
    return ""


def url(value: str) -> str:
    """http:// or https://"""
    return "" if _host(value) and not re.search(r"\s", value) else f"must be a URL that starts with http:// or https://; {value!r} is not"


def origin(value: str) -> str:
    """'*', or a scheme, a host and a port and no path"""
    if value == "*" or re.fullmatch(r"https?://[^/\s]+", value):
        return ""
    return f"must be '*' or an origin like 'https://portal.example', without a path; {value!r} is not"


def _host(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    return parts.hostname or "" if parts.scheme in ("http", "https") else ""
