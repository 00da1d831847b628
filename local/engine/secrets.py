"""Secrets as Pulumi's passphrase provider keeps them: AES-256-GCM under a key that PBKDF2 makes of passphrase and salt."""

import asyncio
import base64
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.engine import values
from local.engine.errors import PassphraseError
from local.engine.values import UNKNOWN, UNKNOWN_TEXT, Secret

_STRETCHED, _QUICK = "v1", "quick"
_ITERATIONS = {_STRETCHED: 1_000_000, _QUICK: 1}
_CHECK_TEXT = "pulumi"


def passphrase_from(environment: Mapping[str, str]) -> str | None:
    if "PULUMI_CONFIG_PASSPHRASE" in environment:
        return environment["PULUMI_CONFIG_PASSPHRASE"]
    file = environment.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    return Path(file).read_text().strip() if file else None


class Crypter:
    """`salt` is what Pulumi.<stack>.yaml calls `encryptionsalt`: the salt and a word to check the passphrase by.

    The key takes a quarter of a second to make, so it is made when the first secret is met, and by `warm` in a thread.
    """

    def __init__(self, salt: str, passphrase: str | None, stretched: bool = True) -> None:
        """Not `stretched` is as fast as it is weak: for a passphrase that is long, random, and forgotten after the run."""
        self.salt = salt
        self._passphrase = passphrase
        self._stretched = stretched
        self._key: bytes | None = None

    @property
    def ready(self) -> bool:
        return self._key is not None

    def require_passphrase(self) -> str:
        if self._passphrase is None:
            raise PassphraseError(
                "a stack keeps its secrets encrypted: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to its passphrase"
            )
        return self._passphrase

    async def warm(self) -> None:
        await asyncio.to_thread(self._made)

    def reader(self, salt: str) -> "Crypter":
        """What reads secrets that were written under `salt`: itself, if it has none of its own yet."""
        self.salt = self.salt or salt
        return self if self.salt == salt else Crypter(salt, self._passphrase, self._stretched)

    def encrypt(self, plaintext: str) -> str:
        return _encrypt(self._made(), plaintext)

    def decrypt(self, ciphertext: str) -> str:
        return _decrypt(self._made(), ciphertext)

    def _made(self) -> bytes:
        if self._key is None:
            phrase = self.require_passphrase()
            if self.salt:
                self._key = _check(self.salt, phrase)
            else:
                self._key, self.salt = _fresh(phrase, _STRETCHED if self._stretched else _QUICK)
        return self._key


class Placeholders(Crypter):
    """For a run that needs no secret: each is another text, and the same one as long as its ciphertext is the same."""

    def __init__(self) -> None:
        super().__init__("", None)

    def decrypt(self, ciphertext: str) -> str:
        return f"secret-{hashlib.sha256(ciphertext.encode()).hexdigest()[:16]}"


def _derive(phrase: str, salt: bytes, version: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", phrase.encode(), salt, _ITERATIONS[version], 32)


def _check(state: str, phrase: str) -> bytes:
    version, _, rest = state.partition(":")
    salt, _, word = rest.partition(":")
    if version not in _ITERATIONS or not word:
        raise PassphraseError(f"the encryption salt begins with {version!r}: only Pulumi's `v1:salt:check` is known")
    key = _derive(phrase, base64.b64decode(salt), version)
    if _decrypt(key, word) != _CHECK_TEXT:
        raise PassphraseError("incorrect passphrase: PULUMI_CONFIG_PASSPHRASE is not the one that this stack was made with")
    return key


def _fresh(phrase: str, version: str) -> tuple[bytes, str]:
    salt = os.urandom(8)
    key = _derive(phrase, salt, version)
    return key, f"{version}:{base64.b64encode(salt).decode()}:{_encrypt(key, _CHECK_TEXT)}"


def _encrypt(key: bytes, plaintext: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, plaintext.encode(), None)
    return f"v1:{base64.b64encode(nonce).decode()}:{base64.b64encode(sealed).decode()}"


def _decrypt(key: bytes, ciphertext: str) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    version, _, rest = ciphertext.partition(":")
    nonce, _, sealed = rest.partition(":")
    if version != "v1" or not sealed:
        raise PassphraseError("a secret is not in the form `v1:nonce:text` of Pulumi's passphrase provider")
    try:
        return AESGCM(key).decrypt(base64.b64decode(nonce), base64.b64decode(sealed), None).decode()
    except InvalidTag:
        raise PassphraseError("incorrect passphrase, or a secret that was encrypted with another one") from None


def seal(value: Any, crypter: Crypter) -> Any:
    """A property value as the state holds it: secrets as ciphertext, unknowns as their marker."""
    if isinstance(value, Secret):
        if value.ciphertext is None:
            plaintext = json.dumps(values.rewrite(value.element, _without_marks), separators=(",", ":"))
            object.__setattr__(value, "ciphertext", crypter.encrypt(plaintext))
        return {values.SIGNATURE: values.SECRET, "ciphertext": value.ciphertext}
    if isinstance(value, list):
        return [seal(item, crypter) for item in value]
    if isinstance(value, dict):
        return {key: seal(item, crypter) for key, item in value.items()}
    return _without_marks(value)


def _without_marks(value: Any) -> Any:
    if isinstance(value, Secret):
        return value.element
    return UNKNOWN_TEXT if value is UNKNOWN else value


def unseal(value: Any, crypter: Crypter, keep: bool = True) -> Any:
    """`keep` the ciphertext with each secret, where the state will be written under the same key."""
    if values.signature(value) == values.SECRET:
        ciphertext = value.get("ciphertext")
        plaintext = value["plaintext"] if ciphertext is None else crypter.decrypt(ciphertext)
        return Secret(json.loads(plaintext), ciphertext if keep else None)
    if isinstance(value, list):
        return [unseal(item, crypter, keep) for item in value]
    if isinstance(value, dict):
        return {key: unseal(item, crypter, keep) for key, item in value.items()}
    return UNKNOWN if value == UNKNOWN_TEXT else value
