"""Cloud Run services, and what functions have of them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local.provider.types import Inputs
from local.provider.validation import Failure, joined
from local.provider.within import amount, blocks, every, within, wrong

_RESERVED = ("PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION")
_GOOGLES = ("run.googleapis.com", "cloud.googleapis.com", "serving.knative.dev", "autoscaling.knative.dev")
_CONTAINERS = "template.containers[]"
_GI = 2**30
_UNITS = {"": 1, "k": 10**3, "K": 10**3, "Ki": 2**10, "M": 10**6, "Mi": 2**20, "G": 10**9, "Gi": 2**30}
_WHOLE_CPUS = (1, 2, 4, 6, 8)
# the most memory that so many CPUs may have, and the least
_MOST_GI = {0.49: 0.5, 0.99: 1, 1: 4, 2: 8, 4: 16, 6: 24, 8: 32}
_LEAST_GI = {4: 2, 6: 4, 8: 4}


def cpu_and_memory(inputs: Inputs) -> Iterator[Failure]:
    """CPU is 0.08 to 1, 2, 4, 6 or 8, and memory fits it: at most 512 MiB below half a CPU, 1 GiB below one, then 4, 8, 16, 24 and
    32 GiB; at least 2 GiB for 4 CPUs and 4 GiB for more."""
    for path, limits in blocks(inputs, f"{_CONTAINERS}.resources.limits"):
        yield from pair_failures(path, limits, "cpu", "memory")
        for name in limits:
            if name not in ("cpu", "memory", "nvidia.com/gpu"):
                yield wrong(joined(path, name), "is none of cpu, memory and nvidia.com/gpu")


def pair_failures(path: str, block: Mapping[str, Any], cpu_name: str, memory_name: str) -> Iterator[Failure]:
    """What is wrong with an amount of CPU and one of memory, each alone and both together."""
    given, wanted = block.get(cpu_name), block.get(memory_name)
    cpu = cpus(given) if isinstance(given, str) else None
    memory = bytes_of(wanted) if isinstance(wanted, str) else None
    if isinstance(given, str) and cpu is None:
        yield wrong(joined(path, cpu_name), f"must be 0.08 to 1, 2, 4, 6 or 8 CPUs, or as many thousandths with an 'm'; {given!r} is not")
    if isinstance(wanted, str) and (memory is None or not 2**27 <= memory <= 32 * _GI):
        yield wrong(joined(path, memory_name), f"must be from 128Mi to 32Gi, not {wanted!r}")
    elif cpu is not None and memory is not None:
        yield from _together(joined(path, memory_name), cpu, memory, str(wanted))


def _together(path: str, cpu: float, memory: float, wanted: str) -> Iterator[Failure]:
    most = next(limit for upto, limit in _MOST_GI.items() if cpu <= upto)
    least = _LEAST_GI.get(int(cpu), 0)
    if memory > most * _GI:
        yield wrong(path, f"must be at most {most * 1024:g}Mi with {cpu:g} CPU, not {wanted}")
    if memory < least * _GI:
        yield wrong(path, f"must be at least {least}Gi with {cpu:g} CPU, not {wanted}")


def cpus(value: str) -> float | None:
    if not re.fullmatch(r"\d+(\.\d+)?|\d+m", value):
        return None
    cpu = float(value[:-1]) / 1000 if value.endswith("m") else float(value)
    return cpu if 0.08 <= cpu < 1 or cpu in _WHOLE_CPUS else None


def bytes_of(value: str) -> float | None:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([A-Za-z]*)", value)
    return float(found[1]) * _UNITS[found[2]] if found and found[2] in _UNITS else None


def less_than_a_cpu(inputs: Inputs) -> Iterator[Failure]:
    """Less than one CPU takes one request at a time, and only while there is one (`cpuIdle`)."""
    small = any(isinstance(value, str) and (cpus(value) or 1) < 1 for _, value in within(inputs, f"{_CONTAINERS}.resources.limits.cpu"))
    for path, many in within(inputs, "template.maxInstanceRequestConcurrency"):
        if small and many > 1:
            yield wrong(path, f"must be 1 with less than one CPU, not {many}")
    for path, idle in within(inputs, f"{_CONTAINERS}.resources.cpuIdle"):
        if small and idle is False:
            yield wrong(path, "must be true with less than one CPU")


def instances(inputs: Inputs) -> Iterator[Failure]:
    """`minInstanceCount` is at most `maxInstanceCount`."""
    for place in ("template.scaling", "scaling"):
        for path, scaling in blocks(inputs, place):
            yield from least_and_most(path, scaling, "minInstanceCount", "maxInstanceCount")


def least_and_most(path: str, block: Mapping[str, Any], low: str, high: str) -> Iterator[Failure]:
    least, most = amount(block, low), amount(block, high)
    if least is not None and most is not None and least > most:
        yield wrong(joined(path, low), f"is {least}, more than '{joined(path, high)}', which is {most}")


def probes(inputs: Inputs) -> Iterator[Failure]:
    """A probe's `timeoutSeconds` is at most its `periodSeconds`, and a startup probe gives up within 240 s; each asks in one way:
    `httpGet`, `tcpSocket` or `grpc`."""
    for name, longest in (("startupProbe", 240), ("livenessProbe", 3600)):
        for path, probe in blocks(inputs, f"{_CONTAINERS}.{name}"):
            yield from _probe(path, probe, longest)


def _probe(path: str, probe: Mapping[str, Any], longest: int) -> Iterator[Failure]:
    ways = [way for way in ("httpGet", "tcpSocket", "grpc") if probe.get(way) is not None]
    if len(ways) > 1:
        yield wrong(path, f"must ask in one way, not by {' and '.join(ways)}")
    period, timeout, tries = (amount(probe, name, usual) for name, usual in _PROBE.items())
    for name, usual in (*_PROBE.items(), ("initialDelaySeconds", 0)):
        value, least = amount(probe, name, usual), 0 if name == "initialDelaySeconds" else 1
        if value is not None and not least <= value <= longest:
            yield wrong(f"{path}.{name}", f"must be from {least} to {longest}, not {value}")
    if period is not None and timeout is not None and timeout > period:
        yield wrong(f"{path}.timeoutSeconds", f"is {timeout}, more than '{path}.periodSeconds', which is {period}")
    if longest == 240 and period is not None and tries is not None and period * tries > longest:
        yield wrong(f"{path}.failureThreshold", f"times '{path}.periodSeconds' is {period * tries}, more than the 240 s of a start")


_PROBE = {"periodSeconds": 10, "timeoutSeconds": 1, "failureThreshold": 3}


def variables(inputs: Inputs) -> Iterator[Failure]:
    """No variable is given twice, is one that Cloud Run sets itself (PORT, K_...), or is longer than 32 KiB; a container has at most
    1000, each a value or a reference to a secret."""
    for path, container in blocks(inputs, _CONTAINERS):
        envs = container.get("envs")
        yield from variable_failures(f"{path}.envs", envs if isinstance(envs, list) else [])


def variable_failures(path: str, envs: list[Any]) -> Iterator[Failure]:
    if len(envs) > 1000:
        yield wrong(path, f"must have at most 1000 variables, not {len(envs)}")
    seen: set[Any] = set()
    for index, env in enumerate(envs):
        if isinstance(env, Mapping):
            yield from _variable(f"{path}[{index}]", env, seen)
            seen.add(env.get("name"))


def _variable(path: str, env: Mapping[str, Any], seen: set[Any]) -> Iterator[Failure]:
    name, value = env.get("name"), env.get("value")
    if name in _RESERVED:
        yield wrong(f"{path}.name", f"is {name!r}, which Cloud Run sets itself: leave it out")
    if name in seen:
        yield wrong(f"{path}.name", f"is {name!r} for the second time")
    if isinstance(name, str) and not re.fullmatch(r"[^=\s]+", name):
        yield wrong(f"{path}.name", f"must be a name without spaces and '='; {name!r} is not")
    if isinstance(value, str) and len(value.encode()) > 32_768:
        yield wrong(f"{path}.value", f"must have at most 32768 bytes, not {len(value.encode())}")
    if value and env.get("valueSource") is not None:
        yield wrong(f"{path}.valueSource", f"and '{path}.value' cannot both be given")


def annotations(inputs: Inputs) -> Iterator[Failure]:
    """Annotations and labels are the program's own: none of `run.googleapis.com`, `cloud.googleapis.com`, `serving.knative.dev` and
    `autoscaling.knative.dev`."""
    for place in ("annotations", "labels", "template.annotations", "template.labels"):
        for path, given in blocks(inputs, place):
            for name in given:
                if name.partition("/")[0] in (
                    "run.googleapis.com",
                    "cloud.googleapis.com",
                    "serving.knative.dev",
                    "autoscaling.knative.dev",
                ):
                    yield wrong(joined(path, name), "belongs to Google: use the property that says the same")


def traffic(inputs: Inputs) -> Iterator[Failure]:
    """`traffics` adds up to 100 percent; a revision is named exactly where it is the target."""
    shares = [share for _, share in blocks(inputs, "traffics[]")]
    percents = [amount(share, "percent", 0) for share in shares]
    if shares and None not in percents and sum(filter(None, percents)) != 100:
        yield wrong("traffics", f"must add up to 100 percent, not {sum(filter(None, percents)):g}")
    for index, share in enumerate(shares):
        by_name = share.get("type") == "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
        if by_name != (share.get("revision") is not None):
            yield wrong(f"traffics[{index}].revision", f"must be {'given' if by_name else 'left out'} with type {share.get('type')}")


def volumes(inputs: Inputs) -> Iterator[Failure]:
    """A volume has one source; what a container mounts is a volume of the template, at an absolute path."""
    names = set()
    for path, volume in blocks(inputs, "template.volumes[]"):
        names.add(volume.get("name"))
        sources = [name for name in ("secret", "cloudSqlInstance", "emptyDir", "nfs", "gcs") if volume.get(name) is not None]
        if len(sources) != 1:
            yield wrong(path, f"must have one of secret, cloudSqlInstance, emptyDir, nfs and gcs, not {' and '.join(sources) or 'none'}")
    for path, mount in blocks(inputs, f"{_CONTAINERS}.volumeMounts[]"):
        if isinstance(mount.get("name"), str) and mount["name"] not in names:
            yield wrong(f"{path}.name", f"is {mount['name']!r}, which is no volume of the template")
        if isinstance(mount.get("mountPath"), str) and not mount["mountPath"].startswith("/"):
            yield wrong(f"{path}.mountPath", f"must be an absolute path; {mount['mountPath']!r} is not")


def one_authorization(inputs: Inputs) -> Iterator[Failure]:
    """`binaryAuthorization` says `useDefault` or names a `policy`, not both."""
    for path, block in blocks(inputs, "binaryAuthorization"):
        if block.get("useDefault") and block.get("policy"):
            yield wrong(f"{path}.policy", f"and '{path}.useDefault' cannot both be given")


check = every(cpu_and_memory, less_than_a_cpu, instances, probes, variables, annotations, traffic, volumes, one_authorization)
