"""What a month costs in which nothing happens, and what the worst month may cost, before and after."""

from collections.abc import Iterator, Sequence

from scripts.preview.graph import Graph
from scripts.preview.look import StackPreview
from scripts.preview.section import Line, Section, Weight
from scripts.preview.sections import prices
from scripts.preview.sections.bills import Bill, Item, Items, bill
from scripts.preview.sections.sides import Sides, sides
from scripts.preview.sections.words import kind, listed, several

TITLE = "Cost"
_BUDGET = "gcp:billing/budget:Budget"
_WORST = "The worst month, every instance busy all the time,"
_JOBS = "The worst month of a designer's jobs, as many as may be open, all training and all served all the time,"


def section(preview: StackPreview) -> Section:
    both = sides(preview)
    if both is None:
        return Section(TITLE)
    before, after = (bill(graph, config) for graph, config in ((both.before, both.before_config), (both.after, both.after_config)))
    lines = [*_lines(before, after, both), *_unknown(before, after, both)]
    return Section(TITLE, tuple(lines), "" if before == after else _figure(before, after))


def _lines(before: Bill, after: Bill, both: Sides) -> Iterator[Line]:
    if before == after:
        yield _all("An", after, Weight.FOLDED)
    elif both.first:
        yield _all("An", after, Weight.NOTE)
    elif both.gone:
        yield _all("Until the stack is brought down, it costs what it did: an", before, Weight.NOTE)
    else:
        yield from _compared("An idle month", before.idle, after.idle)
        yield from _compared(_WORST, before.worst, after.worst)
        yield from _compared(_JOBS, before.jobs, after.jobs, _stopped(both.after))
    if before != after:
        text = "Prices are list prices in US dollars, without free quotas and discounts, each with its source and its day."
        yield Line(text, Weight.FOLDED, prices.table(" ".join(item.what for item in (*before.items, *after.items)).split()))


def _all(beginning: str, of: Bill, weight: Weight) -> Line:
    """The whole bill, where there is nothing to compare it with."""
    jobs = f"; a designer's jobs come to {_at_most(of.jobs)}" if of.jobs else ""
    parts = {"Idle": of.idle, "At worst": of.worst, "A designer's jobs at worst": of.jobs}
    more = [f"{name}:\n{_indented(_listed(items))}" for name, items in parts.items() if items]
    return Line(f"{beginning} idle month costs {_amount(of.idle)}, the worst one {_amount(of.worst)}{jobs}.", weight, listed(more))


def _at_most(items: Items) -> str:
    amount = _amount(items)
    return f"{amount} at most" if amount.startswith("≈") else amount


def _indented(block: str) -> str:
    return "\n".join(f"  {line}" for line in block.splitlines())


def _figure(before: Bill, after: Bill) -> str:
    """Of the worst month: what is idle costs next to nothing here. What is not known can only be said to be there."""
    delta = sum(_sum(new) - _sum(old) for old, new in ((before.worst, after.worst), (before.jobs, after.jobs)))
    figure = _signed(delta) + " at worst" if round(delta, 2) else _signed(_sum(after.idle) - _sum(before.idle)) + " idle"
    unknown = any(item.usd is None and item not in before.items for item in after.items)
    return f"{figure}, and what is unknown" if unknown else figure


def _compared(what: str, before: Items, after: Items, also: str = "") -> Iterator[Line]:
    names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    if names:
        causes = several(_cause(name, before.get(name), after.get(name)) for name in names)
        text = f"{what} costs {_amount(after)} (**{_difference(names, before, after)}**): {causes}.{also if _costs(after) else ''}"
        yield Line(text, Weight.NOTE, _listed(after))
    elif after:
        yield Line(f"{what} costs {_amount(after)}, as before.", Weight.FOLDED, _listed(after))


def _difference(names: Sequence[str], before: Items, after: Items) -> str:
    """Where a price is unknown on either side, so is the difference that it makes."""
    pairs = [(before.get(name), after.get(name)) for name in names]
    known = [pair for pair in pairs if not any(item and item.usd is None for item in pair)]
    parts = [_signed(sum(_usd(new) - _usd(old) for old, new in known))] if known else []
    return " and ".join(parts if len(known) == len(pairs) else [*parts, "an unknown difference"])


def _usd(item: Item | None) -> float:
    return (item.usd or 0) if item else 0


def _costs(items: Items) -> bool:
    return any(item.usd is None or item.usd > 0 for item in items.values())


def _listed(items: Items) -> str:
    return listed([f"{item.name} ({item.what}): {_dollars(item.usd)}" for item in items.values()])


def _signed(usd: float) -> str:
    return f"{'+' if usd >= 0 else '−'}{_dollars(abs(usd))}"


def _cause(name: str, old: Item | None, new: Item | None) -> str:
    if old is None or new is None:
        item = new or old
        return f"`{name}` is {'new' if new else 'gone'} ({item.what if item else ''}, {_dollars(item.usd if item else None)})"
    change = "price unknown" if old.usd is None or new.usd is None else f"{_dollars(old.usd)} → {_dollars(new.usd)}"
    return f"`{name}`: {old.what} → {new.what} ({change})" if old.what != new.what else f"`{name}`: {change}"


def _sum(items: Items) -> float:
    return sum(map(_usd, items.values()))


def _amount(items: Items) -> str:
    known = [item.usd for item in items.values() if item.usd is not None]
    if len(known) < len(items) and not any(known):
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
            return f" The budget of {amount.get('units', '?')} pauses intake, hours late."
    return " **No budget stops it.**"


def _unknown(before: Bill, after: Bill, both: Sides) -> Iterator[Line]:
    unknown = [item for item in after.items if item.usd is None and item not in before.items]
    if unknown:
        yield Line(f"Price unknown, and not in these sums: {several(f'`{item.name}` ({item.what})' for item in unknown)}.")
    fresh = [node for urn, node in both.after.items() if node.type.startswith(prices.UNKNOWN) and both.former(urn) is None]
    types = sorted({kind(node.type) for node in fresh})
    if types:
        weight = Weight.FOLDED if both.first else Weight.NOTE
        names = several(f"{sum(kind(node.type) == each for node in fresh)} × {each}" for each in types)
        yield Line(f"Not in our table of prices, and not in these sums: {names}.", weight)
