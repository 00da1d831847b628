"""Uptime checks, objectives and dashboards."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from local.provider.types import Inputs
from local.provider.validation import Failure
from local.provider.within import blocks, every, within, wrong

_US = {"USA", "USA_OREGON", "USA_IOWA", "USA_VIRGINIA"}
_LAYOUTS = ("gridLayout", "mosaicLayout", "rowLayout", "columnLayout")
_MOST_WIDGETS, _MOST_COLUMNS = 100, 48

# what a monitored resource of each kind must name
_MONITORED: Mapping[str, frozenset[str]] = {
    "uptime_url": frozenset({"host"}),
    "gae_app": frozenset({"module_id"}),
    "gce_instance": frozenset({"instance_id", "zone"}),
    "aws_ec2_instance": frozenset({"instance_id"}),
    "aws_elb_load_balancer": frozenset({"name", "region"}),
    "k8s_service": frozenset({"cluster_name", "location", "namespace_name", "service_name"}),
    "servicedirectory_service": frozenset({"location", "namespace_name", "service_name"}),
    "cloud_run_revision": frozenset({"location", "service_name"}),
}


def target(inputs: Inputs) -> Iterator[Failure]:
    """`monitoredResource` is of a kind that can be checked, and has the labels of that kind: `host` for uptime_url."""
    for path, resource in blocks(inputs, "monitoredResource"):
        kind, labels = resource.get("type"), resource.get("labels")
        if isinstance(kind, str) and kind not in _MONITORED:
            yield wrong(f"{path}.type", f"must be one of {', '.join(_MONITORED)}, not {kind!r}")
        elif isinstance(kind, str) and isinstance(labels, Mapping):
            for name in sorted(_MONITORED[kind] - set(labels)):
                yield wrong(f"{path}.labels.{name}", f"must be given with type {kind}")


def places(inputs: Inputs) -> Iterator[Failure]:
    """`selectedRegions`, where given, is from three places at least; USA stands for three."""
    for path, regions in within(inputs, "selectedRegions"):
        known = {region for region in regions if isinstance(region, str)}
        if len(known) == len(regions) and regions and len(known) + (2 if "USA" in known else 0) < 3:
            yield wrong(path, f"must name three places at least, USA counting as three, not {', '.join(sorted(known))}")
        if "USA" in known and known & (_US - {"USA"}):
            yield wrong(path, f"must not name USA and {', '.join(sorted(known & (_US - {'USA'})))} too")


def pace(inputs: Inputs) -> Iterator[Failure]:
    """`period` is 60s, 300s, 600s or 900s."""
    for path, period in within(inputs, "period"):
        if period not in ("60s", "300s", "600s", "900s"):
            yield wrong(path, f"must be one of 60s, 300s, 600s, 900s, not {period}")


def one_way_in(inputs: Inputs) -> Iterator[Failure]:
    """A check signs in with a password or as the service agent; it has a body with POST alone."""
    for path, check in blocks(inputs, "httpCheck"):
        if check.get("authInfo") is not None and check.get("serviceAgentAuthentication") is not None:
            yield wrong(f"{path}.authInfo", f"and '{path}.serviceAgentAuthentication' cannot both be given")
        if check.get("body") is not None and check.get("requestMethod", "GET") == "GET":
            yield wrong(f"{path}.body", "needs requestMethod POST")


def matchers(inputs: Inputs) -> Iterator[Failure]:
    """A check looks for one content, of at most 1024 bytes; `jsonPathMatcher` goes with a matcher of JSON."""
    given = list(blocks(inputs, "contentMatchers[]"))
    if len(given) > 1:
        yield wrong("contentMatchers", f"must have at most 1 member, not {len(given)}")
    for path, one in given:
        by_path = str(one.get("matcher", "CONTAINS_STRING")).endswith("JSON_PATH")
        if by_path != (one.get("jsonPathMatcher") is not None):
            yield wrong(f"{path}.jsonPathMatcher", f"must be {'given' if by_path else 'left out'} with matcher {one.get('matcher')}")


def ratios(inputs: Inputs) -> Iterator[Failure]:
    """A ratio is two of good, bad and total."""
    for place in ("requestBasedSli.goodTotalRatio", "windowsBasedSli.goodTotalRatioThreshold.performance.goodTotalRatio"):
        for path, ratio in blocks(inputs, place):
            given = [name for name in ("goodServiceFilter", "badServiceFilter", "totalServiceFilter") if ratio.get(name) is not None]
            if len(given) != 2:
                yield wrong(path, f"must have two of goodServiceFilter, badServiceFilter and totalServiceFilter, not {len(given)}")


def board(inputs: Inputs) -> Iterator[Failure]:
    """A dashboard is JSON with a `displayName` and one layout of at most 100 widgets; in a mosaic the tiles lie within its 1 to 48
    columns and not one upon another."""
    for path, text in within(inputs, "dashboardJson"):
        found = json.loads(text)
        layouts = [name for name in _LAYOUTS if name in found]
        if not found.get("displayName"):
            yield wrong(path, "must have a 'displayName'")
        if len(layouts) != 1:
            yield wrong(path, f"must have one of {', '.join(_LAYOUTS)}, not {' and '.join(layouts) or 'none'}")
        elif (count := _widgets(found[layouts[0]])) > _MOST_WIDGETS:
            yield wrong(path, f"must have at most {_MOST_WIDGETS} widgets, not {count}")
        elif layouts == ["mosaicLayout"]:
            yield from _mosaic(path, found["mosaicLayout"])


def _widgets(layout: Any) -> int:
    """A mosaic has one in each tile, the other layouts have lists of them."""
    if isinstance(layout, list):
        return sum(_widgets(item) for item in layout)
    if not isinstance(layout, Mapping):
        return 0
    return ("widget" in layout) + len(layout.get("widgets", ())) + sum(_widgets(layout.get(name)) for name in ("tiles", "rows", "columns"))


def _mosaic(path: str, layout: Mapping[str, Any]) -> Iterator[Failure]:
    columns, tiles = layout.get("columns", 0), layout.get("tiles", [])
    if not 1 <= columns <= _MOST_COLUMNS:
        yield wrong(path, f"must have 1 to {_MOST_COLUMNS} columns, not {columns}")
    for index, tile in enumerate(tiles):
        if tile.get("xPos", 0) + tile.get("width", 1) > columns:
            yield wrong(
                path, f"has the tile {index} of width {tile.get('width', 1)} at {tile.get('xPos', 0)}, beyond its {columns} columns"
            )
    for (one, first), (other, second) in combinations(enumerate(tiles), 2):
        if _overlap(first, second):
            yield wrong(path, f"has the tiles {one} and {other} one upon another")


def _overlap(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    return all(_meet(_span(one, *side), _span(other, *side)) for side in (("xPos", "width"), ("yPos", "height")))


def _span(tile: Mapping[str, int], start: str, size: str) -> Sequence[int]:
    return tile.get(start, 0), tile.get(start, 0) + tile.get(size, 1)


def _meet(one: Sequence[int], other: Sequence[int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


uptime = every(target, places, pace, one_way_in, matchers)
objective = every(ratios)
dashboard = every(board)
