"""Which of two live copies of a run counts: the one that came last. Vertex AI starts a worker anew when it has lost sight of one."""

from __future__ import annotations

import secrets

from images.trainer.buckets import Buckets


class Claim:
    """Of one process on all that is under a prefix. Another's later claim ends it."""

    def __init__(self, uri: str) -> None:
        self.uri, self.token = f"{uri}/claim", secrets.token_hex(16)
        self.taken = False

    def take(self, buckets: Buckets) -> None:
        buckets.put_text(self.token, self.uri)
        self.taken = True

    def lost(self, buckets: Buckets) -> bool:
        """Raises StorageFailed, also if nobody's claim is there: what it stood for has been deleted."""
        return buckets.text(self.uri) != self.token
