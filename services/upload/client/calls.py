"""Requests of this API: sent again where that may help, answered by a wire model or by an error."""

import itertools
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import requests

from services.upload import wire

TIMEOUT_S = (10.0, 60.0)
# what ends on the way says nothing about what became of it; every request of this API may be repeated
SILENT = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
_PROBLEM = "application/problem+json"
# of what stands in front of the service, which knows no problems
_PASSING = frozenset({429, 502, 503, 504})
_CHANCE = random.SystemRandom()
W = TypeVar("W", bound=wire.Wire)
Token = Callable[[], str]


class Failed(Exception):
    """The service's answer to a request that it did not fulfil."""

    def __init__(self, problem: wire.Problem) -> None:
        super().__init__(f"{problem.code}: {problem.detail}")
        self.problem = problem


@dataclass(frozen=True)
class Patience:
    """In seconds: how long a request is tried again where an answer says that this may help, how long where none comes, the first pause
    and the longest that nobody asked for."""

    # longer than a key stays in flight whose request has died
    answered_s: float = 75.0
    silent_s: float = 20.0
    first_s: float = 0.5
    longest_s: float = 8.0

    def pause(self, tries: int) -> float:
        """Twice as long each time, and never the same for two clients."""
        return min(self.first_s * 2.0**tries, self.longest_s) * _CHANCE.uniform(0.5, 1.0)


class Calls:
    """`token` answers an identity token that lets the caller through to `base_url`; it is asked before each request."""

    def __init__(self, base_url: str, token: Token, patience: Patience | None = None) -> None:
        self._base = base_url.rstrip("/")
        self._token = token
        self._patience = patience or Patience()
        self._own = threading.local()

    def read(self, kind: type[W], method: str, path: str, body: wire.Wire | None = None, **options: Any) -> W:
        return model(kind, self.send(method, path, body, **options))

    def send(
        self,
        method: str,
        path: str,
        body: wire.Wire | None = None,
        *,
        data: Callable[[], Any] | None = None,
        may_lead: bool = False,
        **options: Any,
    ) -> requests.Response:
        """`data` makes the bytes anew for each try; with `may_lead` the answer may be a redirect. Raises Failed, requests.HTTPError for
        what stands in front of the service, and what requests raises where nobody answers."""
        if body is not None:
            options["json"] = body.model_dump(mode="json", by_alias=True, exclude_none=True)
        began = time.monotonic()
        for tries in itertools.count():
            pause = self._patience.pause(tries)
            try:
                answer = self.once(method, path, **options, **({"data": data()} if data else {}))
            except SILENT:
                if time.monotonic() - began + pause > self._patience.silent_s:
                    raise
            else:
                pause = max(pause, _asked_pause(answer))
                if not _may_help(answer) or time.monotonic() - began + pause > self._patience.answered_s:
                    return checked(answer, may_lead)
            time.sleep(pause)
        raise AssertionError("counting ends never")

    def once(self, method: str, path: str, **options: Any) -> requests.Response:
        """Whatever is answered. Redirects are the caller's to follow: their place must not see the token."""
        headers = {"Authorization": f"Bearer {self._token()}", "X-Requested-With": "XMLHttpRequest", **options.pop("headers", {})}
        options = {"timeout": TIMEOUT_S, "allow_redirects": False, **options, "headers": headers}
        return self.session.request(method, self._base + path, **options)

    @property
    def session(self) -> requests.Session:
        """One a thread, since a session is not made to be shared."""
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
        session: requests.Session = self._own.session
        return session


def model(kind: type[W], answer: requests.Response) -> W:
    """A newer service may tell more than this client knows."""
    return kind.model_validate(answer.json(), extra="ignore")


def checked(answer: requests.Response, may_lead: bool = False) -> requests.Response:
    """Raises Failed and requests.HTTPError."""
    if _is_problem(answer):
        raise Failed(model(wire.Problem, answer))
    answer.raise_for_status()
    if answer.is_redirect and not may_lead:
        raise requests.HTTPError(f"{answer.url} leads elsewhere, to {answer.headers.get('Location')}: not signed in?", response=answer)
    return answer


def _is_problem(answer: requests.Response) -> bool:
    return answer.headers.get("Content-Type", "").startswith(_PROBLEM)


def _may_help(answer: requests.Response) -> bool:
    if _is_problem(answer):
        return bool(answer.json().get("retryable"))
    return answer.status_code in _PASSING


def _asked_pause(answer: requests.Response) -> float:
    asked = answer.headers.get("Retry-After", "")
    return float(asked) + _CHANCE.uniform(0, 0.2) if asked.isdecimal() else 0.0
