"""Who may be called from here, and how a message is signed: https://www.standardwebhooks.com, version 1."""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import secrets
import socket
from datetime import datetime
from urllib.parse import urlsplit

# IPv6 addresses in which a router may find any IPv4 address, private ones too
_IPV4_WITHIN = tuple(map(ipaddress.ip_network, ("::ffff:0:0/96", "64:ff9b::/96", "2002::/16", "2001::/32")))
_PREFIX = "whsec_"


class NotCallable(Exception):
    """The text is a sentence for the designer."""


def new_secret() -> str:
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def addresses(url: str, private: bool = False) -> list[str]:
    """The addresses of the URL's host, each of them public; connect to one of these and to no other, since a name can change what it
    means between two look-ups. `private` allows http and loopback. Raises NotCallable."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise NotCallable(f"This is not an address: {error}.") from error
    if parts.scheme != "https" and not private:
        raise NotCallable("Only https addresses are called.")
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        raise NotCallable("Give a host, and no user, password or fragment.")
    found = _resolved(parts.hostname, port)
    if hidden := [address for address in found if not _may_call(address, private)]:
        raise NotCallable(f"{parts.hostname} is at {hidden[0]}, which is not a public address.")
    return found


def _resolved(host: str, port: int) -> list[str]:
    try:
        return sorted({str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    except (OSError, UnicodeError) as error:
        raise NotCallable(f"The host {host} cannot be found.") from error


def _may_call(address: str, private: bool) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    hidden = parsed.version == 6 and any(parsed in network for network in _IPV4_WITHIN)
    return (parsed.is_global and not parsed.is_multicast and not hidden) or (private and parsed.is_loopback)


def signature(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """The value of the header webhook-signature; webhook-timestamp must be `int(at.timestamp())`."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a webhook's secret is not base64") from error
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
