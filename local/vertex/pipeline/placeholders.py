"""Placeholders in commands, arguments, variables and constants: `{{$.inputs.parameters['x']}}` and its kin, Concat and IfPresent."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.interfaces import Json
from local.vertex.pipeline.parameters import written

_PLACEHOLDER = re.compile(r"\{\{\$(.*?)\}\}")
_NAMED = re.compile(r"""\.(inputs|outputs)\.(parameters|artifacts)\[(['"])(.+?)\3\](?:\.(\w+))?""")
# What of the executor's input a named placeholder reads.
_READS = {
    ("inputs", "parameters", None),
    ("inputs", "artifacts", "uri"),
    ("outputs", "parameters", "output_file"),
    ("outputs", "artifacts", "uri"),
}
_OF_THE_RUN = {
    "pipeline_job_name",
    "pipeline_job_resource_name",
    "pipeline_job_uuid",
    "pipeline_job_create_time_utc",
    "pipeline_job_schedule_time_utc",
    "pipeline_task_name",
    "pipeline_task_uuid",
    "pipeline_root",
    "pipeline_google_cloud_location",
}


class BadPlaceholder(Exception):
    """The text names the placeholder."""


@dataclass(frozen=True)
class Values:
    """What one task's placeholders stand for: its executor input, and facts of the run."""

    executor_input: Json
    facts: Mapping[str, str]

    @property
    def parameters(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.executor_input["inputs"]["parameterValues"]
        return found


def check(text: str) -> None:
    """Raises BadPlaceholder for one that this executor can never fill."""
    for form in _PLACEHOLDER.findall(text):
        named = _NAMED.fullmatch(form)
        known = (named[1], named[2], named[5]) in _READS if named else form in {"", ".outputs.output_file"}
        if not known and form.removeprefix(".") not in _OF_THE_RUN:
            hint = " Pass gs:// URIs as parameters, or use `.uri`." if form.endswith(".path") else ""
            raise BadPlaceholder(f"The placeholder `{{{{${form}}}}}` is not served by the local Vertex AI.{hint}")


def words(texts: list[str], values: Values) -> list[str]:
    """A command or its arguments."""
    return [word for text in texts for word in _expanded(_structured(text), values)]


def fill(text: str, values: Values) -> str:
    return _PLACEHOLDER.sub(lambda match: _value(match[1], values), text)


def filled(constant: Any, values: Values) -> Any:
    """A constant of the pipeline, whose strings may hold placeholders at any depth."""
    if isinstance(constant, str):
        return fill(constant, values)
    if isinstance(constant, dict):
        return {key: filled(inner, values) for key, inner in constant.items()}
    if isinstance(constant, list):
        return [filled(inner, values) for inner in constant]
    return constant


def _structured(text: str) -> Any:
    """The SDK writes Concat and IfPresent as JSON in a string."""
    if text.startswith(('{"Concat":', '{"IfPresent":')):
        return json.loads(text)
    return text


def _expanded(part: Any, values: Values) -> Iterator[str]:
    match part:
        case str():
            yield fill(part, values)
        case list():
            for inner in part:
                yield from _expanded(inner, values)
        case {"Concat": parts}:
            yield "".join(_expanded(parts, values))
        case {"IfPresent": {"InputName": name, "Then": then, **rest}}:
            present = values.parameters.get(name) is not None or name in values.executor_input["inputs"]["artifacts"]
            yield from _expanded(then if present else rest.get("Else", []), values)
        case _:
            raise BadPlaceholder(f"Not understood in a command: {part!r}.")


def _value(form: str, values: Values) -> str:
    if form == "":
        return json.dumps(values.executor_input)
    if form == ".outputs.output_file":
        return str(values.executor_input["outputs"]["outputFile"])
    if form.removeprefix(".") in values.facts:
        return values.facts[form.removeprefix(".")]
    named = _NAMED.fullmatch(form)
    if not named:
        raise BadPlaceholder(f"The placeholder `{{{{${form}}}}}` is not served by the local Vertex AI.")
    return _named(named[1], named[2], named[4], values)


def _named(side: str, kind: str, name: str, values: Values) -> str:
    executor_input = values.executor_input
    if (side, kind) == ("inputs", "parameters"):
        if values.parameters.get(name) is None:
            raise BadPlaceholder(f"The input `{name}` has no value. Give it a default, or use dsl.IfPresentPlaceholder.")
        return written(values.parameters[name])
    if (side, kind) == ("outputs", "parameters"):
        return str(executor_input["outputs"]["parameters"][name]["outputFile"])
    artifacts = executor_input[side]["artifacts"]
    if name not in artifacts:
        raise BadPlaceholder(f"The artifact `{name}` is not there.")
    return str(artifacts[name]["artifacts"][0]["uri"])
