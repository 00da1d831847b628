"""Private keys that are made once and stay with the cloud."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes


def rsa_key(path: Path) -> rsa.RSAPrivateKey:
    key = _load(path) if path.exists() else _keep(path, rsa.generate_private_key(public_exponent=65537, key_size=2048))
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} holds another kind of key than RSA. Delete it: a new one is made at the next start.")
    return key


def ec_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = _load(path) if path.exists() else _keep(path, ec.generate_private_key(ec.SECP256R1()))
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} holds another kind of key than an elliptic curve's. Delete it: a new one is made at the next start.")
    return key


def secret(path: Path) -> bytes:
    """32 random bytes for signatures that only this cloud checks."""
    if not path.exists():
        write_private(path, secrets.token_bytes(32))
    return path.read_bytes()


def key_id(key: PublicKeyTypes) -> str:
    """The same key has the same id after a restart, so that what clients have cached stays true."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))
    return digest.finalize().hex()[:40]


def public_pem(key: PublicKeyTypes) -> str:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def private_pem(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def write_private(path: Path, data: bytes) -> None:
    """Readable by its owner from its first byte on; whole or not there."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)


def _load(path: Path) -> PrivateKeyTypes:
    return serialization.load_pem_private_key(path.read_bytes(), password=None)


def _keep(path: Path, key: PrivateKeyTypes) -> PrivateKeyTypes:
    write_private(path, private_pem(key))
    return key
