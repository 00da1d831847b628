"""Identity tokens from a command, asked for again before they end."""

import base64
import json
import subprocess
import threading
import time

_EARLY_S, _UNKNOWN_S = 60.0, 300.0


class NoToken(Exception):
    """The text says which command, and what it said."""


class TokenCommand:
    """What a shell command prints, such as `gcloud auth print-identity-token --audiences=...`."""

    def __init__(self, command: str) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._token, self._end = "", 0.0

    def __call__(self) -> str:
        """Raises NoToken."""
        with self._lock:
            if time.time() > self._end:
                self._token = self._asked()
                self._end = _end(self._token)
            return self._token

    def _asked(self) -> str:
        # the caller's own words, as they would type them
        done = subprocess.run(self._command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
        token = done.stdout.strip()
        if done.returncode or not token:
            raise NoToken(f"`{self._command}` printed no token (exit code {done.returncode}): {done.stderr.strip() or 'nothing was said'}")
        return token


def _end(token: str) -> float:
    """When to ask again: a little before the token says that it ends, or in some minutes where it does not."""
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return float(claims["exp"]) - _EARLY_S
    except (IndexError, ValueError, KeyError, TypeError):
        return time.time() + _UNKNOWN_S
