"""The task details of a run, as `pipelineJobs.get` shows them; each change is written down at once."""

from collections.abc import Callable, Mapping
from typing import Any

from local.interfaces import Json
from local.vertex.names import now, numeric_id

_ENDED = {"SUCCEEDED", "FAILED", "CANCELLED", "NOT_TRIGGERED"}


class Journal:
    def __init__(self, details: list[Json], save: Callable[[], None]) -> None:
        self._details = details
        self._save = save

    def expect(self, name: str, parent: Json | None) -> Json:
        """A task that may run; the detail is what the other methods take."""
        unique = f"{parent['taskUniqueName']}.{name}" if parent else name
        detail: Json = {"taskId": numeric_id(), "taskName": name, "taskUniqueName": unique, "createTime": now()}
        if parent:
            detail["parentTaskId"] = parent["taskId"]
        self._details.append(detail)
        self._change(detail, "PENDING")
        return detail

    def start(self, detail: Json, inputs: Mapping[str, Any]) -> None:
        detail["startTime"] = now()
        detail["execution"] = {"metadata": {f"input:{name}": value for name, value in inputs.items()}}
        self._change(detail, "RUNNING")

    def end(self, detail: Json, state: str, outputs: Mapping[str, Any] | None = None, error: Json | None = None) -> None:
        detail["endTime"] = now()
        if outputs:
            metadata = detail.setdefault("execution", {}).setdefault("metadata", {})
            metadata |= {f"output:{name}": value for name, value in outputs.items()}
        if error:
            detail["error"] = error
        self._change(detail, state)

    def retry(self, detail: Json, error: Json) -> None:
        """A failed attempt that is followed by another one."""
        detail["pipelineTaskStatus"].append({"updateTime": now(), "state": "FAILED", "error": error})
        self._change(detail, "RUNNING")

    def close(self, state: str, error: Json) -> None:
        """Ends whatever has not ended."""
        for detail in self._details:
            if detail["state"] not in _ENDED:
                self.end(detail, state, error=error)

    def _change(self, detail: Json, state: str) -> None:
        detail["state"] = state
        detail.setdefault("pipelineTaskStatus", []).append({"updateTime": now(), "state": state})
        self._save()
