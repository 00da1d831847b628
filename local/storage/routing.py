"""From the path as it was sent to a handler and the decoded variables in the path.

A name may hold an encoded slash, so the path is split before it is decoded.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic, TypeVar
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

from multidict import MultiDict

from local.storage.errors import Invalid, MethodNotAllowed, NotFound

H = TypeVar("H")


class Access(Enum):
    """Who may come: a known principal; also the bearer of a signed URL; anybody who knows the session's identifier."""

    PRINCIPAL = auto()
    SIGNED = auto()
    SESSION = auto()


HANDLER_ASKS: tuple[str, ...] = ()


@dataclass(frozen=True)
class Route(Generic[H]):
    """`permissions` are asked for on the bucket or object of the path; none where the handler asks, which knows the names in the body.
    `where` are values that the query must have; None stands for any."""

    method: str
    template: str
    handler: H
    permissions: tuple[str, ...]
    where: tuple[tuple[str, str | None], ...] = ()
    access: Access = Access.PRINCIPAL

    def variables(self, path: str) -> Mapping[str, str] | None:
        found = _pattern(self.template).fullmatch(path)
        return found.groupdict() if found else None

    def fits(self, query: MultiDict[str]) -> bool:
        return all(name in query and value in {None, query[name]} for name, value in self.where)


def find(routes: Sequence[Route[H]], method: str, path: str, query: MultiDict[str]) -> tuple[Route[H], dict[str, str]]:
    """Raises NotFound, MethodNotAllowed."""
    fitting = [(route, found) for route in routes if (found := route.variables(path)) is not None and route.fits(query)]
    for route, found in fitting:
        if route.method == method:
            return route, {name: decoded(value) for name, value in found.items()}
    if fitting:
        raise MethodNotAllowed(f"{method} is not possible on {path}.")
    raise NotFound(f"The local Cloud Storage has no method at {path}.")


def split(target: str) -> tuple[str, MultiDict[str]]:
    """The encoded path and the decoded query of a request's target."""
    try:
        target.encode()
        parts = urlsplit(target)
        return parts.path, MultiDict(parse_qsl(parts.query, keep_blank_values=True, errors="strict"))
    except ValueError:
        raise Invalid("The request's target is not valid.") from None


def decoded(text: str) -> str:
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeError:
        raise Invalid(f"{text!r} is not valid UTF-8.") from None


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _pattern(template: str) -> re.Pattern[str]:
    """`{name}` is one segment of the path, `{name*}` all that is left."""
    if template not in _PATTERNS:
        segments = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
        _PATTERNS[template] = re.compile(re.sub(r"\{(\w+)\*\}", r"(?P<\1>.+)", segments))
    return _PATTERNS[template]
