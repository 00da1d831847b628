"""A method of the API: its gRPC name, the HTTP rules that lead to it, its messages, and the function that serves it."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from local.interfaces import Json

V1 = "google.cloud.aiplatform.v1"
OPERATION = "google.longrunning.Operation"
EMPTY = "google.protobuf.Empty"

Serve = Callable[[Json], Awaitable[Json]]


@dataclass(frozen=True)
class Rule:
    """A `google.api.http` rule. `body` is the request's field that the HTTP body fills, `*` for the request itself."""

    verb: str
    template: str
    body: str = ""

    def match(self, verb: str, path: str) -> Mapping[str, str] | None:
        """The variables of the path; None if the rule is another's."""
        found = self._pattern.fullmatch(path) if verb == self.verb else None
        if not found:
            return None
        return dict(zip(self.variables, found.groups(), strict=True))

    @cached_property
    def variables(self) -> list[str]:
        """Paths of the request's fields."""
        return re.findall(r"{([\w.]+)=", self.template)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = re.split(r"{[\w.]+=([^}]+)}", self.template)
        # Every second part is a variable's own pattern.
        return re.compile("".join(f"({_segments(part)})" if at % 2 else re.escape(part) for at, part in enumerate(parts)))


def _segments(pattern: str) -> str:
    escaped = re.escape(pattern).replace(r"\*\*", "[^:]+")
    return escaped.replace(r"\*", "[^/:]+")


@dataclass(frozen=True)
class Method:
    """`raw` means that HTTP bodies pass as they are, in the field `httpBody` and as the answer."""

    service: str
    name: str
    rules: tuple[Rule, ...]
    serve: Serve
    answer: str
    request: str = ""
    raw: bool = False

    @property
    def path(self) -> str:
        return f"/{self.service}/{self.name}"

    def subject(self, request: Json) -> str:
        """The name of the resource that a request is about: what HTTP has in the path."""
        found: object = request
        for field in self.rules[0].variables[0].split("."):
            found = found.get(field) if isinstance(found, dict) else None
        return str(found or "")

    @property
    def request_type(self) -> str:
        return self.request or f"{V1}.{self.name}Request"


def v1(service: str, name: str, verb: str, template: str, serve: Serve, answer: str, body: str = "", raw: bool = False) -> Method:
    """A method of one of Vertex AI's own services. `template` is relative to /v1, `answer` to its package unless it has dots."""
    kind = answer if "." in answer else f"{V1}.{answer}"
    return Method(f"{V1}.{service}", name, (Rule(verb, f"/v1/{template}", body),), serve, kind, raw=raw)


class Methods:
    """All that this server serves."""

    def __init__(self, methods: Iterable[Method]) -> None:
        self._methods = list(methods)
        self._by_path = {method.path: method for method in self._methods}

    def called(self, path: str) -> Method | None:
        """By gRPC path, `/service/Method`."""
        return self._by_path.get(path)

    def routed(self, verb: str, path: str) -> tuple[Method, Rule, Mapping[str, str]] | None:
        """By HTTP request."""
        for method in self._methods:
            for rule in method.rules:
                variables = rule.match(verb, path)
                if variables is not None:
                    return method, rule, variables
        return None
