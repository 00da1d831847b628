"""What is happening, in the lines that `pulumi up` would print, and the same as data."""

import json
import math
import time
from dataclasses import dataclass, field
from typing import Any, TextIO

from local.engine import urns, values
from local.engine.diff import NOTHING, Diff
from local.engine.resource import Resource
from local.engine.values import UNKNOWN, Properties, Secret

_MARKS = {
    "create": "+ ",
    "update": "~ ",
    "delete": "- ",
    "replace": "+-",
    "create-replacement": "++",
    "delete-replaced": "--",
    "read": "> ",
    "refresh": "~ ",
    "same": "  ",
}
_DOING = {
    "create": ("create", "creating", "created"),
    "update": ("update", "updating", "updated"),
    "delete": ("delete", "deleting", "deleted"),
    "replace": ("replace", "replacing", "replaced"),
    "create-replacement": ("create replacement", "creating replacement", "created replacement"),
    "delete-replaced": ("delete original", "deleting original", "deleted original"),
    "read": ("read", "reading", "read"),
    "refresh": ("refresh", "refreshing", "refreshed"),
    "same": ("same", "same", "unchanged"),
}
# what the summary counts; the halves of a replacement are not changes of their own
_COUNTED = ("create", "update", "delete", "replace", "read")


@dataclass
class Begun:
    op: str
    resource: Resource
    diff: Diff
    at: float


@dataclass
class Display:
    title: str
    preview: bool
    out: TextIO
    started: float = field(default_factory=time.monotonic)
    counts: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    failures: int = 0
    diagnostics: list[dict[str, str]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    _outputs: tuple[Properties, Properties] | None = None
    _components: dict[str, Begun] = field(default_factory=dict)
    _stack: str = ""

    def heading(self, project: str, stack: str) -> None:
        self._stack = f"{project}-{stack}"
        self._line(f"{self.title} ({stack}):\n")

    def begin(self, op: str, resource: Resource, diff: Diff) -> Begun:
        begun = Begun(op, resource, diff, time.monotonic())
        words = _DOING[op][0] if self.preview else f"{_DOING[op][1]} (0s)"
        self._progress(begun, words)
        if not resource.custom:
            self._components[resource.urn] = begun
        return begun

    def end(self, begun: Begun, failed: bool = False) -> None:
        self._record(begun, failed)
        waits_for_outputs = not begun.resource.custom and begun.op in ("create", "update", "create-replacement")
        if failed:
            self._progress(begun, f"**{_DOING[begun.op][1]} failed ({_since(begun)})**")
        elif not self.preview and not waits_for_outputs:
            self._progress(begun, f"{_DOING[begun.op][2]} ({_since(begun)})")

    def outputs_registered(self, resource: Resource) -> None:
        begun = self._components.pop(resource.urn, None)
        if begun and not self.preview:
            self._progress(begun, f"{_DOING[begun.op][2]} ({_since(begun)})")

    def refused(self, op: str, resource: Resource, diff: Diff) -> None:
        """A step that was not even begun: for who reads the run as data; what is wrong is said as an error."""
        self._record(Begun(op, resource, diff, time.monotonic()), failed=True)

    def same(self, resource: Resource) -> None:
        self._record(Begun("same", resource, NOTHING, time.monotonic()), failed=False)

    def refreshed(self, resource: Resource, op: str, diff: Diff) -> None:
        begun = Begun(op, resource, diff, time.monotonic())
        self._record(begun, failed=False)
        if op != "same":
            self._progress(begun, _DOING[op][0 if self.preview else 2])

    def info(self, text: str, urn: str = "") -> None:
        self._diagnose("info", text, urn)

    def warning(self, text: str, urn: str = "") -> None:
        self._diagnose("warning", text, urn)

    def error(self, text: str, urn: str = "") -> None:
        self.failures += 1
        self._diagnose("error", text, urn)

    def stack_outputs(self, before: Properties, after: Properties) -> None:
        """For a stack that is new, `before` is the same as `after`: nothing in it is a change."""
        self._outputs = (before, after)

    @property
    def changes(self) -> int:
        return sum(self.counts.values())

    def summary(self) -> None:
        self._diagnostics_section()
        self._outputs_section()
        lines = [f"    {_MARKS[op]}{self.counts[op]} {self._verb(op)}" for op in _COUNTED if self.counts.get(op)]
        lines += self._rest()
        lines += [f"    {self.failures} errored"] if self.failures else []
        if lines:
            self._line("Resources:\n" + "\n".join(lines) + "\n")
        if not self.preview:
            self._line(f"Duration: {math.ceil(self.seconds())}s\n")

    def _rest(self) -> list[str]:
        words = [f"{self.changes} changes"] if len(self.counts) > 1 else []
        words += [f"{self.unchanged} unchanged"] if self.unchanged else []
        return [f"    {'. '.join(words)}"] if words else []

    def seconds(self) -> float:
        return max(time.monotonic() - self.started, 0.001)

    def change_summary(self) -> dict[str, int]:
        return {**self.counts, **({"same": self.unchanged} if self.unchanged else {})}

    def outputs(self) -> dict[str, Any]:
        return {key: readable(value) for key, value in sorted((self._outputs or ({}, {}))[1].items())}

    def _verb(self, op: str) -> str:
        return f"to {_DOING[op][0]}" if self.preview else _DOING[op][2]

    def _record(self, begun: Begun, failed: bool) -> None:
        resource, op = begun.resource, begun.op
        if op == "same" and not urns.is_provider(resource.type):
            self.unchanged += 1
        if op in _COUNTED and not failed and not urns.is_provider(resource.type):
            self.counts[op] = self.counts.get(op, 0) + 1
        detail = dict(begun.diff.detail) or dict.fromkeys(begun.diff.changed_keys, "update")
        self.steps.append(
            {"op": op, "urn": resource.urn, "replaceReasons": list(begun.diff.replace_keys), "detailedDiff": detail, "failed": failed}
        )

    def _progress(self, begun: Begun, words: str) -> None:
        if urns.is_provider(begun.resource.type):
            return
        keys = begun.diff.keys()
        diff = f" [diff: {','.join(keys)}]" if keys and begun.op != "delete" else ""
        self._line(f" {_MARKS[begun.op]} {urns.short_type(begun.resource.type)} {urns.name_of(begun.resource.urn)} {words}{diff}")

    def _diagnose(self, severity: str, text: str, urn: str) -> None:
        text = text.rstrip()
        if not text:
            return
        self.diagnostics.append({"severity": severity, "message": text, "urn": urn})
        type_, name = (urns.short_type(urns.type_of(urn)), urns.name_of(urn)) if urn else (urns.STACK_TYPE, self._stack)
        lead = "" if severity == "info" else f"{severity}: "
        self._line(f"    {type_} {name} {lead}{text.splitlines()[0]}")

    def _diagnostics_section(self) -> None:
        groups: dict[str, list[dict[str, str]]] = {}
        for entry in self.diagnostics:
            groups.setdefault(entry["urn"], []).append(entry)
        if groups:
            self._line("Diagnostics:")
        for urn, entries in groups.items():
            title = f"{urns.short_type(urns.type_of(urn))} ({urns.name_of(urn)})" if urn else f"{urns.STACK_TYPE} ({self._stack})"
            self._line(f"  {title}:")
            for entry in entries:
                lead = "" if entry["severity"] == "info" else f"{entry['severity']}: "
                self._line("    " + (lead + entry["message"]).replace("\n", "\n    "))
            self._line("")

    def _outputs_section(self) -> None:
        if self._outputs is None or not any(self._outputs):
            return
        before, after = self._outputs
        width = max(len(key) for key in {**before, **after})
        self._line("Outputs:")
        for key in sorted({**before, **after}):
            self._line(f"  {_output_mark(key, before, after)} {key:<{width}}: {_change(key, before, after)}")
        self._line("")

    def _line(self, text: str) -> None:
        self.out.write(text + "\n")
        self.out.flush()


def _since(begun: Begun) -> str:
    return f"{time.monotonic() - begun.at:.2f}s"


def _output_mark(key: str, before: Properties, after: Properties) -> str:
    if key not in before:
        return "+"
    if key not in after:
        return "-"
    return " " if before[key] == after[key] else "~"


def _change(key: str, before: Properties, after: Properties) -> str:
    if key in before and key in after and before[key] != after[key]:
        return f"{shown(before[key])} => {shown(after[key])}"
    return shown(after.get(key, before.get(key)))


def shown(value: Any) -> str:
    return "[secret]" if isinstance(value, Secret) else "output<string>" if value is UNKNOWN else json.dumps(readable(value))


def readable(value: Any) -> Any:
    """JSON for people and for golden files: what is secret or unknown says so, an asset is known by where it comes from and its hash."""
    if isinstance(value, Secret):
        return "[secret]"
    if value is UNKNOWN:
        return "[unknown]"
    if values.is_asset(value):
        kind = "asset" if value[values.SIGNATURE] == values.ASSET else "archive"
        parts = {"assets": {key: readable(part) for key, part in value["assets"].items()}} if "assets" in value else {}
        return {kind: value.get("hash"), **{key: value[key] for key in ("path", "uri") if key in value}, **parts}
    if isinstance(value, list):
        return [readable(item) for item in value]
    if isinstance(value, dict):
        return {key: readable(item) for key, item in value.items()}
    return value
