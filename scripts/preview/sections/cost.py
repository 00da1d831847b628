"""What a month costs in which nothing happens, and what the worst month may cost, before and after."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scripts.preview.graph import Graph, Node
from scripts.preview.look import StackPreview
from scripts.preview.section import Line, Section, Weight
from scripts.preview.sections import prices
from scripts.preview.sections.prices import HOURS, PRICES, SECONDS
from scripts.preview.sections.shapes import FUNCTION, SERVICE, Shape, shape_of
from scripts.preview.sections.sides import Sides, sides
from scripts.preview.sections.words import count, kind, listed, several

TITLE = "Cost"
_SCHEDULE, _KEY, _ZONE = "gcp:cloudscheduler/job:Job", "gcp:kms/cryptoKey:CryptoKey", "gcp:dns/managedZone:ManagedZone"
_BUDGET = "gcp:billing/budget:Budget"
# a call of a schedule, when there is nothing to do: our estimate
_CALL_S = 1
_JOBS = "The worst month of jobs, for each designer, all open jobs busy and an endpoint for each all the time,"


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


def section(preview: StackPreview) -> Section:
    both = sides(preview)
    if both is None:
        return Section(TITLE)
    before, after = (bill(graph, config) for graph, config in ((both.before, both.before_config), (both.after, both.after_config)))
    same = both.first or before == after
    lines = tuple(_as_before(after)) if same else tuple(_lines(before, after, both))
    return Section(TITLE, (*lines, *_unknown(before, after, both)), "" if same else _figure(before, after))


def _as_before(after: Bill) -> Iterator[Line]:
    jobs = f", and jobs {_amount(after.jobs)} for each designer" if after.jobs else ""
    text = f"An idle month costs {_amount(after.idle)}, the worst {_amount(after.worst)}{jobs}."
    yield Line(text, Weight.FOLDED, "\n".join(map(_listed, (after.idle, after.worst, after.jobs))))


def _lines(before: Bill, after: Bill, both: Sides) -> Iterator[Line]:
    yield from _compared("An idle month", before.idle, after.idle)
    yield from _compared("The worst month, every instance busy all the time,", before.worst, after.worst)
    yield from _compared(_JOBS, before.jobs, after.jobs, _stopped(both.after))
    yield Line(f"Prices are list prices in US dollars, seen by {_newest()}; free quotas are not taken off.", Weight.FOLDED, _table())


def _figure(before: Bill, after: Bill) -> str:
    """Of the worst month: what is idle costs next to nothing here."""
    delta = sum(_sum(new) - _sum(old) for old, new in ((before.worst, after.worst), (before.jobs, after.jobs)))
    return _signed(delta) + " at worst" if round(delta, 2) else _signed(_sum(after.idle) - _sum(before.idle)) + " idle"


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


def _compared(what: str, before: Items, after: Items, also: str = "") -> Iterator[Line]:
    causes = [_cause(name, before.get(name), after.get(name)) for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    if causes:
        delta = _signed(_sum(after) - _sum(before))
        text = f"{what} costs {_amount(after)} (**{delta}**){also}: {several(causes)}."
        yield Line(text, Weight.NOTE, _listed(after))
    elif after:
        yield Line(f"{what} costs {_amount(after)}, as before.", Weight.FOLDED, _listed(after))


def _listed(items: Items) -> str:
    return listed([f"{item.name}: {item.what}: {_dollars(item.usd)}" for item in items.values()])


def _signed(usd: float) -> str:
    return f"{'+' if usd >= 0 else '−'}{_dollars(abs(usd))}"


def _cause(name: str, old: Item | None, new: Item | None) -> str:
    if old is None or new is None:
        item = new or old
        return f"`{name}` is {'new' if new else 'gone'} ({item.what if item else ''}, {_dollars(item.usd if item else None)})"
    change = "price unknown" if old.usd is None or new.usd is None else f"{_dollars(old.usd)} → {_dollars(new.usd)}"
    return f"`{name}`: {old.what} → {new.what} ({change})" if old.what != new.what else f"`{name}`: {change}"


def _sum(items: Items) -> float:
    return sum(item.usd or 0 for item in items.values())


def _amount(items: Items) -> str:
    known = [item.usd for item in items.values() if item.usd is not None]
    if items and not known:
        return "an unknown amount"
    more = " and what is unknown" if len(known) < len(items) else ""
    return f"≈ {_dollars(sum(known))}{more}"


def _dollars(usd: float | None) -> str:
    if usd is None:
        return "unknown"
    return f"${usd:,.2f}" if usd < 100 else f"${usd:,.0f}"


def _stopped(after: Graph) -> str:
    for node in after.values():
        if node.type == _BUDGET:
            amount = (node.inputs.get("amount") or {}).get("specifiedAmount") or {}
            return f" (the budget of {amount.get('units', '?')} pauses intake, hours late)"
    return " (**no budget stops it**)"


def _unknown(before: Bill, after: Bill, both: Sides) -> Iterator[Line]:
    for item in (*after.idle.values(), *after.worst.values(), *after.jobs.values()):
        if item.usd is None and item not in (*before.idle.values(), *before.worst.values(), *before.jobs.values()):
            yield Line(f"Price unknown, and not in these sums: `{item.name}` ({item.what}).")
    fresh = [node for urn, node in both.after.items() if node.type.startswith(prices.UNKNOWN) and both.former(urn) is None]
    types = sorted({kind(node.type) for node in fresh})
    if types:
        weight = Weight.FOLDED if both.first else Weight.NOTE
        names = several(f"{sum(kind(node.type) == each for node in fresh)} × {each}" for each in types)
        yield Line(f"Not in our table of prices, and not in these sums: {names}.", weight)


def _newest() -> str:
    return max(price.seen for price in PRICES.values())


def _table() -> str:
    rows = [f"| {name} | {_where(price)} | {price.unit} | {price.source}, {price.seen} |" for name, price in PRICES.items()]
    return "\n".join(["| what | USD | for a | source |", "|---|---|---|---|", *rows])


def _where(price: prices.Price) -> str:
    amounts = {region or "everywhere": f"{usd:.7f}".rstrip("0") for region, usd in price.usd.items()}
    return ", ".join(f"{usd} ({region})" for region, usd in amounts.items())
