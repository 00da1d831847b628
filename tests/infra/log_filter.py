"""The part of Cloud Logging's query language that our filters use, over log entries as Google makes them of a line on standard output.
https://cloud.google.com/logging/docs/view/logging-query-language"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

Entry = Mapping[str, Any]
Test = Callable[[Entry], bool]
_TOKEN = re.compile(r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<sign>=~|!~|>=|<=|!=|[=:<>()])|(?P<word>[\w.@*/-]+))')
_SEVERITIES = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
# taken out of the object that was printed; the rest becomes jsonPayload
_SPECIAL = {"severity", "time"}


def entry(line: Mapping[str, Any], kind: str = "cloud_run_revision", **labels: str) -> Entry:
    """Of a line that a service printed."""
    payload = {key: value for key, value in line.items() if key not in _SPECIAL}
    return {"severity": line.get("severity", "DEFAULT"), "jsonPayload": payload, "resource": {"type": kind, "labels": labels}}


def entries(printed: str, service: str) -> list[Entry]:
    lines = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return [entry(line, service_name=service) for line in lines]


def matches(text: str, found: Entry) -> bool:
    return _Parser(text).whole()(found)


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[str] = []
        at = 0
        while text[at:].strip():
            token = _TOKEN.match(text, at)
            if token is None:
                raise ValueError(f"not in the language from here on: {text[at:]}")
            self._tokens.append(token.group().strip())
            at = token.end()

    def whole(self) -> Test:
        test = self._all()
        if self._tokens:
            raise ValueError(f"left over: {self._tokens}")
        return test

    def _all(self) -> Test:
        """AND binds loosest: `a OR b AND c` is `(a OR b) AND c`."""
        tests = [self._any()]
        while self._took("AND"):
            tests.append(self._any())
        return lambda found: all(test(found) for test in tests)

    def _any(self) -> Test:
        tests = [self._one()]
        while self._took("OR"):
            tests.append(self._one())
        return lambda found: any(test(found) for test in tests)

    def _one(self) -> Test:
        if self._took("NOT"):
            refused = self._one()
            return lambda found: not refused(found)
        if self._took("("):
            inner = self._all()
            self._take(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Test:
        path, sign = self._tokens.pop(0), self._tokens.pop(0)
        values = self._values()
        return lambda found: any(_holds(_at(found, path), sign, value) for value in values)

    def _values(self) -> list[str]:
        if not self._took("("):
            return [_plain(self._tokens.pop(0))]
        values = [_plain(self._tokens.pop(0))]
        while self._took("OR"):
            values.append(_plain(self._tokens.pop(0)))
        self._take(")")
        return values

    def _took(self, token: str) -> bool:
        if self._tokens[:1] != [token]:
            return False
        self._tokens.pop(0)
        return True

    def _take(self, token: str) -> None:
        if not self._took(token):
            raise ValueError(f"{token} expected before {self._tokens}")


def _plain(token: str) -> str:
    return str(json.loads(token)) if token.startswith('"') else token


def _at(found: Any, path: str) -> Any:
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _holds(found: Any, sign: str, value: str) -> bool:
    if found is None:
        return False
    if sign == ":":
        return value == "*" or value in str(found)
    if sign == "=~":
        return re.search(value, str(found)) is not None
    if sign == "=":
        return str(found) == value
    if sign == ">=" and value in _SEVERITIES:
        return _SEVERITIES.index(found) >= _SEVERITIES.index(value)
    if sign == ">" and value.endswith("s"):
        return float(str(found).rstrip("s")) > float(value.rstrip("s"))
    raise ValueError(f"{sign} {value} is not read here")
