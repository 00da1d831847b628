"""The key with which Google signs for a service account. Nobody has it; whoever may use the account asks for a signature."""

import hashlib
import threading
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from local.gateway import keys
from local.layout import Layout


class Signers:
    """Each account has a key of its own: what one has signed must not pass for another's word. To be called from threads."""

    def __init__(self, layout: Layout) -> None:
        self._folder = layout.folder("keys/accounts")
        self._lock = threading.Lock()
        self._public: dict[str, str] = {}

    def sign(self, account: str, blob: bytes) -> tuple[str, bytes]:
        """The key's id and the signature. An account's first one takes the time of making its key."""
        with self._lock:
            key = keys.rsa_key(self._file(account))
        return keys.key_id(key.public_key()), key.sign(blob, padding.PKCS1v15(), hashes.SHA256())

    def public_key(self, account: str) -> str | None:
        """As PEM; None for an account that has never signed."""
        if account not in self._public:
            file = self._file(account)
            if not file.exists():
                return None
            self._public[account] = keys.public_pem(keys.rsa_key(file).public_key())
        return self._public[account]

    def _file(self, account: str) -> Path:
        """An address comes from whoever asks, and must not name a file."""
        return self._folder / f"{hashlib.sha256(account.lower().encode()).hexdigest()[:40]}.pem"
