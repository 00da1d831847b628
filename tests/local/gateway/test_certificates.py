import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from local.gateway import certificates, keys
from local.gateway.certificates import Authority
from local.layout import Layout


def handshake(authority: Authority, certified: list[str], asked: str) -> None:
    """Both ends of a TLS handshake, in memory. Raises what the client would."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context(cafile=str(authority.ca)).wrap_bio(incoming, outgoing, server_hostname=asked)
    server = authority.leaf(certified).context(["h2"]).wrap_bio(outgoing, incoming, server_side=True)
    for side in (client, server, client):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue


def test_a_client_that_trusts_the_authority_accepts_googles_names(tmp_path: Path) -> None:
    authority = Authority(Layout(tmp_path))

    handshake(authority, ["*.googleapis.com", "www.gstatic.com"], "us-central1-aiplatform.googleapis.com")
    handshake(authority, ["*.googleapis.com", "www.gstatic.com"], "www.gstatic.com")


def test_the_authority_cannot_vouch_for_anybody_else(tmp_path: Path) -> None:
    authority = Authority(Layout(tmp_path))

    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(authority, ["www.example.com"], "www.example.com")


def test_a_restart_keeps_the_authority(tmp_path: Path) -> None:
    before = Authority(Layout(tmp_path)).ca.read_bytes()

    assert Authority(Layout(tmp_path)).ca.read_bytes() == before


def test_an_authority_with_less_than_thirty_days_left_is_renewed(tmp_path: Path) -> None:
    authority = Authority(Layout(tmp_path))
    key = keys.ec_key(tmp_path / "keys" / "ca.pem")
    name = x509.Name([])
    end = datetime.now(UTC) + timedelta(days=29)
    ending = certificates._builder(name, name, key.public_key(), end).sign(key, hashes.SHA256())
    authority.ca.write_bytes(ending.public_bytes(Encoding.PEM))

    renewed = x509.load_pem_x509_certificate(Authority(Layout(tmp_path)).ca.read_bytes())

    assert renewed.not_valid_after_utc - datetime.now(UTC) > timedelta(days=364)
