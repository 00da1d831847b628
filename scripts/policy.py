"""Hold every stack's resources against the policy pack, without Pulumi's CLI, a cloud or a state.

The pack runs in its own environment and is asked over the protocol by which Pulumi's engine asks it, with what a preview of the stack
says that each resource will be. So what passes here passes `pulumi preview --policy-pack infra/policy` too.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as wire
from pulumi.runtime.proto.analyzer_pb2_grpc import AnalyzerStub

PACK = Path("infra/policy")
_PYTHON = Path(".venv/bin/python")
# How a preview's JSON, and how the protocol, writes a value that only the cloud will give
_UNKNOWN, _UNKNOWN_ON_THE_WIRE = "[unknown]", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# a proxy for the way out must not stand on the way to this machine
_CHANNEL = (("grpc.enable_http_proxy", 0),)
# as many as the SDK's server takes up at a time
_AT_ONCE = 4
Graph = Sequence[Mapping[str, Any]]
Settings = Mapping[str, Mapping[str, Any]]


class PolicyError(Exception):
    """The check cannot be made; the text says what to do."""


@dataclass(frozen=True, order=True)
class Violation:
    rule: str
    text: str
    urn: str
    mandatory: bool


@contextmanager
def running(settings: Settings | None = None, folder: Path = PACK) -> Iterator["Pack"]:
    """The policy pack as a process of its own; `settings` have the form of Pulumi's --policy-pack-config."""
    python = (folder / _PYTHON).absolute()
    if not python.exists():
        raise PolicyError(f"{folder / _PYTHON} is missing: run `make setup`")
    # the command and the folder are those of Pulumi's language host; the engine whose address it wants is never called
    command = [str(python), "-u", "-m", "pulumi.policy", "127.0.0.1:0", "."]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = process.stdout.readline().strip() if process.stdout else ""
            if not port:
                raise PolicyError(f"the policy pack in {folder} did not start: its own words stand above")
            with grpc.insecure_channel(f"127.0.0.1:{port}", options=_CHANNEL) as channel:
                yield Pack(AnalyzerStub(channel), settings or {})
        finally:
            process.kill()


class Pack:
    def __init__(self, stub: AnalyzerStub, settings: Settings) -> None:
        self._stub = stub
        self.rules = {policy.name: policy for policy in stub.GetAnalyzerInfo(Empty()).policies}
        self._known: dict[bytes, wire.AnalyzeResponse] = {}
        self._configure(settings)

    def _configure(self, settings: Settings) -> None:
        unknown = sorted(set(settings) - set(self.rules))
        if unknown:
            raise PolicyError(f"no such rule: {', '.join(unknown)}; there are {', '.join(self.rules)}")
        request = wire.ConfigureAnalyzerRequest()
        for name, policy in self.rules.items():
            given = dict(settings.get(name, {}))
            level = given.pop("enforcementLevel", None)
            request.policyConfig[name].enforcementLevel = wire.EnforcementLevel.Value(level.upper()) if level else policy.enforcementLevel
            request.policyConfig[name].properties.CopyFrom(ParseDict(given, Struct()))
        self._stub.Configure(request)

    def violations(self, graph: Graph) -> list[Violation]:
        """Like the engine: each resource by its inputs, then all of them by their outputs."""
        asked = {request.SerializeToString(deterministic=True): request for request in map(_one, graph)}
        self._ask({key: request for key, request in asked.items() if key not in self._known})
        whole = self._stub.AnalyzeStack(wire.AnalyzeStackRequest(resources=[_of_stack(resource) for resource in graph]))
        answers = [*((request.urn, self._known[key]) for key, request in asked.items()), ("", whole)]
        return sorted({violation for urn, answer in answers for violation in _read(urn, answer)})

    def _ask(self, requests: Mapping[bytes, wire.AnalyzeRequest]) -> None:
        """The protocol takes one resource at a time. What it says of one follows from the request alone, so that a resource which two
        graphs have alike is asked about once; several at once, since there is waiting on both sides."""
        with ThreadPoolExecutor(_AT_ONCE) as workers:
            self._known.update(zip(requests, workers.map(self._stub.Analyze, requests.values()), strict=True))


def _one(resource: Mapping[str, Any]) -> wire.AnalyzeRequest:
    return wire.AnalyzeRequest(**_common(resource, "inputs"))


def _of_stack(resource: Mapping[str, Any]) -> wire.AnalyzerResource:
    sources = {key: wire.AnalyzerPropertyDependencies(urns=urns) for key, urns in resource.get("propertyDependencies", {}).items() if urns}
    return wire.AnalyzerResource(
        **_common(resource, "outputs"),
        parent=resource.get("parent", ""),
        dependencies=resource.get("dependencies", []),
        propertyDependencies=sources,
    )


def _common(resource: Mapping[str, Any], side: str) -> dict[str, Any]:
    urn = resource["urn"]
    properties = ParseDict(_on_the_wire(resource.get(side, {})), Struct())
    options = wire.AnalyzerResourceOptions(protect=bool(resource.get("protect")), parent=resource.get("parent", ""))
    return {"urn": urn, "type": resource["type"], "name": urn.rpartition("::")[2], "properties": properties, "options": options}


def _on_the_wire(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _on_the_wire(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_on_the_wire(item) for item in value]
    return _UNKNOWN_ON_THE_WIRE if value == _UNKNOWN else value


def _read(urn: str, answer: wire.AnalyzeResponse) -> Iterator[Violation]:
    for found in answer.diagnostics:
        text = found.message.removeprefix(f"{found.description}\n")
        yield Violation(found.policyName, text, found.urn or urn, found.enforcementLevel == wire.MANDATORY)


def stacks() -> list[str]:
    """Of every project of the repository; one that is not at the root is named with its folder: `bootstrap/prod`."""
    files = [*sorted(Path().glob("Pulumi.*.yaml")), *sorted(Path().glob("*/Pulumi.*.yaml"))]
    return [str(file.with_name(file.name.removeprefix("Pulumi.").removesuffix(".yaml"))) for file in files]


def evaluate(stack: str, *flags: str) -> list[dict[str, Any]]:
    folder, name = Path(stack).parent, Path(stack).name
    command = [sys.executable, "-m", "local.engine", "preview", "--stack", name, "--offline", "--json", *flags]
    done = subprocess.run(["env", f"PYTHONPATH={Path().absolute()}", *command], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        reasons = done.stderr.partition("Diagnostics:\n")[2].partition("\n\n")[0] or done.stderr.strip()
        raise PolicyError(f"{stack} cannot be evaluated:\n{reasons}")
    return list(json.loads(done.stdout)["resources"])


def check(pack: Pack, stack: str, graph: Graph, started: float) -> bool:
    found = pack.violations(graph)
    failed = any(violation.mandatory for violation in found)
    verdict = f"FAILED with {len(found)} violations" if failed else "passed"
    seconds = time.monotonic() - started
    sys.stdout.write(f"{stack:16}{verdict}: {len(graph)} resources, {len(pack.rules)} rules, {seconds:.1f} s\n")
    for violation in found:
        sys.stdout.write(f"  {violation.rule}{'' if violation.mandatory else ' (advisory)'}: {violation.text}\n")
    return not failed


def check_all(names: Sequence[str], settings: Settings) -> bool:
    """The stacks are evaluated side by side; the first verdict comes when the first of them is there."""
    started, passed = time.monotonic(), True
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as workers, running(settings) as pack:
        graphs = [workers.submit(evaluate, stack) for stack in names]
        for stack, graph in zip(names, graphs, strict=True):
            try:
                passed &= check(pack, stack, graph.result(), started)
            except PolicyError as error:
                sys.stderr.write(f"error: {error}\n")
                passed = False
    return passed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.policy", description="Hold every stack's resources against the policy pack.")
    parser.add_argument("stack", nargs="*", help="default: each that has a Pulumi.STACK.yaml; bootstrap/STACK for those of bootstrap")
    parser.add_argument("--config", type=Path, metavar="FILE", help="as Pulumi's --policy-pack-config: {RULE: {SETTING: value}}")
    given = parser.parse_args()
    try:
        passed = check_all(given.stack or stacks(), json.loads(given.config.read_text()) if given.config else {})
    except PolicyError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
