"""What a graph's resources and its configuration come to in a month, item by item."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scripts.preview.graph import Graph, Node
from scripts.preview.sections import prices
from scripts.preview.sections.prices import HOURS, PRICES, SECONDS
from scripts.preview.sections.shapes import FUNCTION, SERVICE, Shape, shape_of
from scripts.preview.sections.words import count

_SCHEDULE, _KEY, _ZONE = "gcp:cloudscheduler/job:Job", "gcp:kms/cryptoKey:CryptoKey", "gcp:dns/managedZone:ManagedZone"
# a call of a schedule, when there is nothing to do: our estimate
_CALL_S = 1


@dataclass(frozen=True)
class Item:
    """None where our table has no price."""

    name: str
    what: str
    usd: float | None


Items = Mapping[str, Item]


@dataclass(frozen=True)
class Bill:
    """`worst` without jobs; `jobs` is what each designer's may come to at most."""

    idle: Items
    worst: Items
    jobs: Items

    @property
    def items(self) -> tuple[Item, ...]:
        return (*self.idle.values(), *self.worst.values(), *self.jobs.values())


def bill(graph: Graph, config: Mapping[str, str]) -> Bill:
    region = next((value for key, value in config.items() if key == "gcp:region"), "")
    idle = [item for node in graph.values() for item in _idle(node, region)]
    worst = [item for node in graph.values() for item in _worst(node, region)]
    return Bill(*({item.name: item for item in items} for items in (idle, worst, _jobs(config, region))))


def _idle(node: Node, region: str) -> Iterator[Item]:
    place = str(node.inputs.get("location") or node.inputs.get("region") or region)
    if node.type in (SERVICE, FUNCTION):
        shape = shape_of(node)
        if shape.least:
            second = _second(shape, place, prices.IDLE_CPU, prices.IDLE_MEMORY)
            what = f"{count(shape.least, 'instance')} always there"
            yield Item(node.name, what, None if second is None else second * shape.least * SECONDS)
    elif node.type == _SCHEDULE:
        yield Item(node.name, "schedule", PRICES[prices.SCHEDULE].at(place))
        yield _calls(node, place)
    elif node.type == _KEY:
        yield Item(node.name, "key", PRICES[prices.KEY].at(place))
    elif node.type == _ZONE:
        yield Item(node.name, "private zone", PRICES[prices.ZONE].at(place))


def _calls(node: Node, region: str) -> Item:
    """What answers is taken for a third of a CPU and half a GiB, for a second each time."""
    often = _a_month(str(node.inputs.get("schedule", "")))
    third = _second(Shape(1 / 3, 0.5, 0, 1), region, prices.CPU, prices.MEMORY)
    usd = None if third is None or often is None else often * third * _CALL_S
    return Item(f"calls of {node.name}", f"{often or 'unknown'} calls of ≈ {_CALL_S} s", usd)


def _a_month(schedule: str) -> int | None:
    """Of the schedules whose minutes alone say how often, and those that name one hour."""
    minute, hour, *rest = [*schedule.split(), "", ""]
    each = re.fullmatch(r"\*(?:/(\d+))?", minute)
    if rest[:3] != ["*", "*", "*"]:
        return None
    if hour == "*":
        return HOURS * (60 // int(each[1] or 1) if each else len(minute.split(",")))
    return 30 * len(hour.split(",")) * len(minute.split(",")) if re.fullmatch(r"[\d,]+", hour) and re.fullmatch(r"[\d,]+", minute) else None


def _worst(node: Node, region: str) -> Iterator[Item]:
    if node.type in (SERVICE, FUNCTION):
        shape = shape_of(node)
        second = _second(shape, str(node.inputs.get("location") or region), prices.CPU, prices.MEMORY)
        what = f"{count(shape.most, 'instance')} of {shape.cpu:.2g} CPU and {shape.memory:.3g} GiB"
        yield Item(node.name, what, None if second is None else second * shape.most * SECONDS)


def _second(shape: Shape, region: str, cpu: str, memory: str) -> float | None:
    cpu_usd, memory_usd = PRICES[cpu].at(region), PRICES[memory].at(region)
    return None if cpu_usd is None or memory_usd is None else shape.cpu * cpu_usd + shape.memory * memory_usd


def _jobs(config: Mapping[str, str], region: str) -> list[Item]:
    """As many as a designer may have open, each with a machine that trains and one that serves, all month."""
    keys = {key.rpartition(":")[2]: value for key, value in config.items()}
    open_jobs = keys.get("openJobs", "")
    if not open_jobs.isdigit():
        return []
    pools = {purpose: (keys.get(f"{purpose}Machine", ""), keys.get(f"{purpose}Accelerator", "")) for purpose in ("training", "serving")}
    return [_pool(purpose, *pool, int(open_jobs), region) for purpose, pool in pools.items() if pool[0]]


def _pool(purpose: str, machine: str, accelerator: str, jobs: int, region: str) -> Item:
    hour = prices.machine(machine, accelerator, region)
    what = f"{count(jobs, 'job')} × {HOURS} hours of {machine}{f' with {accelerator}' if accelerator else ''}"
    return Item(purpose, what, None if hour is None else hour * HOURS * jobs)
