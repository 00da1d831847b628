"""How the command line asks the running daemon. Imports nothing heavy: every command waits for its imports."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

_TIMEOUT_S = 300.0


class NotRunning(Exception):
    def __init__(self) -> None:
        super().__init__("the local cloud is not running; `python -m local start` starts it")


class UnknownAccount(Exception):
    """The text says what an account looks like."""


class UnknownBinding(Exception):
    """The text says which."""


def key_file(root: Path) -> Path:
    return root / "cloud" / "control.json"


def environment(root: Path, account: str) -> dict[str, str]:
    """The variables with which a program on this laptop acts as a service account; set them before it imports grpc.

    Raises NotRunning and UnknownAccount.
    """
    answer = ask(root, f"/environment/{quote(account, safe='@')}")
    if not answer["ok"]:
        raise UnknownAccount(answer["text"])
    return dict(answer["variables"])


@contextmanager
def without(root: Path, binding: str) -> Iterator[None]:
    """For tests: the cloud as it would be without that binding, by the provider's id of it. Raises UnknownBinding."""
    answer = ask(root, f"/iam/suspend?{urlencode({'binding': binding})}", "POST")
    if not answer["ok"]:
        raise UnknownBinding(answer["text"])
    try:
        yield
    finally:
        ask(root, f"/iam/restore?{urlencode({'binding': binding})}", "POST")


def ask(root: Path, path: str, method: str = "GET") -> dict[str, Any]:
    """Blocking, for the command line. Raises NotRunning."""
    try:
        known = json.loads(key_file(root).read_text())
        request = urllib.request.Request(f"{known['address']}{path}", method=method, headers={"X-Local-Key": known["key"]})  # noqa: S310
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=_TIMEOUT_S) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        if error.code == HTTPStatus.NOT_FOUND:
            return dict(json.load(error))
        raise NotRunning from error
    except (OSError, ValueError) as error:
        raise NotRunning from error
