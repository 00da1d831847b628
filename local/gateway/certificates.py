"""The private certificate authority that lets this cloud answer for Google's host names to its own workloads alone.

It is never installed in the system, and its certificate says that it can vouch for Google's names only.
"""

import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from local.gateway import keys
from local.layout import Layout

# certificates for token keys outlive every cloud on a laptop: their readers look at the key alone
_TOKEN_KEY_LIFE = timedelta(days=3650)
_AUTHORITY_LIFE = timedelta(days=365)
_AUTHORITY_RENEWAL = timedelta(days=30)
_DOMAINS = ("googleapis.com", "gstatic.com")


@dataclass(frozen=True)
class Leaf:
    """A server's certificate chain and key, as files (for `ssl`) and as bytes (for gRPC)."""

    chain: Path
    key: Path

    def context(self, protocols: Sequence[str]) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        context.set_alpn_protocols(list(protocols))
        return context


class Authority:
    """`ca` is the bundle that clients must trust; it holds this authority and nothing else."""

    def __init__(self, layout: Layout) -> None:
        self._folder = layout.folder("keys")
        self.ca = self._folder / "ca.crt"
        self._key = keys.ec_key(self._folder / "ca.pem")
        self._certificate = self._load()

    def leaf(self, names: Iterable[str]) -> Leaf:
        """A certificate for these host names (`*.x` stands for one label), as long-lived as the authority itself."""
        leaf = Leaf(self._folder / "gateway.crt", self._folder / "gateway.pem")
        key = keys.ec_key(leaf.key)
        wanted = sorted(set(names))
        builder = _builder(wanted[0], self._certificate.subject, key.public_key(), self._certificate.not_valid_after_utc)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in wanted]), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        keys.write_private(leaf.chain, certificate.public_bytes(Encoding.PEM))
        return leaf

    def _load(self) -> x509.Certificate:
        if self.ca.exists():
            certificate = x509.load_pem_x509_certificate(self.ca.read_bytes())
            ours = certificate.public_key() == self._key.public_key()
            if ours and certificate.not_valid_after_utc - datetime.now(UTC) > _AUTHORITY_RENEWAL:
                return certificate
        return self._renew()

    def _renew(self) -> x509.Certificate:
        public = self._key.public_key()
        name = _name("Local cloud: stands in for Google on this machine")
        builder = _builder(name, name, public, datetime.now(UTC) + _AUTHORITY_LIFE)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_certificate_signing(), critical=True)
        constraints = x509.NameConstraints([x509.DNSName(domain) for domain in _DOMAINS], None)
        builder = builder.add_extension(constraints, critical=True)
        certificate = builder.sign(self._key, hashes.SHA256())
        keys.write_private(self.ca, certificate.public_bytes(Encoding.PEM))
        return certificate


def self_signed(path: Path, key: rsa.RSAPrivateKey) -> x509.Certificate:
    """The certificate in which Google publishes a token key, kept in `path`."""
    if path.exists():
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        if certificate.public_key() == key.public_key():
            return certificate
    name = _name("token signer of the local cloud")
    certificate = _builder(name, name, key.public_key(), datetime.now(UTC) + _TOKEN_KEY_LIFE).sign(key, hashes.SHA256())
    keys.write_private(path, certificate.public_bytes(Encoding.PEM))
    return certificate


def _builder(
    subject: str | x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject) if isinstance(subject, str) else subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(hours=1))
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate_signing() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
